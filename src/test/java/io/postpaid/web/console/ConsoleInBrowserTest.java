package io.postpaid.web.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postpaid.account.Accounts;
import io.postpaid.account.LimitRequests;
import io.postpaid.books.report.Proofs;
import io.postpaid.payments.bank.BankStatements;
import io.postpaid.platform.batch.RunFailedException;
import io.postpaid.usage.intake.Ingestion;
import io.postpaid.web.key.ApiKeys;
import io.postpaid.web.key.Role;
import io.postpaid.web.portal.Chromium;
import io.postpaid.web.portal.SampleMonths;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The console in a browser: how it looks, and what operators do on it, without any script unless it says so. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@EnabledIf(value = "io.postpaid.web.portal.Chromium#installed", disabledReason = Chromium.NEEDED)
class ConsoleInBrowserTest {
    private static final Path PICTURES = Path.of("target/screenshots");
    private static final int DESKTOP = 1160;
    private static final int PHONE = 360;

    private SampleMonths months;
    private Chromium browser;

    @BeforeAll
    void open(@TempDir Path home) throws IOException {
        Files.createDirectories(PICTURES);
        months = new SampleMonths(home);
        months.application()
                .get(LimitRequests.class)
                .ask(SampleMonths.NEAR_LIMIT, new BigDecimal("500.00"), "A larger event in December");
        var unknown = "{\"id\":\"1\",\"account\":\"" + "a".repeat(90)
                + "\",\"product\":\"audio\",\"quantity\":1,\"occurred_at\":\"2026-11-02T12:00:00Z\"}";
        months.application()
                .get(Ingestion.class)
                .ingest(
                        new ByteArrayInputStream(unknown.getBytes(StandardCharsets.UTF_8)),
                        "unknown.ndjson",
                        null,
                        _ -> {});
        months.application()
                .get(BankStatements.class)
                .importFile(Files.writeString(home.resolve("statement.sta"), BankPagesTest.STATEMENT), null);
        months.application().get(Proofs.class).prove();
        browser = new Chromium(months.port(), Files.createDirectories(home.resolve("downloads")));
    }

    @AfterAll
    void close() {
        browser.close();
        months.close();
    }

    private void signIn(Role role) {
        browser.as("console " + role, "/console/style.css", "/console", () -> {
            browser.open("/console/sign-in");
            browser.type(
                    "Operator's key",
                    months.application()
                            .get(ApiKeys.class)
                            .ofOperator("browser", role)
                            .secret());
            browser.submit("Sign in");
            browser.shows("Overview");
        });
    }

    /** Every page that there is; a new one is entered here. */
    static Stream<String> paths() {
        return Stream.of(
                "/console",
                "/console/runs",
                "/console/runs?failed=yes",
                "/console/runs/1",
                "/console/accounts",
                "/console/accounts?begins=s",
                "/console/accounts/" + SampleMonths.STEADY,
                "/console/accounts/" + SampleMonths.NEAR_LIMIT,
                "/console/accounts/" + SampleMonths.OWING,
                "/console/invoices",
                "/console/invoices?status=OPEN",
                "/console/invoices/2026-000004",
                "/console/payments",
                "/console/bank",
                "/console/bank?all=yes",
                "/console/approvals",
                "/console/approvals?all=yes",
                "/console/held",
                "/console/limits",
                "/console/mails",
                "/console/search?q=harbor",
                "/console/quarantine",
                "/console/quarantine?reason=UNKNOWN_ACCOUNT",
                "/console/quarantine/lines",
                "/console/quarantine/1",
                "/console/prices",
                "/console/prices?show=ALL",
                "/console/prices/products",
                "/console/prices/import",
                "/console/taxes",
                "/console/taxes?show=ALL",
                "/console/taxes/exempt",
                "/console/taxes/figures?period=2026-10",
                "/console/taxes/documents?period=2026-10&currency=USD&country=AT&customer=consumer&category=O&percent=0",
                "/console/taxes/import",
                "/console/books",
                "/console/close",
                "/console/close/2026-10",
                "/console/close/2026-10?checked=yes",
                "/console/close/2026-11",
                "/console/events",
                "/console/events?state=GIVEN_UP",
                "/console/events/{newest}",
                "/console/audit",
                "/console/nothing-there");
    }

