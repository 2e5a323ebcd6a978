package io.postpaid.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.account.Accounts;
import io.postpaid.payments.settlement.Adjustments;
import io.postpaid.payments.settlement.Freely;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.pricing.pricebook.PriceBooks;
import io.postpaid.pricing.tax.Taxes;
import io.postpaid.support.TestApplication;
import io.postpaid.usage.intake.Ingestion;
import io.postpaid.web.key.ApiKeys;
import io.postpaid.web.key.Role;
import io.postpaid.web.portal.Browser;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Taxes are seen as they are in force and as they were charged, and imported after a look at what would change. */
@NullUnmarked
class TaxPagesTest {
    private static final String TAXES = """
            rates:
              - {country: SE, percent: "25", name: Moms, effective_from: 2020-01-01}
              - {country: FI, percent: "24", name: ALV, effective_from: 2020-01-01, registration: OSS}
              - {country: FI, percent: "25.5", name: <b>ALV, effective_from: 2024-09-01, registration: OSS}
              - {country: FI, percent: "26", name: ALV, effective_from: 2027-01-01, registration: OSS}
            reverse_charge: {regions: [EU], seller: SE556677889901, note: "<script>x</script>"}
            exempt: [{account: aino, reason: "<i>over", until: 2025-12-31}, {account: later, reason: Certificate}]
            """;

    @TempDir
    Path home;

    private TestApplication application;
    private String key;
    private Browser operator;

    @BeforeEach
    void serve() throws IOException {
        application = TestApplication.serving(home, Instant.parse("2026-10-01T10:00:00Z"), Map.of());
        var made = application.get(ApiKeys.class).ofOperator("", Role.OPERATOR);
        key = made.key().id();
        operator = ConsoleTest.signedIn(application, made.secret());
    }

    @AfterEach
    void close() {
        application.close();
    }

    private List<String> stored() {
        return application.jdbc().sql("""
                        select r::text from tax_rate r union all select c::text from tax_reverse_charge c
                         union all select e::text from tax_exemption e union all select 'audit ' || count(*) from audit_entry""").query(String.class).list();
    }

    @Test
    void whatIsInForceWhatComesAndWhatWasIsListedAndNoMarkup() {
        assertThat(operator.get("/console/taxes").text())
                .contains("No rates were imported", "There are no such rates.");
        application.get(Taxes.class).importText(TAXES);
        var now = operator.get("/console/taxes");
        assertThat(now.text())
                .contains(
                        "FI standard all &lt;b&gt;ALV 25.5 % OSS 2024-09-01 2026-12-31 in force",
                        "SE standard all Moms 25 % its own 2020-01-01 in force",
                        "In EU by SE556677889901",
                        "&lt;script&gt;x&lt;/script&gt;")
                .doesNotContain("No rates were imported", "ALV 24 %");
        assertThat(now.body()).doesNotContain("<script>x", "<b>ALV");
        assertThat(operator.get("/console/taxes?show=COMING").text())
                .contains("FI standard all ALV 26 % OSS 2027-01-01 coming")
                .doesNotContain("25.5");
        assertThat(operator.get("/console/taxes?show=ALL&country=fi").text())
                .contains("ALV 24 % OSS 2020-01-01 2024-08-31 over")
                .doesNotContain("Moms");
        assertThat(operator.get("/console/taxes/exempt").text())
                .contains("aino &lt;i&gt;over 2025-12-31 over", "later Certificate for ever in force");
        for (var wrong : List.of(
                "?show=x",
                "?after=x",
                "?country=%00",
                "/exempt?after=%00",
                "/figures?period=2026-13",
                "/documents",
                "/documents?period=2026-09&percent=x&category=S",
                "/documents?period=2026-09&percent=1&category=X")) {
            assertThat(operator.get("/console/taxes" + wrong).status())
                    .as(wrong)
                    .isEqualTo(400);
        }
    }

