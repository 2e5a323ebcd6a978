package io.postpaid.books.report;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.account.Accounts;
import io.postpaid.books.journal.Journals;
import io.postpaid.books.ledger.GeneralAccount;
import io.postpaid.credit.CreditLedger;
import io.postpaid.credit.GrantKind;
import io.postpaid.payments.settlement.Adjustments;
import io.postpaid.payments.settlement.Freely;
import io.postpaid.payments.settlement.Refunds;
import io.postpaid.payments.settlement.Transfers;
import io.postpaid.payments.topup.TopUps;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.file.Sha256;
import io.postpaid.platform.home.Home;
import io.postpaid.pricing.pricebook.PriceBooks;
import io.postpaid.pricing.tax.Taxes;
import io.postpaid.support.TestApplication;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * October in two currencies and with three rates of tax: credit that is bought, used, expired and refunded, late usage, a credit
 * note, a write-off and a payment in part. Each figure was worked out by hand.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MonthReportTest {
    private static final BillingPeriod OCTOBER = BillingPeriod.parse("2026-10");

    @TempDir
    private static Path folder;

    private TestApplication application;
    private Path report;
    private Path january;
    private int records;

    @BeforeAll
    void live() throws IOException {
        application = new TestApplication(folder.resolve("home"), Instant.parse("2026-09-01T08:00:00Z"));
        application.get(Taxes.class).importFile(file("taxes.yaml", """
                rates:
                  - {country: US, region: CA, percent: "8.25", name: Sales tax, effective_from: 2020-01-01}
                  - {country: FI, percent: "25.5", name: ALV, effective_from: 2020-01-01}
                  - {country: FR, percent: "20", name: TVA, effective_from: 2020-01-01, registration: OSS}
                """));
        for (var currency : List.of("USD", "EUR")) {
            application.get(PriceBooks.class).importFile(file("prices.yaml", """
                    currency: %s
                    products: {audio: {unit: second, listed_per: 60, listed_unit: minute}, text: {unit: word}}
                    prices:
                      - {product: audio, effective_from: 2026-01-01, amount: "0.0639", per: 60}
                      - {product: text, effective_from: 2026-01-01, amount: "%s"}
                    """.formatted(
                            currency, currency.equals("USD") ? "0.01" : "0.02")));
        }
        accounts("Acme");
        september();
        october();
        report = write("open");
        january = application
                .get(FinanceReport.class)
                .write(BillingPeriod.parse("2027-01"), folder.resolve("january"))
                .directory();
    }

    @AfterAll
    void close() {
        application.close();
    }

    /** Its invoices are issued in October: 16.24, 108.25, 10.83 dollars; 12.55, 2.40 euros. */
    private void september() throws IOException {
        usage("acme", "text", "2000", "2026-09-10");
        usage("poor", "text", "10000", "2026-09-10");
        usage("gone", "text", "1000", "2026-09-10");
        usage("fika", "text", "500", "2026-09-10");
        usage("brie", "text", "100", "2026-09-10");
        bill(BillingPeriod.parse("2026-09"));
    }

    private void october() throws IOException {
        at("2026-10-02");
        usage("acme", "text", "100", "2026-09-20");
        at("2026-10-05");
        application.get(Transfers.class).record(number("poor"), new BigDecimal("50.00"), "part", null);
        at("2026-10-06");
        application.get(Adjustments.class).credit(number("acme"), new BigDecimal("5.00"), "=An outage", Freely.GIVEN);
        at("2026-10-07");
        application.get(Adjustments.class).writeOff(number("gone"), "insolvent", Freely.GIVEN);
        at("2026-10-08");
        application.get(TopUps.class).buy("acme", new BigDecimal("30.00"), "a");
        application.get(TopUps.class).buy("brie", new BigDecimal("20.00"), "b");
        application.get(Refunds.class).refundTopUp("brie", "b", new BigDecimal("12.00"), "too much", Freely.GIVEN);
        application
                .get(CreditLedger.class)
                .grant("fika", new BigDecimal("3.00"), GrantKind.TOP_UP, LocalDate.of(2026, 10, 20));
        application.get(CreditLedger.class).grant("poor", new BigDecimal("1.00"), GrantKind.GOODWILL, null);
        usage("acme", "text", "1000", "2026-10-07");
        usage("acme", "audio", "61.5", "2026-10-07");
        usage("poor", "text", "300", "2026-10-07");
        usage("brie", "text", "100", "2026-10-07");
        nightly("2026-10-21");
        usage("fika", "text", "50", "2026-10-25");
        bill(OCTOBER);
    }

    @Test
    void theTrialBalanceHasEveryEntryOfTheMonth() throws IOException {
        assertThat(csv("trial-balance")).as("trial-balance").isEqualTo("""
                currency,account,name,class,opening,debit,credit,closing
                EUR,BANK,Bank,asset,0,3,0,3
                EUR,PROVIDER_CLEARING,Provider clearing,asset,0,38.95,14.03,24.92
                EUR,RECEIVABLES,Receivables,asset,0,14.95,14.95,0
                EUR,UNBILLED_RECEIVABLES,Unbilled receivables,asset,12,3,14,1
                EUR,DEFERRED_CREDIT,Deferred credit,liability,0,15,23,-8
                EUR,REFUNDS_DUE,Refunds due,liability,0,12,12,0
                EUR,TAX_PAYABLE,Tax payable,liability,0,2,6.95,-4.95
                EUR,REVENUE,Revenue,income,-12,0,3,-15
                EUR,BREAKAGE,Breakage,income,0,0,3,-3
                EUR,PROVIDER_FEES,Provider fees,expense,0,2.03,0,2.03
                EUR,total,Total,,0,90.93,90.93,0
                USD,BANK,Bank,asset,0,50,0,50
                USD,PROVIDER_CLEARING,Provider clearing,asset,0,48.72,2.01,46.71
                USD,RECEIVABLES,Receivables,asset,0,135.7,77.45,58.25
                USD,UNBILLED_RECEIVABLES,Unbilled receivables,asset,125,14.0654975,137.0654975,2
                USD,DEFERRED_CREDIT,Deferred credit,liability,0,11.0654975,30,-18.9345025
                USD,CUSTOMER_BALANCES,Customers' balances,liability,0,0,5,-5
                USD,TAX_PAYABLE,Tax payable,liability,0,0.38,12.8,-12.42
                USD,REVENUE,Revenue,income,-130,4.62,14.0654975,-139.4454975
                USD,PROMOTIONAL_CREDIT,Promotional credit,contra-revenue,5,1,0,6
                USD,PROVIDER_FEES,Provider fees,expense,0,2.01,0,2.01
                USD,BAD_DEBT,Bad debt,expense,0,10.83,0,10.83
                USD,total,Total,,0,278.390995,278.390995,0
                """);
    }

    @Test
    void everyFigureTiesToTheTables() throws IOException {
        assertThat(csv("ties").lines().skip(1))
                .hasSize(20)
                .allMatch(line -> line.endsWith(",0"))
                .anyMatch(line -> line.startsWith("EUR,Deferred credit,"));
        assertThat(csv("ties"))
                .contains(
                        "USD,Deferred credit,deferred-credit,18.9345025,what is left on grants that were bought,18.9345025,0")
                .contains("USD,Tax of the month,tax-payable,12.42,");
    }

    @Test
    void revenueIsShownGrossByProductAndNetOfWhatReducesIt() throws IOException {
        assertThat(csv("revenue-waterfall")).as("revenue-waterfall").isEqualTo("""
                currency,day,product,gross,promotional_credit,credit_notes,net
                EUR,2026-10-07,text,2,0,0,2
                EUR,2026-10-25,text,1,0,0,1
                EUR,,total,3,0,0,3
                USD,2026-10-01,text,1,0,0,1
                USD,2026-10-06,,0,0,-4.62,-4.62
                USD,2026-10-07,audio,0.0654975,0,0,0.0654975
                USD,2026-10-07,text,13,0,0,13
                USD,2026-10-21,,0,-1,0,-1
                USD,,total,14.0654975,-1,-4.62,8.4454975
                """);
    }

    @Test
    void rollForwardsClose() throws IOException {
        assertThat(csv("deferred-credit")).as("deferred-credit").isEqualTo("""
                currency,opening,sold,used,expired,refunded,closing
                EUR,0,23,2,3,10,8
                USD,0,30,11.0654975,0,0,18.9345025
                """);
        assertThat(csv("unbilled-receivables")).as("unbilled-receivables").isEqualTo("""
                currency,opening,rated,covered_by_credit,invoiced,rounding,closing
                EUR,12,3,2,12,0,1
                USD,125,14.0654975,12.0654975,125,0,2
                """);
        assertThat(csv("promotional-credit")).as("promotional-credit").isEqualTo("""
                currency,kind,opening,given,used,expired,taken_back,closing
                USD,FREE,0,0,0,0,0,0
                USD,GOODWILL,0,1,1,0,0,0
                """);
        assertThat(csv("provider-clearing")).as("provider-clearing").isEqualTo("""
                currency,opening,received,refunded,disputed,fees,paid_out,closing
                EUR,0,38.95,12,0,2.03,0,24.92
                USD,0,48.72,0,0,2.01,0,46.71
                """);
        assertThat(csv("tax-payable")).as("tax-payable").isEqualTo("""
                currency,country,name,percent,opening,charged,returned,closing
                EUR,FI,ALV,25.5,0,2.55,0,2.55
                EUR,FR,TVA,20,0,4.4,2,2.4
                EUR,,total,,0,6.95,2,4.95
                USD,US,Sales tax,8.25,0,12.8,0.38,12.42
                USD,,total,,0,12.8,0.38,12.42
                """);
    }

    @Test
    void documentsAndLossesAreListed() throws IOException {
        assertThat(csv("invoices-issued")).as("invoices-issued").isEqualTo("""
                currency,kind,number,account,name,issued_on,due_on,period,subtotal,credits,net,tax,total,carried_in,carried_forward,from_balance,amount_due
                EUR,invoice,2026-000002,brie,Brie,2026-10-01,2026-10-08,2026-09,2.00,0.00,2.00,0.40,2.40,0.00,0.00,0.00,2.40
                EUR,invoice,2026-000003,fika,Fika,2026-10-01,2026-10-08,2026-09,10.00,0.00,10.00,2.55,12.55,0.00,0.00,0.00,12.55
                EUR,top-up,TU-2026-000002,brie,Brie,2026-10-08,,,20.00,0.00,20.00,4.00,24.00,,,,
                EUR,total,,,,,,,32.00,0.00,32.00,6.95,38.95,0.00,0.00,0.00,14.95
                USD,invoice,2026-000001,acme,Acme,2026-10-01,2026-10-08,2026-09,20.00,5.00,15.00,1.24,16.24,0.00,0.00,0.00,16.24
                USD,invoice,2026-000004,gone,Gone,2026-10-01,2026-10-08,2026-09,10.00,0.00,10.00,0.83,10.83,0.00,0.00,0.00,10.83
                USD,invoice,2026-000005,poor,Poor,2026-10-01,2026-10-08,2026-09,100.00,0.00,100.00,8.25,108.25,0.00,0.00,0.00,108.25
                USD,top-up,TU-2026-000001,acme,Acme,2026-10-08,,,30.00,0.00,30.00,2.48,32.48,,,,
                USD,total,,,,,,,160.00,5.00,155.00,12.80,167.80,0.00,0.00,0.00,135.32
                """);
        assertThat(csv("credit-note-register")).as("credit-note-register").isEqualTo("""
                currency,kind,number,corrects,account,name,issued_on,net,tax,total,settled,to_balance,reason
                EUR,top-up,TC-2026-000001,TU-2026-000002,brie,Brie,2026-10-08,10.00,2.00,12.00,,,too much
                EUR,total,,,,,,10.00,2.00,12.00,,,
                USD,invoice,CN-2026-000001,2026-000001,acme,Acme,2026-10-06,4.62,0.38,5.00,0.00,5.00,'=An outage
                USD,total,,,,,,4.62,0.38,5.00,0.00,5.00,
                """);
        assertThat(csv("fees-and-payouts")).as("fees-and-payouts").isEqualTo("""
                currency,posted_on,event,reference,entries,provider_clearing,provider_fees,bank
                EUR,2026-10-01,fee,,2,-1.03,1.03,0
                EUR,2026-10-08,fee,,1,-1,1,0
                EUR,,total,,3,-2.03,2.03,0
                USD,2026-10-01,fee,,1,-0.77,0.77,0
                USD,2026-10-08,fee,,1,-1.24,1.24,0
                USD,,total,,2,-2.01,2.01,0
                """);
        assertThat(csv("bad-debt")).as("bad-debt").isEqualTo("""
                currency,posted_on,kind,account,number,reference,lost,recovered
                USD,2026-10-07,bad debt,gone,2026-000004,WRITE_OFF/2026-000004,10.83,0
                USD,,total,,,,10.83,0
                """);
    }

    @Test
    void whatIsOwedGrowsOld() throws IOException {
        assertThat(csv("receivables-aging")).as("receivables-aging").isEqualTo("""
                currency,account,name,current,days_1_30,days_31_60,days_61_90,over_90,total
                USD,poor,Poor,0,58.25,0,0,0,58.25
                USD,total,,0,58.25,0,0,0,58.25
                """);
        assertThat(csv(january, "receivables-aging")).isEqualTo("""
                currency,account,name,current,days_1_30,days_31_60,days_61_90,over_90,total
                USD,poor,Poor,0,0,0,2.17,58.25,60.42
                USD,total,,0,0,0,2.17,58.25,60.42
                """);
    }

    @Test
    void theTrialBalanceKnowsEveryAccountOfTheLedger() {
        assertThat(application
                        .jdbc()
                        .sql("select account || ' ' || name from report_account order by place")
                        .query(String.class)
                        .list())
                .containsExactlyElementsOf(Stream.of(GeneralAccount.values())
                        .map(account -> account.name() + " " + account.title())
                        .toList());
    }

    @Test
    void aClosedMonthNeverChanges() throws IOException {
        var jdbc = application.jdbc();
        jdbc.sql(
                        "insert into ledger_close (period, version, closed_at, closed_by) values ('2026-10-01', 1, '2026-11-02', 'test')")
                .update();
        var closed = bytes(write("closed"));
        assertThat(bytes(report)).contains(closed.split("\n"));
        assertThat(closed.lines()).hasSize(16);

        at("2026-11-03");
        usage("acme", "text", "500", "2026-10-30");
        application
                .get(Transfers.class)
                .record(number("poor"), new BigDecimal("58.25"), "rest", LocalDate.of(2026, 10, 30));
        application.get(Transfers.class).record(number("gone"), new BigDecimal("10.83"), "after all", null);
        application.get(Adjustments.class).credit(number("brie"), new BigDecimal("1.20"), "An outage", Freely.GIVEN);
        accounts("Acme & Sons");
        nightly("2026-11-04");
        assertThat(bytes(write("later"))).isEqualTo(closed);
        // November begins with what October's journal left, which is what all entries add up to.
        new TransactionTemplate(application.get(PlatformTransactionManager.class))
                .executeWithoutResult(_ -> application.get(Journals.class).write(OCTOBER));
        var november = application
                .get(FinanceReport.class)
                .write(OCTOBER.next(), folder.resolve("november"))
                .directory();
        assertThat(csv(november, "ties").lines().skip(1)).allMatch(line -> line.endsWith(",0"));
        assertThat(csv(november, "trial-balance").lines().skip(1).filter(line -> !line.contains(",total,")))
                .map(line -> line.split(",")[0] + " " + line.split(",")[1] + " " + line.split(",")[4])
                .containsExactlyInAnyOrderElementsOf(
                        jdbc.sql("""
                                select currency || ' ' || account || ' ' || trim_scale(sum(opening))
                                  from trial_balance('2026-11-01', '2026-11-30')
                                 group by currency, account""").query(String.class).list());
        assertThat(csv(november, "bad-debt")).contains("USD,2026-11-03,bad debt,gone,2026-000004,", ",0,10.83");
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private void accounts(String acme) throws IOException {
        application.get(Accounts.class).importFile(file("accounts.csv", """
                id,name,email,country,state,currency,free_credit,monthly_limit,payment_method,created_on
                acme,%s,a@a.example,US,CA,USD,5.00,1000,pm_card_visa,2026-01-01
                poor,Poor,p@a.example,US,CA,USD,0,1000,,2026-01-01
                gone,Gone,g@a.example,US,CA,USD,0,1000,,2026-01-01
                fika,Fika,f@a.example,FI,,EUR,0,1000,pm_card_visa,2026-01-01
                brie,Brie,b@a.example,FR,,EUR,0,1000,pm_card_visa,2026-01-01
                """.formatted(acme)));
    }

    private void usage(String account, String product, String quantity, String day) throws IOException {
        Files.writeString(application.get(Home.class).inbox().resolve("usage-" + ++records + ".ndjson"), """
                {"id":"r%d","account":"%s","product":"%s","quantity":"%s","occurred_at":"%sT12:00:00Z"}
                """.formatted(
                        records, account, product, quantity, day));
    }

    private void at(String day) {
        application.moveTo(Instant.parse(day + "T12:00:00Z"));
    }

    private void nightly(String date) {
        application.moveTo(Instant.parse(date + "T08:00:00Z"));
        assertThat(application.nightly(LocalDate.parse(date)).completed()).isTrue();
    }

    private void bill(BillingPeriod period) {
        nightly(period.issuedOn().toString());
        assertThat(application.monthly(period).held()).isZero();
    }

    /** The invoice of September. */
    private String number(String account) {
        return application
                .jdbc()
                .sql("select number from invoice where account = :account and period = '2026-09-01'")
                .param("account", account)
                .query(String.class)
                .single();
    }

    private Path write(String name) {
        return application
                .get(FinanceReport.class)
                .write(OCTOBER, folder.resolve(name))
                .directory();
    }

    private String csv(String name) throws IOException {
        return csv(report, name);
    }

    private static String csv(Path report, String name) throws IOException {
        return Files.readString(report.resolve(name + ".csv")).replace("\r\n", "\n");
    }

    private static String bytes(Path directory) throws IOException {
        var bytes = new TreeMap<String, String>();
        try (var files = Files.list(directory)) {
            for (var file : files.toList()) bytes.put(file.getFileName().toString(), Sha256.of(file));
        }
        return bytes.entrySet().stream().map(Object::toString).collect(joining("\n"));
    }
}
