package io.postpaid.billing.document;

import io.postpaid.platform.checkup.Checkup;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** Which scripts can be printed on invoices: whose name is of another is held until a font is there. */
@Component
@Order(6)
class FontCheckup implements Checkup {
    private record Script(String name, String sample) {}

    private static final List<Script> SCRIPTS = List.of(
            new Script("Latin", "Žø"),
            new Script("Greek", "Ω"),
            new Script("Cyrillic", "Ж"),
            new Script("Arabic", "ع"),
            new Script("Hebrew", "ש"),
            new Script("Devanagari", "अ"),
            new Script("Thai", "ก"),
            new Script("Chinese", "中"),
            new Script("Japanese", "か"),
            new Script("Korean", "한"));

    private final ObjectProvider<PdfRenderer> renderer;

    FontCheckup(ObjectProvider<PdfRenderer> renderer) {
        this.renderer = renderer;
    }

    @Override
    public String of() {
        return "fonts";
    }

    @Override
    public String look() {
        var printer = renderer.getObject();
        var printed = names(script -> prints(printer, script));
        var missing = names(script -> !prints(printer, script));
        return "print " + printed
                + (missing.isEmpty()
                        ? ""
                        : "; not " + missing + ": fonts-noto-core and fonts-noto-cjk of Debian have these");
    }

    private static String names(Predicate<Script> wanted) {
        return SCRIPTS.stream().filter(wanted).map(Script::name).collect(Collectors.joining(", "));
    }

    private static boolean prints(PdfRenderer renderer, Script script) {
        try {
            renderer.letters("", script.sample).check("sample", script.sample);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
