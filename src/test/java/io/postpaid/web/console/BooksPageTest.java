package io.postpaid.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.account.Accounts;
import io.postpaid.books.report.Proofs;
import io.postpaid.support.TestApplication;
import io.postpaid.web.key.ApiKeys;
import io.postpaid.web.key.Role;
import io.postpaid.web.portal.Browser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.transaction.support.TransactionTemplate;

/** The books are checked by a button, and the page shows what was found. */
@NullUnmarked
class BooksPageTest {
    @TempDir
    Path home;

    private TestApplication application;

    @BeforeEach
    void serve() throws IOException {
        application = TestApplication.serving(home, Instant.parse("2026-11-01T10:00:00Z"), Map.of());
        application.get(Accounts.class).importFile(Files.writeString(home.resolve("accounts.csv"), """
                id,name,email
                acme,Acme,acme@acme.test
                """));
    }

    @AfterEach
    void close() {
        application.close();
    }

    private Browser as(Role role) {
        return ConsoleTest.signedIn(
                application, application.get(ApiKeys.class).ofOperator("", role).secret());
    }

    private Browser.Page checked(Browser operator) {
        operator.get("/console/books");
        assertThat(operator.submit("/console/books/check", Map.of()).location()).endsWith("/console/books");
        var until = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        Browser.Page page;
        do {
            page = operator.get("/console/books");
            assertThat(page.status()).isEqualTo(200);
        } while (page.body().contains("is being checked since") && System.nanoTime() < until);
        return page;
    }

    @Test
    void whatACheckFoundIsShownWithItsAgeAndABrokenRuleWithExamples() {
        var made = application.get(ApiKeys.class).ofOperator("", Role.OPERATOR);
        var operator = ConsoleTest.signedIn(application, made.secret());
        assertThat(operator.get("/console/books").text()).contains("The books were not checked yet.");
        var checked = checked(operator);
        int invariants = invariants();
        assertThat(checked.text())
                .contains(
                        "All " + invariants + " invariants hold. Checked 2026-11-01 10:00:00.",
                        "files-tie-out For every file, lines = accepted + duplicates + quarantined + left out.",
                        "yes 0 files: lines 0 = accepted 0 + duplicates 0 + quarantined 0 + left out 0 0.0 s");
        assertThat(application
                        .jdbc()
                        .sql("select who || ', ' || source || ', ' || after from audit_entry where what = 'proof'")
                        .query(String.class)
                        .list())
                .containsExactly("key " + made.key().id()
                        + ", POST /console/books/check from 127.0.0.1, {\"broken\": 0, \"invariants\": " + invariants
                        + "}");

        application.moveTo(Instant.parse("2026-11-01T12:05:00Z"));
        assertThat(operator.get("/console/books").text()).contains("left out 0 2 h 5 min");
        breakAFile();
        assertThat(operator.get("/console/books").text()).contains("All " + invariants + " invariants hold.");
        var broken = checked(operator);
        assertThat(broken.text())
                .contains(
                        "1 of " + invariants + " invariants are broken. Checked 2026-11-01 12:05:00.",
                        "no 1 files: lines 5 = accepted 0 + duplicates 0 + quarantined 0 + left out 0 1 broken, such as:",
                        "file 1 (&lt;script&gt;x&lt;/script&gt;): 5 lines, but 0 accepted, 0 duplicates, 0 quarantined, 0 left out");
        assertThat(broken.body()).doesNotContain("<script>x");
    }

    private int invariants() {
        int found = application.get(Proofs.class).latest().size();
        assertThat(found).isGreaterThan(40);
        return found;
    }

    /** With the constraints of the table out of the way, as a faulty disk would. */
    private void breakAFile() {
        application.get(TransactionTemplate.class).executeWithoutResult(status -> {
            application
                    .jdbc()
                    .sql("alter table usage_file drop constraint usage_file_ties_out")
                    .update();
            application.jdbc().sql("""
                            insert into usage_file (name, format, started_at, lines)
                            values ('<script>x</script>', 'ndjson', '2026-11-01T10:00Z', 5)""").update();
        });
    }

    @Test
    void viewersSeeTheResultOfACommandAndCheckNothing() {
        application.get(Proofs.class).prove();
        var viewer = as(Role.VIEWER);
        var page = viewer.get("/console/books");
        assertThat(page.text())
                .contains("All " + invariants() + " invariants hold.")
                .doesNotContain("Check now");
        assertThat(viewer.postWithToken("/console/books/check", Map.of()).status())
                .isEqualTo(403);
        // A check that was named otherwise by an older version is gone with the next.
        application
                .jdbc()
                .sql("update verified set name = 'older' where name = 'held'")
                .update();
        application.get(Proofs.class).prove();
        assertThat(viewer.get("/console/books").text()).contains(" held ").doesNotContain(" older ");
    }
}