    @Order(1)
    @ParameterizedTest
    @MethodSource("paths")
    void everyPageFitsAndHindersNobody(String path) throws IOException {
        signIn(Role.OPERATOR);
        browser.scripts(true);
        browser.open(path.replace("{newest}", newestEvent()));
        assertThat(browser.title()).doesNotContain("wrong", "This does not work", "Nothing was changed");
        for (var width : List.of(DESKTOP, PHONE)) {
            for (var dark : List.of(false, true)) {
                browser.look(width, dark);
                var name = path.substring(1).replaceAll("[^a-z0-9-]+", "-")
                        + (width == PHONE ? "-phone" : "-desktop")
                        + (dark ? "-dark" : "");
                browser.photograph(PICTURES.resolve(name + ".png"));
                assertThat(browser.beyondTheEdge()).as(name).isEmpty();
                assertThat(browser.hindrances(dark)).as(name).isEmpty();
            }
        }
    }

    private String newestEvent() {
        return months.application()
                .jdbc()
                .sql("select 'evt_' || replace(id::text, '-', '') from outgoing_event order by n desc limit 1")
                .query(String.class)
                .single();
    }

    private void plainly() {
        browser.scripts(false);
        browser.look(DESKTOP, false);
    }

    @Test
    @Order(2)
    void anOperatorApprovesAHigherLimit() {
        plainly();
        signIn(Role.OPERATOR);
        browser.open("/console");
        browser.shows("requests for a higher limit", "summit, 500.00");
        browser.open("/console/limits");
        browser.press("summit");
        browser.shows("Asks for 500.00 USD: A larger event in December");
        browser.type("Why", "Pays on time");
        browser.submit("Approve");
        browser.shows("The monthly limit of summit is USD 500.00. Its request is approved");
        browser.press("Go on");
        browser.shows("The limit is USD 500.00", "limit set", "500.00 USD: Pays on time");
        browser.open("/console/audit?account=summit");
        browser.shows("key ", "monthly limit: 250.00 → 500.00");
    }

    @Test
    @Order(3)
    void aViewerSeesAllAndChangesNothing() {
        plainly();
        signIn(Role.VIEWER);
        paths().forEach(path -> {
            browser.open(path.replace("{newest}", newestEvent()));
            assertThat(browser.labels("main form button")).as(path).isSubsetOf("Search", "Find", "Show");
        });
    }

    /** With scripts the page itself shows how the run goes on; without, it is loaded again. */
    @Test
    @Order(4)
    void anOperatorRunsAgainWhatFailedAndSeesItEnd() {
        var application = months.application();
        var sql = application.jdbc();
        sql.sql("""
                        create function out_of_order() returns trigger language plpgsql as $$
                        begin raise exception 'the disk is full'; end $$""").update();
        sql.sql("create trigger out_of_order before insert or update on stripe_sweep execute function out_of_order()")
                .update();
        // A day that is done already, so that the schedule does not run it, too.
        assertThatThrownBy(() -> application.nightly(LocalDate.of(2026, 11, 18)))
                .isInstanceOf(RunFailedException.class);
        sql.sql("drop trigger out_of_order on stripe_sweep").update();
        signIn(Role.OPERATOR);
        browser.scripts(true);
        browser.look(DESKTOP, false);

        browser.open("/console");
        browser.shows("runs that failed", "nightly 2026-11-18");
        browser.open("/console/runs?failed=yes");
        browser.shows("the disk is full");
        browser.press("7");
        browser.shows("Run 7: nightly 2026-11-18", "failed", "the disk is full");
        browser.submit("Go on where it stopped");
        browser.shows("Run 8: nightly 2026-11-18", "completed");

        browser.open("/console/runs/8");
        browser.shows("Run 8: nightly 2026-11-18", "sweep-events completed");
        browser.open("/console/audit");
        browser.shows("run 8, new");
        var who = sql.sql("select who from audit_entry where what = 'batch_job_execution' and item = '8'")
                .query(String.class)
                .single();
        assertThat(who).startsWith("key ");
        browser.open("/console/runs/7");
        assertThat(browser.labels("main form button")).containsExactly("Search");
    }

