package io.postpaid.books.journal;

import static org.assertj.core.api.Assertions.assertThat;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import io.postpaid.account.Accounts;
import io.postpaid.books.close.Closing;
import io.postpaid.platform.batch.Runs;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.pricing.pricebook.PriceBooks;
import io.postpaid.pricing.tax.Taxes;
import io.postpaid.support.CommandLine;
import io.postpaid.support.TestApplication;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.config.BeanPostProcessor;

/** Two months of a small seller, from its usage to the files for its accounting program. */
class JournalCommandsTest {
    private static final BillingPeriod OCTOBER = BillingPeriod.parse("2026-10");
    private static final BillingPeriod NOVEMBER = BillingPeriod.parse("2026-11");

    @TempDir
    private Path folder;

    private TestApplication application;
    private CommandLine postpaid;

    @BeforeEach
    void bill() throws IOException {
        application = new TestApplication(
                folder.resolve("home"),
                Instant.parse("2026-10-01T10:00:00Z"),
                Map.of("POSTPAID_TAX_CURRENCY", "none"),
                new BeanPostProcessor() {});
        postpaid = new CommandLine(folder.resolve("commands"))
                .with("spring.datasource.url", application.setting("spring.datasource.url"));
        application.get(PriceBooks.class).importFile(file("prices.yaml", """
                currency: USD
                products: {calls: {unit: call}, words: {unit: word}}
                prices:
                  - {product: calls, effective_from: 2026-01-01, amount: "0.1003"}
                  - {product: words, effective_from: 2026-01-01, amount: "0.0007"}
                """));
        application.get(Taxes.class).importFile(file("taxes.yaml", """
                rates: [{country: FI, percent: "25.5", name: VAT, effective_from: 2024-09-01}]
                """));
        application.get(Accounts.class).importFile(file("accounts.csv", """
                id,name,email,country,monthly_limit,free_credit,payment_method
                acme,Acme,billing@acme.test,FI,1000,2,pm_card_visa
                beta,Beta,billing@beta.test,US,1000,0,
                """));
        Files.createDirectories(folder.resolve("home/inbox"));
        file("home/inbox/usage.ndjson", """
                {"id":"1","account":"acme","product":"calls","quantity":"101","occurred_at":"2026-10-01T09:00:00Z"}
                {"id":"2","account":"acme","product":"words","quantity":"333","occurred_at":"2026-10-01T09:00:00Z"}
                {"id":"3","account":"beta","product":"calls","quantity":"77","occurred_at":"2026-10-01T09:00:00Z"}
                """);
        for (var period : List.of(OCTOBER, NOVEMBER)) {
            application.moveTo(period.to().plus(Duration.ofHours(10)));
            application.nightly(period.issuedOn());
            application.monthly(period);
        }
        for (var period : List.of(OCTOBER, NOVEMBER))
            application.get(Runs.class).close(period);
    }

