package io.postpaid.mail;

import io.postpaid.platform.template.TemplateFiles;
import io.postpaid.platform.template.TextTemplate;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The mails of {@code templates/mail}, one folder a kind. Safe for use by many threads. */
public final class MailTemplates {
    private final TemplateFiles files;
    private final Map<String, Mail> mails = new ConcurrentHashMap<>();

    public MailTemplates(TemplateFiles files) {
        this.files = files;
    }

    /** The view's names are listed per kind in {@code templates/README.md}; values are ready to print. */
    public MailText render(String kind, Map<String, ?> view) {
        var mail = mails.computeIfAbsent(kind, this::load);
        return new MailText(
                oneLine(mail.subject().render(view)),
                mail.text().render(view).strip() + "\n",
                mail.html().render(view));
    }

    private Mail load(String kind) {
        if (!files.exists("mail/" + kind + "/subject.txt")) {
            throw new IllegalArgumentException("no mail of the kind '" + kind + "' in templates/mail");
        }
        return new Mail(
                TextTemplate.plain(files, "mail/" + kind + "/subject.txt"),
                TextTemplate.plain(files, "mail/" + kind + "/body.txt"),
                TextTemplate.html(files, "mail/" + kind + "/body.html"));
    }

    /** A line break in a name must not become a header of its own. */
    private static String oneLine(String subject) {
        return subject.replaceAll("[\\p{Cntrl}\\u0085\\u2028\\u2029\\s]+", " ").strip();
    }

    private record Mail(TextTemplate subject, TextTemplate text, TextTemplate html) {}
}
