package io.postpaid.mail;

import io.postpaid.platform.template.TemplateFiles;
import io.postpaid.platform.template.TextTemplate;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The mails of {@code templates/mail}, one folder a kind. Safe for use by many threads. */
public final class MailTemplates {
    private static final Pattern LANGUAGE = Pattern.compile("[A-Za-z]{2,3}(-[A-Za-z0-9]+)*");

    private final TemplateFiles files;
    private final Map<String, Mail> mails = new ConcurrentHashMap<>();

    public MailTemplates(TemplateFiles files) {
        this.files = files;
    }

    /** The view's names are listed per kind in {@code templates/README.md}; values are ready to print. */
    public MailText render(String kind, Map<String, ?> view) {
        var mail = mails.computeIfAbsent(kind + suffix(kind, view.get("language")), this::load);
        return new MailText(
                oneLine(mail.subject().render(view)),
                mail.text().render(view).strip() + "\n",
                mail.html().render(view));
    }

    /** As {@code .de} for a language that the mail is written in, also where a country is named with it; else nothing. */
    private String suffix(String kind, @Nullable Object language) {
        if (!(language instanceof String wanted)) return "";
        return Stream.of(wanted, wanted.split("-", 2)[0])
                .filter(one -> LANGUAGE.matcher(one).matches())
                .map(one -> "." + one)
                .filter(one -> files.exists("mail/" + kind + "/subject" + one + ".txt"))
                .findFirst()
                .orElse("");
    }

    /** @param name the kind, and the suffix of its language */
    private Mail load(String name) {
        var parts = name.split("\\.", 2);
        var folder = "mail/" + parts[0] + "/";
        var suffix = parts.length == 1 ? "" : "." + parts[1];
        if (!files.exists(folder + "subject" + suffix + ".txt")) {
            throw new IllegalArgumentException("no mail of the kind '" + parts[0] + "' in templates/mail");
        }
        return new Mail(
                TextTemplate.plain(files, folder + "subject" + suffix + ".txt"),
                TextTemplate.plain(files, folder + "body" + suffix + ".txt"),
                TextTemplate.html(files, folder + "body" + suffix + ".html"));
    }

    /** A line break in a name must not become a header of its own. */
    private static String oneLine(String subject) {
        return subject.replaceAll("[\\p{Cntrl}\\u0085\\u2028\\u2029\\s]+", " ").strip();
    }

    private record Mail(TextTemplate subject, TextTemplate text, TextTemplate html) {}
}