    @AfterEach
    void close() {
        application.close();
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private static String sums(String csv, Function<NamedCsvRecord, String> by) throws IOException {
        var sums = new TreeMap<String, BigDecimal>();
        try (var rows = CsvReader.builder().ofNamedCsvRecord(csv)) {
            for (var row : rows) {
                var amount = Stream.of(row.getField("debit"), "-" + row.getField("credit"))
                        .filter(cell -> cell.length() > 1)
                        .map(BigDecimal::new)
                        .reduce(BigDecimal.ZERO, BigDecimal::add);
                sums.merge(by.apply(row), amount, BigDecimal::add);
            }
        }
        return sums.toString();
    }

    @Test
    void aMonthBecomesAFile() throws IOException {
        // 101 x 0.1003 + 333 x 0.0007 = 10.3634, of which 2.00 are a gift; 77 x 0.1003 = 7.7231.
        var october = postpaid.must("journal", "export", "--period", "2026-10", "--format", "csv");
        assertThat(sums(october.out(), row -> row.getField("entry"))).isEqualTo("{2026-10-1-1=0.00, 2026-10-1-2=0.00}");
        assertThat(sums(october.out(), row -> row.getField("name") + " " + row.getField("description")))
                .isEqualTo(
                        "{Promotional credit Credit used=2.00, Rounding differences Usage=-0.01, Unbilled receivables Credit used=-2.00, Unbilled receivables Usage=18.09, Usage revenue Usage: calls=-17.85, Usage revenue Usage: words=-0.23}");
        assertThat(october.err())
                .contains("The journal of 2026-10: 1 of 2026-12-01T10:00:00Z with 2 entries, USD 20.09");

        // Invoices: 8.36 + 25.5 % and 7.72; the card of acme pays.
        var november = postpaid.must("journal", "export", "--period", "2026-11", "--format", "csv");
        assertThat(sums(november.out(), row -> row.getField("account") + " " + row.getField("reference")))
                .isEqualTo(
                        "{1100 invoice=18.21, 1100 payment=-10.49, 1110 invoice=-16.09, 1120 fee=-0.60, 1120 payment=10.49, 2200 invoice=-2.13, 6100 fee=0.60, 6900 invoice=0.01}");

        var listed = postpaid.must("journal", "list", "--json").json();
        assertThat(listed.toString())
                .isEqualTo(
                        "[{\"period\":\"2026-10\",\"journal\":1,\"written_at\":\"2026-12-01T10:00:00Z\",\"entries\":2,\"lines\":6,\"sums\":[{\"currency\":\"USD\",\"amount\":\"20.09\"}]},"
                                + "{\"period\":\"2026-11\",\"journal\":1,\"written_at\":\"2026-12-01T10:00:00Z\",\"entries\":3,\"lines\":8,\"sums\":[{\"currency\":\"USD\",\"amount\":\"29.31\"}]}]");
        assertThat(postpaid.must("journal", "list").out()).contains("2026-11        1  2026-12-01T10:00:00Z");
        filesAreWritten();
    }

    private void filesAreWritten() throws IOException {
        application.get(Closing.class).reopen(NOVEMBER, "A look");
        application.get(Runs.class).close(NOVEMBER);
        var out = folder.resolve("november.csv");
        var written = postpaid.must(
                "journal", "export", "--period", "2026-11", "--format", "xero", "--out", out.toString(), "--json");
        assertThat(written.json().toString())
                .isEqualTo(
                        "{\"period\":\"2026-11\",\"format\":\"xero\",\"journals\":[1,2],\"files\":[{\"file\":\"" + out
                                + "\",\"entries\":3,\"lines\":8,\"sums\":[{\"currency\":\"USD\",\"amount\":\"29.31\"}]}]}");
        assertThat(Files.readString(out)).startsWith("*Narration,*Date,");
        assertThat(postpaid.must(
                                "journal", "export", "--period", "2026-11", "--format", "xero", "--out", out.toString())
                        .out())
                .contains("Which of them the program has already, leave out: --journal 2: " + out);

        var none = folder.resolve("none.csv");
        assertThat(postpaid.must(
                                "journal",
                                "export",
                                "--period",
                                "2026-11",
                                "--format",
                                "xero",
                                "--journal",
                                "2",
                                "--out",
                                none.toString())
                        .out())
                .contains(
                        "2 of 2026-12-01T10:00:00Z with 0 entries, no difference. Nothing is to be booked, and no file was written");
        assertThat(none).doesNotExist();

        assertThat(postpaid.must("journal", "export", "--period", "2026-11", "--format", "csv", "--json")
                        .json()
                        .at("/files/0/text")
                        .asString())
                .startsWith("entry,date,account,");
        assertThat(postpaid.must("journal", "export", "--period", "2026-11", "--format", "datev")
                        .out())
                .startsWith("\"EXTF\";700;21;");
        assertThat(postpaid.run("journal", "export", "--period", "2026-11", "--format", "sap")
                        .exitCode())
                .isEqualTo(2);
        assertThat(postpaid.run(
                        "journal",
                        "export",
                        "--period",
                        "2026-11",
                        "--format",
                        "csv",
                        "--out",
                        folder.resolve("a/b").toString()))
                .satisfies(failed -> assertThat(failed.exitCode()).isEqualTo(1))
                .satisfies(failed -> assertThat(failed.err()).contains("A file cannot be used"));
    }
}
