package io.postpaid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.support.CommandLine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorCommandTest {
    @TempDir
    private Path folder;

    @Test
    void whatIsThereIsWell() {
        var found = findings(new CommandLine(folder.resolve("home")).with("POSTPAID_NOW", ""));
        // The tests' own server does not wait for the disk.
        assertThat(found.remove("PostgreSQL"))
                .isEqualTo(
                        "NO: PostgreSQL can lose what was committed: set fsync, full_page_writes, synchronous_commit to on"
                                + " in its postgresql.conf");
        assertThat(found.keySet())
                .containsExactly("JDK", "Stripe", "SMTP", "clock", "fonts", "disk", "templates", "alarms");
        assertThat(found.values()).allMatch(text -> text.startsWith("yes: "));
        assertThat(found)
                .containsEntry("clock", "yes: as the database's")
                .hasEntrySatisfying(
                        "Stripe", text -> assertThat(text).endsWith("takes the key, which charges no real card"))
                .hasEntrySatisfying("fonts", text -> assertThat(text).startsWith("yes: print Latin, Greek, Cyrillic"));
    }

    @Test
    void whatFailsIsNamedAndKeepsNothingElseFromBeingLookedAt() throws Exception {
        var templates = Files.createDirectories(folder.resolve("templates"));
        Files.writeString(templates.resolve("currencies.yaml"), "wrong: yes\n");
        var found = findings(new CommandLine(folder.resolve("home"))
                .at("2026-11-01T09:00:00Z")
                .with("STRIPE_API_KEY", "sk_test_secret")
                .with("STRIPE_API_BASE", "http://127.0.0.1:1")
                .with("spring.mail.host", "127.0.0.1")
                .with("spring.mail.port", "1")
                .with("spring.datasource.url", "jdbc:postgresql://127.0.0.1:1/postpaid")
                .with("spring.datasource.hikari.connection-timeout", "500")
                .with("POSTPAID_TEMPLATES", templates.toString()));
        assertThat(found.get("PostgreSQL")).startsWith("NO: No PostgreSQL answers: check that it runs");
        assertThat(found.get("Stripe")).startsWith("NO: Stripe at http://127.0.0.1:1 did not answer");
        assertThat(found.get("SMTP")).startsWith("NO: The mail server at 127.0.0.1:1 does not answer");
        assertThat(found.get("templates")).startsWith("NO: templates/currencies.yaml: ");
        assertThat(found.get("clock")).isEqualTo("yes: 2026-11-01T09:00:00Z, where POSTPAID_NOW makes it stand still");
        assertThat(found.toString()).doesNotContain("sk_test_secret");
    }

    private static Map<String, String> findings(CommandLine postpaid) {
        var result = postpaid.run("doctor", "--json");
        assertThat(result.exitCode()).as(result.err()).isEqualTo(1);
        var found = new LinkedHashMap<String, String>();
        for (var each : result.json()) {
            var well = each.get("well").booleanValue() ? "yes: " : "NO: ";
            found.put(each.get("of").stringValue(), well + each.get("found").stringValue());
        }
        return found;
    }
}
