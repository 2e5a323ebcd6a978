package io.postpaid.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.account.Accounts;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.file.Sha256;
import io.postpaid.pricing.pricebook.PriceBooks;
import io.postpaid.support.TestApplication;
import io.postpaid.web.key.ApiKeys;
import io.postpaid.web.key.Role;
import io.postpaid.web.portal.Browser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A month is closed by a button once nothing blocks it, and opened again by an approver who says why. */
@NullUnmarked
class ClosePagesTest {
    private static final String OCTOBER = "/console/close/2026-10";

    @TempDir
    Path home;

    private TestApplication application;
    private String key;
    private Browser operator;

    @BeforeEach
    void october() throws IOException {
        application = TestApplication.serving(home, Instant.parse("2026-10-01T09:00:00Z"), Map.of());
        application.get(Accounts.class).importFile(Files.writeString(home.resolve("accounts.csv"), """
                id,name,email,country,currency,free_credit,monthly_limit
                alpha,Alpha,a@alpha.example,US,USD,5,1000
                """));
        application.get(PriceBooks.class).importFile(Files.writeString(home.resolve("prices.yaml"), """
                currency: USD
                products: {image: {unit: image}}
                prices: [{product: image, effective_from: 2026-01-01, amount: "0.0125"}]
                """));
        Files.writeString(Files.createDirectories(home.resolve("inbox")).resolve("october.ndjson"), """
                {"id":"1","account":"alpha","product":"image","quantity":"1001","occurred_at":"2026-10-03T12:00:00Z"}
                """);
        application.moveTo(Instant.parse("2026-11-01T10:00:00Z"));
        application.nightly(LocalDate.of(2026, 11, 1));
        var made = application.get(ApiKeys.class).ofOperator("", Role.OPERATOR);
        key = "key " + made.key().id();
        operator = ConsoleTest.signedIn(application, made.secret());
    }

    @AfterEach
    void close() {
        application.close();
    }

    private Browser as(Role role) {
        return ConsoleTest.signedIn(
                application, application.get(ApiKeys.class).ofOperator("", role).secret());
    }

    private void billed() {
        application.monthly(BillingPeriod.parse("2026-10"));
    }

    private Browser.Page closed() {
        operator.get(OCTOBER + "?checked=yes");
        var begun = operator.submit(OCTOBER + "/close", Map.of());
        assertThat(begun.status()).as(begun.text()).isEqualTo(303);
        var path = begun.location().replaceFirst("^https?://[^/]+", "");
        var until = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        Browser.Page page;
        do {
            page = operator.get(path);
            assertThat(page.status()).isEqualTo(200);
        } while (page.body().contains("is being closed") && System.nanoTime() < until);
        return page;
    }

