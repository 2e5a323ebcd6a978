package io.postpaid.billing.document;

import io.postpaid.platform.template.TemplateFiles;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;

/** The languages that documents are printed in: those with {@code templates/invoice/phrases.<language>.yaml}. */
@Component
class Languages {
    private static final Pattern CODE = Pattern.compile("[A-Za-z]{2,3}(-[A-Za-z0-9]+)*");

    private final TemplateFiles templates;
    private final String own;
    private final Map<String, Language> known = new ConcurrentHashMap<>();

    Languages(TemplateFiles templates) {
        this.templates = templates;
        this.own = Look.load(templates).language();
        known.put(own, load(own));
    }

    /** That of the layout. */
    Language own() {
        return of(own);
    }

    /** The one that is wanted, or the same of no country, or the layout's own. */
    Language of(String wanted) {
        var code = List.of(wanted, wanted.split("-", 2)[0]).stream()
                .filter(one -> CODE.matcher(one).matches() && templates.exists(file(one)))
                .findFirst()
                .orElse(own);
        return known.computeIfAbsent(code, this::load);
    }

    private Language load(String code) {
        var phrases = templates.yaml(file(code), Phrases.class);
        return new Language(code, phrases, new Figures(Locale.forLanguageTag(phrases.locale()), phrases.date()));
    }

    private static String file(String code) {
        return "invoice/phrases." + code + ".yaml";
    }
}