    @Test
    void aPreviewChangesNothingAndAnImportDoesWhatItShowed() {
        application.get(Taxes.class).importText("""
                rates: [{country: SE, percent: "24", name: Moms, effective_from: 2020-01-01}]
                """);
        var before = stored();
        operator.get("/console/taxes/import");
        assertThat(operator.submit("/console/taxes/preview", Map.of("text", TAXES))
                        .text())
                .contains(
                        "Nothing was changed yet: 6 would be added, 1 updated, 0 are there already.",
                        "the rate of SE for standard from 2020-01-01 Moms 24 % Moms 25 %",
                        "the rate of FI for standard from 2027-01-01 – ALV 26 %, declared by OSS",
                        "reverse charge – in EU by SE556677889901: &lt;script&gt;x&lt;/script&gt;",
                        "exemption of aino – &lt;i&gt;over, until 2025-12-31");
        assertThat(stored()).isEqualTo(before);
        assertThat(operator.postWithToken("/console/taxes/import", Map.of("text", TAXES))
                        .text())
                .contains("6 added, 1 updated, 0 unchanged.");
        assertThat(application
                        .jdbc()
                        .sql("""
                                select distinct split_part(source, ' from ', 1) || ' ' || what || ' ' || change
                                  from audit_told where who = 'key ' || :key order by 1""")
                        .param("key", key)
                        .query(String.class)
                        .list())
                .containsExactly(
                        "POST /console/taxes/import tax_exemption INSERT",
                        "POST /console/taxes/import tax_rate INSERT",
                        "POST /console/taxes/import tax_rate UPDATE",
                        "POST /console/taxes/import tax_reverse_charge INSERT");
        operator.get("/console/taxes/import");
        assertThat(operator.submit("/console/taxes/preview", Map.of("text", TAXES))
                        .text())
                .contains("7 are there already.", "Nothing: all of it is there already.");
        operator.get("/console/taxes/import");
        var refused =
                operator.submit("/console/taxes/preview", Map.of("text", "rates: [{country: XX}]</textarea><script>y"));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.body()).contains("&lt;/textarea&gt;").doesNotContain("<script>y");
        assertThat(operator.postWithToken("/console/taxes/import", Map.of("text", "rates: [{country: XX}]"))
                        .text())
                .contains(
                        "Nothing was changed.",
                        "the tax file, rates[0].country: is &#39;XX&#39;: must be a country code");
        var long_ = operator.postWithToken("/console/taxes/import", Map.of("text", "x".repeat(1_000_001)));
        assertThat(long_.text()).contains("import it by ./postpaid taxes import");
    }

    @Test
    void theFiguresOfAMonthLeadToTheirDocuments() throws IOException {
        application.get(Taxes.class).importText(TAXES);
        application.get(PriceBooks.class).importFile(file("prices.yaml", """
                currency: EUR
                products: {text: {unit: word}}
                prices: [{product: text, effective_from: 2026-01-01, amount: "0.01"}]
                """));
        application.get(Accounts.class).importFile(file("accounts.csv", """
                id,name,email,country,tax_id,business,currency,free_credit,monthly_limit
                aino,Aino,aino@a.example,FI,,no,EUR,0,1000
                <b>x,Bo,bo@a.example,FI,,no,EUR,0,1000
                gmbh,Gmbh,gmbh@a.example,DE,DE129273398,yes,EUR,0,1000
                """));
        var usage = new StringBuilder();
        for (var account : List.of("aino", "<b>x", "gmbh")) {
            usage.append("""
                    {"id":"%1$s","account":"%1$s","product":"text","quantity":"1001","occurred_at":"2026-09-03T12:00:00Z"}
                    """.formatted(account));
        }
        application.get(Ingestion.class).ingest(file("september.ndjson", usage.toString()), null, _ -> {});
        application.nightly(LocalDate.of(2026, 10, 1));
        application.monthly(BillingPeriod.parse("2026-09"));
        var invoice = application
                .jdbc()
                .sql("select number from invoice where account = 'aino'")
                .query(String.class)
                .single();
        application.get(Adjustments.class).credit(invoice, new BigDecimal("1.00"), "an outage", Freely.GIVEN);

        var september = operator.get("/console/taxes/figures");
        assertThat(september.text())
                .contains(
                        "Tax of 2026-09",
                        "DE business reverse charge – 10.01 0.00 0.00 0.00 EUR 1",
                        "FI consumer &lt;b&gt;ALV 25.5 % OSS 20.02 5.10 0.00 5.10 EUR 2");
        assertThat(operator.get("/console/taxes/figures?period=2026-10").text())
                .contains("FI consumer &lt;b&gt;ALV 25.5 % OSS -0.80 0.00 0.20 -0.20 EUR 1");
        var href = Pattern.compile("href=\"(/console/taxes/documents[^\"]*country=FI[^\"]*)\"");
        var documents = operator.get(found(href, september.body()));
        assertThat(documents.text())
                .contains(
                        "&lt;b&gt;ALV 25.5 % of FI", "aino 2026-10-01 10.01 2.55", "&lt;b&gt;x 2026-10-01 10.01 2.55");
        assertThat(documents.body()).doesNotContain("<b>x", "<b>ALV").contains("/console/invoices/" + invoice);
        var october = operator.get("/console/taxes/figures?period=2026-10").body();
        assertThat(operator.get(found(href, october)).text()).contains("CN-2026-000001 corrects " + invoice + " aino");

        var viewer = ConsoleTest.signedIn(
                application,
                application.get(ApiKeys.class).ofOperator("", Role.VIEWER).secret());
        assertThat(viewer.get("/console/taxes/figures?period=2026-09").text()).contains("5.10");
        assertThat(viewer.get("/console/taxes").text()).doesNotContain("Import a tax file");
        assertThat(viewer.get("/console/taxes/import").body())
                .contains("This is not for your role")
                .doesNotContain("<textarea");
        for (var step : List.of("preview", "import")) {
            assertThat(viewer.postWithToken("/console/taxes/" + step, Map.of("text", TAXES))
                            .status())
                    .isEqualTo(403);
        }
    }

    private static String found(Pattern pattern, String page) {
        var matcher = pattern.matcher(page.replace("&#x3D;", "=").replace("&amp;", "&"));
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(home.resolve(name), text);
    }
}