    @Test
    @Order(5)
    void twoPeopleApproveARefund() {
        plainly();
        var paid = months.invoices(SampleMonths.STEADY).getFirst().issuedNumber();
        signIn(Role.OPERATOR);
        browser.open("/console/invoices/" + paid);
        refund("120.00");
        browser.shows("Another person has to approve this", "USD 120.00 back to the card for invoice " + paid);
        browser.open("/console/approvals");
        browser.shows("You asked for it: another person decides.");
        assertThat(browser.labels("main form button")).containsExactly("Search");

        signIn(Role.APPROVER);
        browser.open("/console");
        browser.shows("approvals by a second person", "harbor, 120");
        browser.open("/console/approvals");
        browser.submit("Approve");
        browser.shows("Approved, and done: USD 120.00 back to the card", "The refund is succeeded at Stripe.");
        browser.open("/console/invoices/" + paid);
        browser.shows("CN-2026-000001: A call that never came through 120.00");
        browser.open("/console/approvals?all=yes");
        browser.shows("approved by key ");

        // Who may approve asks like anybody else.
        browser.open("/console/invoices/" + paid);
        refund("110.00");
        browser.shows("Another person has to approve this");
        browser.open("/console/approvals");
        browser.shows("You asked for it: another person decides.");
    }

    private void refund(String amount) {
        browser.typeInto("refund-amount", amount);
        browser.typeInto("refund-reason", "A call that never came through");
        browser.submit("Refund");
    }

    /** An account in a currency that has no prices yet cannot be billed; once it has, the next night bills it. */
    @Test
    @Order(6)
    void aHeldAccountIsMendedAndBilled() throws IOException {
        plainly();
        var application = months.application();
        application.get(Accounts.class).importFile(Files.writeString(application.home.resolve("euro.csv"), """
                id,name,email,currency,free_credit,monthly_limit
                lagoon,Lagoon Film,ap@lagoon.test,EUR,0,500.00
                """));
        months.used("lagoon", "translation", 2_000, LocalDate.of(2026, 11, 18));
        months.endOfMonth();

        signIn(Role.OPERATOR);
        browser.open("/console/held");
        browser.shows("draft-invoices 2026-11", "lagoon", "no price");
        browser.open("/console/prices/import");
        browser.typeInto("text", """
                currency: EUR
                products: {translation: {unit: word}}
                prices: [{product: translation, effective_from: 2026-11-01, amount: "0.01"}]
                """);
        browser.submit("Show what would change");
        browser.shows("1 would be added", "list price of translation in EUR from 2026-11-01");
        browser.submit("Import");
        browser.shows("The prices are imported");
        browser.open("/console/held");
        browser.shows("lagoon");

        application.moveTo(Instant.parse("2026-12-02T10:00:00Z"));
        application.nightly(LocalDate.of(2026, 12, 2));

        browser.open("/console/held");
        browser.shows("Nothing is held.");
        browser.open("/console/invoices?account=lagoon");
        browser.shows("lagoon 2026-11 open 20.00 20.00 20.00 EUR");
    }

    @Test
    @Order(7)
    void anOperatorReleasesWhatWasInQuarantine() throws IOException {
        plainly();
        months.used("walk-in", "translation", 3_000, LocalDate.of(2026, 12, 2));
        signIn(Role.OPERATOR);
        browser.open("/console");
        browser.shows("usage records in quarantine", "UNKNOWN_ACCOUNT, walk-in");
        browser.open("/console/quarantine");
        browser.shows("walk-in-2026-12-02.ndjson");
        months.application().get(Accounts.class).addUnknown("walk-in");
        browser.submit("Release unknown account of walk-in-2026-12-02.ndjson");
        browser.shows("1 accepted");
        browser.open("/console/quarantine");
        assertThat(browser.text()).doesNotContain("walk-in-2026-12-02.ndjson");
    }