    @Test
    void whatBlocksAMonthIsListedWithWhatHelps() {
        // Whatever the schedule has done meanwhile is not of interest here.
        var november = operator.get("/console/close/2026-11");
        assertThat(november.text()).contains("not over yet", "can be closed from the first day of the next one on");
        assertThat(operator.postWithToken("/console/close/2026-11/close", Map.of())
                        .text())
                .contains("2026-11 is not over: its books stay open.");
        billed();
        application.jdbc().sql("""
                        insert into held (step, item, account, period, reason, detail, first_at, last_at, runs)
                        values ('draft-invoices', 'alpha', 'alpha', '2026-10-01', '<script>x', '', now(), now(), '{1}')""").update();

        assertThat(operator.get(OCTOBER).text())
                .contains("Close of 2026-10 open", "is worked out now. Show it")
                .doesNotContain("Close this month");
        var blocked = operator.get(OCTOBER + "?checked=yes");
        assertThat(blocked.text())
                .contains(
                        "Accounts are held from billing 1 alpha: &lt;script&gt;x ./postpaid held open",
                        "Revenue of usage USD 12.5125 rated usage 12.5125 0.00")
                .doesNotContain("Close this month");
        assertThat(operator.get("/console/runs/1").text()).contains("&lt;script&gt;x");
        var refused = operator.postWithToken(OCTOBER + "/close", Map.of());
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text())
                .contains("2026-10 cannot be closed. Accounts are held from billing: alpha: &lt;script&gt;x");
    }

    @Test
    void aMonthIsClosedAndWhatWasKeptOfItIsHandedOut() throws IOException {
        billed();
        assertThat(operator.get("/console/close").text()).contains("2026-11 not over yet", "2026-10 open");

        var page = closed();
        assertThat(page.text())
                .contains(
                        "Close of 2026-10 closed",
                        "closed 2026-11-01 10:00:00 by " + key,
                        "Revenue of usage USD 12.5125 rated usage 12.5125 0.00",
                        "Credit used USD 5.00 credit that covers the month&#39;s cost 5.00 0.00",
                        "revenue-waterfall.csv")
                .doesNotContain("Close this month", "Open it again");
        assertThat(operator.get("/console/close").text()).contains("2026-10 closed 2026-11-01 10:00:00 " + key);

        var file = operator.get(OCTOBER + "/files/revenue-waterfall.csv");
        assertThat(file.header("Content-Disposition")).contains("attachment", "2026-10-revenue-waterfall.csv");
        assertThat(page.body()).contains(Sha256.of(file.body().getBytes(StandardCharsets.UTF_8)));
        for (var other : new String[] {
            "nothing.csv", "..%2f..%2faccounts.csv", "..", "revenue-waterfall.csv%00", "%2fetc%2fpasswd"
        }) {
            assertThat(operator.get(OCTOBER + "/files/" + other).status())
                    .as(other)
                    .isIn(400, 404);
        }
        var onDisk = home.resolve("reports/2026-10/revenue-waterfall.csv");
        Files.writeString(onDisk, "mended by hand");
        var changed = operator.get(OCTOBER + "/files/revenue-waterfall.csv");
        assertThat(changed.status()).isEqualTo(409);
        assertThat(changed.text())
                .contains("This is not the file that was kept", "reports/2026-10/revenue-waterfall.csv is")
                .doesNotContain("mended by hand");
        Files.delete(onDisk);
        assertThat(operator.get(OCTOBER + "/files/revenue-waterfall.csv").text())
                .contains("is not there: ./postpaid report --period 2026-10 writes it again.");

        assertThat(page.text())
                .contains("1 2026-11-01 10:00:00 2 4 USD 17.51 CSV · Xero · QuickBooks · NetSuite · DATEV");
        for (var format : new String[] {"csv", "xero", "quickbooks", "netsuite", "datev"}) {
            var journal = operator.get(OCTOBER + "/journals/1/" + format);
            assertThat(journal.status()).as(journal.text()).isEqualTo(200);
            assertThat(journal.header("Content-Disposition"))
                    .contains(
                            "attachment",
                            (format.equals("datev") ? "EXTF_" : "") + "journal-2026-10-1-" + format + ".csv");
            assertThat(journal.body()).contains(format.equals("csv") ? "12.51" : "2026");
        }
        for (var other : new String[] {"2/csv", "0/csv", "1/ods", "x/csv", "1/..%2fcsv", "99999999999/csv"}) {
            assertThat(operator.get(OCTOBER + "/journals/" + other).status())
                    .as(other)
                    .isEqualTo(400);
        }

        var again = operator.postWithToken(OCTOBER + "/close", Map.of());
        assertThat(again.status()).isEqualTo(400);
        assertThat(again.text()).contains("2026-10 is closed already, and stays as it is.");
    }

    @Test
    void onlyAnApproverOpensAMonthAgainAndSaysWhy() {
        billed();
        closed();
        var typed = Map.of("month", "2026-10", "reason", "<script>x</script>");
        var viewer = as(Role.VIEWER);
        assertThat(viewer.get(OCTOBER).text())
                .contains("Figures, and what they tied to")
                .doesNotContain("Open it again");
        assertThat(viewer.postWithToken(OCTOBER + "/reopen", typed).status()).isEqualTo(403);
        assertThat(viewer.postWithToken(OCTOBER + "/close", Map.of()).status()).isEqualTo(403);
        operator.get(OCTOBER);
        assertThat(operator.postWithToken(OCTOBER + "/reopen", typed).status()).isEqualTo(403);

        var approver = as(Role.APPROVER);
        approver.get(OCTOBER);
        assertThat(approver.submit(OCTOBER + "/reopen", Map.of("month", "2026-01", "reason", "x"))
                        .text())
                .contains("Type 2026-10 to confirm that it is this month");
        approver.get(OCTOBER);
        assertThat(approver.submit(OCTOBER + "/reopen", Map.of("month", "2026-10", "reason", " "))
                        .text())
                .contains("Say why: a reason is kept with the change");
        assertThat(approver.get(OCTOBER).text()).contains("Close of 2026-10 closed");
        assertThat(approver.submit(OCTOBER + "/reopen", typed).text()).contains("2026-10 is open again");

        var months = approver.get("/console/close");
        assertThat(months.text()).contains("2026-10 opened again", "&lt;script&gt;x&lt;/script&gt;");
        assertThat(months.body()).doesNotContain("<script>x");
        assertThat(approver.get(OCTOBER).body()).contains("&lt;script&gt;x").doesNotContain("<script>x");
        assertThat(application
                        .jdbc()
                        .sql("select who || ' ' || source from audit_entry where what = 'ledger_reopening'")
                        .query(String.class)
                        .single())
                .startsWith("key ")
                .contains("POST " + OCTOBER + "/reopen");

        assertThat(closed().text()).contains("Close of 2026-10 closed", "2 2026-11-01 10:00:00 " + key);
    }

    @Test
    void thereIsNoPageOfAMonthThatIsNone() {
        for (var month : new String[] {
            "2026-12",
            "2027-01",
            "2026-13",
            "2025-01",
            "0000-01",
            "-99999-01",
            "+999999999-01",
            "october",
            "%3Cscript%3E",
            "2026-10'",
            "2026-10%00"
        }) {
            var path = "/console/close/" + month;
            assertThat(operator.get(path).status()).as(month).isIn(400, 404);
            assertThat(operator.postWithToken(path + "/close", Map.of()).status())
                    .as(month)
                    .isIn(400, 404);
            assertThat(operator.get(path + "/files/tax.csv").status()).as(month).isIn(400, 404);
            assertThat(operator.get("/console/close?before=" + month).status())
                    .as(month)
                    .isIn(400, 404);
        }
        assertThat(operator.get("/console/close?before=2026-10").text()).contains("There are no earlier months.");
    }
}
