package io.postpaid.web.portal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postpaid.account.Accounts;
import io.postpaid.books.report.Check;
import io.postpaid.books.report.Verification;
import io.postpaid.platform.audit.AuditLog;
import io.postpaid.support.CommandLine;
import io.postpaid.support.TestApplication;
import io.postpaid.web.key.ApiKeys;
import io.postpaid.web.key.Role;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.dao.DataAccessException;

/** Each change has its entry, whoever makes it; and nobody changes the log unseen. */
class AuditTest {
    private static final Instant NOW = Instant.parse("2026-10-01T10:00:00Z");
    private static final String ACCOUNTS = """
            id,name,email,free_credit
            acme,Acme,billing@acme.test,20
            """;

    @TempDir
    private Path home;

    @Test
    void aCommandIsWrittenDownAsItWasTyped() throws IOException {
        var postpaid = new CommandLine(home.resolve("home")).at("2026-10-01T10:00:00Z");
        var file = Files.writeString(home.resolve("accounts.csv"), ACCOUNTS);
        postpaid.must("accounts", "import", file.toString());
        postpaid.at("2026-10-02T10:00:00Z").must("accounts", "limit", "acme", "250");
        postpaid.must("credits", "grant", "acme", "5", "--kind", "GOODWILL");
        var key = postpaid.must("keys", "create", "--operator", "--json").json();
        postpaid.must("keys", "revoke", key.get("id").asString());

        var user = System.getProperty("user.name");
        var entries = postpaid.must("audit", "--account", "acme", "--from", "2026-10-02", "--json")
                .json();
        assertThat(entries).hasSize(4);
        assertThat(entries.get(0).toString())
                .isEqualTo("{\"id\":2,\"at\":\"2026-10-02T10:00:00Z\",\"who\":\"" + user
                        + "\",\"source\":\"postpaid accounts limit acme 250\",\"what\":\"account\",\"item\":\"acme\","
                        + "\"account\":\"acme\",\"change\":\"UPDATE\",\"before\":{\"monthly_limit\":100.0},"
                        + "\"after\":{\"monthly_limit\":250}}");
        assertThat(entries.get(1).get("after").toString())
                .isEqualTo("{\"event\":\"LIMIT_SET\",\"detail\":\"250 USD: set by an operator\"}");
        assertThat(entries.get(2).get("after").toString())
                .isEqualTo("{\"kind\":\"GOODWILL\",\"amount\":5.0,\"currency\":\"USD\"}");
        assertThat(postpaid.must("audit", "--to", "2026-10-01").out())
                .contains("postpaid accounts import /", "currency: – → USD, email: – → billing@acme.test")
                .doesNotContain("city");
        assertThat(postpaid.must("audit", "--from", "2026-11-01").out())
                .isEqualToIgnoringNewLines("Nothing was changed");
        assertThat(postpaid.must("audit", "--from", "2026-10-02").out())
                .contains("postpaid keys create --operator", "postpaid keys revoke")
                .doesNotContain("SQL");
        assertThat(postpaid.must("verify").out()).contains("in 5 blocks");
    }

    @Test
    void callsPagesAndRunsAreWrittenDownWithWhoMadeThem() throws IOException {
        try (var application = TestApplication.serving(home, NOW, Map.of())) {
            application.get(Accounts.class).importFile(Files.writeString(home.resolve("accounts.csv"), ACCOUNTS));
            var key = application.get(ApiKeys.class).ofOperator("", Role.OPERATOR);
            var before = entries(application).size();
            application
                    .http(key.secret())
                    .send(
                            "PUT",
                            "/v1/accounts/beta",
                            "{\"name\":\"Beta\",\"email\":\"b@beta.test\"}".getBytes(StandardCharsets.UTF_8),
                            Map.of("Content-Type", "application/json"))
                    .is(201);
            signedIn(application).submit("/billing/limit/cap", Map.of("cap", "50"));
            application.nightly(LocalDate.parse("2026-10-01"));

            var port = application.http(null).port();
            assertThat(entries(application).stream()
                            .skip(before)
                            .map(entry -> entry.who() + " | " + entry.source().replace(":" + port, "") + " | "
                                    + entry.what() + " " + entry.item() + " " + entry.before() + " → " + entry.after()))
                    .contains(
                            "customer acme | POST /billing/limit/cap from 127.0.0.1 | account acme {} → {\"spending_cap\":50}",
                            "system |  | batch_job_execution 1 {} → {\"job_instance_id\":1}")
                    .anyMatch(entry -> entry.startsWith(
                            "key " + key.key().id() + " | PUT /v1/accounts/beta from 127.0.0.1 | account beta {} →"))
                    .noneMatch(entry -> entry.startsWith("SQL"));
        }
    }

    @Test
    void nobodyChangesTheLogUnseen() throws IOException {
        try (var application = new TestApplication(home, NOW)) {
            application.get(Accounts.class).importFile(Files.writeString(home.resolve("accounts.csv"), ACCOUNTS));
            var jdbc = application.jdbc();
            jdbc.sql("update account set monthly_limit = 1000000").update();
            assertThat(entries(application)).extracting(AuditLog.Entry::who).containsExactly("system", "SQL postgres");
            assertThat(log(application).holds()).isTrue();

            assertThatThrownBy(() -> jdbc.sql("delete from audit_entry").update())
                    .isInstanceOf(DataAccessException.class);
            application.jdbc().sql("""
                        set session_replication_role = replica;
                        update audit_entry set who = 'somebody else' where id = 2;
                        set session_replication_role = origin""").update();
            assertThat(log(application).examples()).containsExactly("block 2 does not have the entries that it sealed");
        }
    }

    private static Check log(TestApplication application) {
        return application.get(Verification.class).run().stream()
                .filter(check -> check.name().equals("audit-log"))
                .findFirst()
                .orElseThrow();
    }

    private static List<AuditLog.Entry> entries(TestApplication application) {
        var entries = new ArrayList<AuditLog.Entry>();
        application.get(AuditLog.class).each(null, null, null, entries::add);
        return entries;
    }

    private static Browser signedIn(TestApplication application) {
        var link = application.get(PortalLinks.class).make("acme", Duration.ofHours(1), null);
        var browser = new Browser(application.http(null).port());
        browser.get(link.url().substring(link.url().indexOf("/billing")));
        browser.submit("/billing/sign-in/link", Map.of());
        browser.get("/billing/limit");
        return browser;
    }
}
