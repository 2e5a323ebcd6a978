package io.postpaid.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.postpaid.platform.template.TemplateFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MailTemplatesTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z0-9-]+)` \\| [^|]+ \\|(.*)\\|$");
    private static final Pattern VARIABLE = Pattern.compile("`([a-z_.]+)`");
    private static final MailTemplates MAILS = new MailTemplates(TemplateFiles.builtIn());

    static Stream<String> kinds() throws Exception {
        return documented().keySet().stream();
    }

    @Test
    void documentsEveryKind() throws Exception {
        try (var folders = Files.list(Path.of("templates/mail"))) {
            assertThat(folders.filter(Files::isDirectory)
                            .map(folder -> folder.getFileName().toString()))
                    .hasSize(27)
                    .containsExactlyInAnyOrderElementsOf(documented().keySet());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"payment-succeeded", "invoice-covered", "amount-carried", "credit-note"})
    void mailsThatBringADocumentAreWrittenInGermanToo(String kind) throws Exception {
        var view = view(kind, "Acme LLC");
        view.put("language", "de-AT");
        var mail = MAILS.render(kind, view);
        assertThat(mail.subject()).contains("echnung").doesNotContain("{", "}");
        assertThat(mail.text())
                .contains("Guten Tag Acme LLC,", "Zur Rechnung:\nhttps://pay.example/1\n", "Fragen?")
                .doesNotContain("{{", "}}", "Hello", "\n\n\n");
        assertThat(mail.html())
                .contains("lang=\"de\"", "Zur Rechnung", "</html>")
                .doesNotContain("{{", "}}", "Hello");
        view.put("language", "../de");
        assertThat(MAILS.render(kind, view).text()).contains("Hello Acme LLC,");
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void rendersWithTheDocumentedVariablesOnly(String kind) throws Exception {
        var view = view(kind, "Acme LLC");
        var mail = MAILS.render(kind, view);
        assertThat(mail.subject()).isNotBlank().doesNotContain("{", "}");
        assertThat(mail.text())
                .contains("Hello Acme LLC,", "Aurora Voice API Oy", "billing@auroravoice.example")
                .doesNotContain("{{", "}}", "&#", "<p", "\n\n\n");
        if (kind.equals("payment-failed")) {
            Files.createDirectories(Path.of("target"));
            Files.writeString(Path.of("target/payment-failed.html"), mail.html()); // to be looked at
        }
        assertThat(mail.html()).contains("Hello Acme LLC,", "</html>").doesNotContain("{{", "}}");
        assertThat(mail.text()).contains(":\nhttps://pay.example/1\n");
        assertThat(mail.html()).contains("href=\"https://pay.example/1\"");
        view.put("page_url", "");
        var without = MAILS.render(kind, view);
        assertThat(without.text()).doesNotContain("https://pay", "\n\n\n");
        assertThat(without.html()).doesNotContain("Or open this address");
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void usesEveryDocumentedVariable(String kind) throws Exception {
        var text = new StringBuilder();
        for (var file : new String[] {kind + "/subject.txt", kind + "/body.txt", kind + "/body.html"}) {
            text.append(TemplateFiles.builtIn().text("mail/" + file));
        }
        text.append(TemplateFiles.builtIn().text("mail/invoice.txt"));
        text.append(TemplateFiles.builtIn().text("mail/month.txt"));
        for (var variable : documented().getOrDefault(kind, "").split(" ")) {
            assertThat(text.toString()).contains(variable);
        }
    }

    @Test
    void takesMarkupInNamesForText() throws Exception {
        var mail = MAILS.render("payment-succeeded", view("payment-succeeded", "<b>Evil & Co</b>"));
        assertThat(mail.html()).contains("&lt;b&gt;Evil &amp; Co&lt;").doesNotContain("<b>Evil");
        assertThat(mail.text()).contains("Hello <b>Evil & Co</b>,");
    }

    @Test
    void keepsTheSubjectOnOneLine() throws Exception {
        var view = view("payment-failed", "Acme");
        view.put("card", "Visa\r\nBcc: everyone@acme.example\u0000\u2028");
        assertThat(MAILS.render("payment-failed", view).subject())
                .isEqualTo("We could not charge Visa Bcc: everyone@acme.example for invoice 1 of invoice.number");
    }

    @Test
    void leavesOutTheNextTryWhenThereIsNone() throws Exception {
        var view = view("payment-failed", "Acme");
        view.put("next_try_on", "");
        assertThat(MAILS.render("payment-failed", view).text()).doesNotContain("try the same card again");
    }

    @Test
    void namesTheVariableThatIsMissing() throws Exception {
        var view = view("payment-succeeded", "Acme");
        view.remove("card");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MAILS.render("payment-succeeded", view))
                .withMessageContaining("templates/mail/payment-succeeded/body.txt")
                .withMessageContaining("'card'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MAILS.render("no-such-mail", Map.of()))
                .withMessageContaining("no-such-mail");
    }

    /** Kind to variables, as the README tells them. */
    private static Map<String, String> documented() throws Exception {
        var kinds = new TreeMap<String, String>();
        var mails = Files.readString(Path.of("templates/README.md")).split("\n## ")[0];
        var rows = ROW.matcher(mails);
        while (rows.find()) {
            kinds.put(
                    rows.group(1),
                    VARIABLE.matcher(rows.group(2))
                            .results()
                            .map(found -> found.group(1))
                            .collect(Collectors.joining(" ")));
        }
        return kinds;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> view(String kind, String accountName) throws Exception {
        var view = new HashMap<String, Object>();
        view.put(
                "seller",
                Map.of(
                        "name", "Aurora Voice API Oy",
                        "email", "billing@auroravoice.example",
                        "web", "https://auroravoice.example"));
        view.put("account", Map.of("name", accountName, "id", "acme"));
        view.put("page_url", "https://pay.example/1");
        for (var variable : documented().getOrDefault(kind, "").split(" ")) {
            var parts = variable.split("\\.");
            if (parts.length == 2) {
                ((Map<String, Object>) view.computeIfAbsent(parts[0], part -> new HashMap<String, Object>()))
                        .put(parts[1], "1 of " + variable);
            } else if (variable.equals("accounts")) {
                view.put(variable, List.of(Map.of("name", "Bolt", "id", "bolt", "url", "https://bolt.example/1")));
            } else if (!variable.isEmpty()) {
                view.put(variable, "1 of " + variable);
            }
        }
        return view;
    }
}