    @Test
    @Order(8)
    void anOperatorImportsTaxesAndSeesWhatAMonthWasTaxedWith() throws IOException {
        plainly();
        signIn(Role.OPERATOR);
        browser.open("/console/taxes");
        browser.shows("No rates were imported");
        browser.press("Import a tax file");
        browser.typeInto("text", """
                rates:
                  - {country: SE, percent: "25", name: Moms, effective_from: 2020-01-01}
                  - {country: FI, percent: "25.5", name: ALV, effective_from: 2024-09-01, registration: OSS}
                  - {country: FI, percent: "24", name: ALV, effective_from: 2027-01-01, registration: OSS}
                reverse_charge: {regions: [EU], seller: SE556677889901, note: "Reverse charge: the customer accounts for the VAT."}
                exempt: [{account: harbor, reason: "Certificate 7", until: 2027-12-31}]
                """);
        browser.submit("Show what would change");
        browser.shows("5 would be added", "the rate of FI for standard from 2027-01-01 – ALV 24 %, declared by OSS");
        photographed("console-taxes-preview");
        browser.submit("Import");
        browser.shows("The taxes are imported", "5 added");

        browser.open("/console/taxes?show=ALL");
        browser.shows("FI standard all ALV 25.5 % OSS 2024-09-01 2026-12-31 in force", "In EU by SE556677889901");
        photographed("console-taxes-imported");
        browser.open("/console/taxes/exempt");
        browser.shows("harbor Certificate 7 2027-12-31 in force");
        photographed("console-taxes-exempted");
        browser.open("/console/taxes/figures?period=2026-10");
        browser.shows("Tax of 2026-10", "not registered");
        photographed("console-taxes-of-a-month");
        var documents = browser.labels("td a[aria-label]").getFirst();
        browser.press(documents);
        browser.shows("not registered of AT, 2026-10", "2026-000004 quarry");
        photographed("console-taxes-documents-of-a-figure");
    }

    @Test
    @Order(9)
    void aMonthIsClosedAndOpenedAgain() throws IOException {
        signIn(Role.OPERATOR);
        browser.scripts(true);
        browser.look(DESKTOP, false);
        browser.open("/console/close");
        browser.press("2026-09");
        browser.shows("What blocks it Nothing", "Revenue of usage USD");
        photographed("console-close-open");
        browser.submit("Close this month");
        browser.shows("Close of 2026-09 closed", "Figures, and what they tied to", "by key ", "QuickBooks");
        photographed("console-close-closed");
        browser.press("revenue-waterfall.csv");
        assertThat(browser.downloaded("2026-09-revenue-waterfall.csv")).isNotEmpty();
        browser.press("Xero");
        assertThat(browser.downloaded("journal-2026-09-1-xero.csv")).isNotEmpty();
        assertThat(browser.labels("main form button")).containsExactly("Search");

        plainly();
        signIn(Role.APPROVER);
        browser.open("/console/close/2026-09");
        browser.type("Why; it is kept", "A transfer was forgotten");
        browser.type("Type 2026-09 to confirm", "2026-09");
        photographed("console-close-reopen");
        browser.submit("Open again");
        browser.shows("2026-09 is open again");
        browser.press("Go on");
        browser.shows("Close of 2026-09 opened again", "A transfer was forgotten");
        browser.press("Show it");
        browser.shows("What blocks it Nothing");
        photographed("console-close-opened-again");
        browser.open("/console/close");
        browser.shows("2026-09 opened again", "A transfer was forgotten");
        photographed("console-close-months");
    }

    @Test
    @Order(10)
    void aLineOfABankStatementIsMatched() throws IOException {
        plainly();
        signIn(Role.OPERATOR);
        browser.open("/console");
        browser.shows("lines of bank statements");
        browser.open("/console/bank");
        browser.press("Match");
        photographed("console-bank-match");
        browser.typeInto("to-2", "2026-000004");
        browser.submit("Match");
        browser.shows("Line 2 of USD 12.00 is TRANSFER");
        browser.open("/console/invoices/2026-000004");
        browser.shows("transfer", "12.00");
    }

    private void photographed(String name) throws IOException {
        for (var width : List.of(DESKTOP, PHONE)) {
            for (var dark : List.of(false, true)) {
                browser.look(width, dark);
                var picture = name + (width == PHONE ? "-phone" : "-desktop") + (dark ? "-dark" : "");
                browser.photograph(PICTURES.resolve(picture + ".png"));
                assertThat(browser.beyondTheEdge()).as(picture).isEmpty();
            }
        }
        browser.look(DESKTOP, false);
    }
}
