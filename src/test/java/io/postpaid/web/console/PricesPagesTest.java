package io.postpaid.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.account.Accounts;
import io.postpaid.platform.batch.Schedules;
import io.postpaid.pricing.pricebook.PriceBooks;
import io.postpaid.support.TestApplication;
import io.postpaid.usage.intake.Ingestion;
import io.postpaid.web.key.ApiKeys;
import io.postpaid.web.key.Role;
import io.postpaid.web.portal.Browser;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Prices are seen as they are in force, and imported after a look at what would change. */
@NullUnmarked
class PricesPagesTest {
    private static final String BOOK = """
            currency: USD
            products:
              audio: {unit: second, listed_per: 60, listed_unit: minute}
              <script>x</script>: {unit: <b>word</b>}
            prices:
              - {product: audio, effective_from: 2026-01-01, amount: "0.0639", per: 60}
              - {product: audio, effective_from: 2026-06-01, amount: "0.07", per: 60}
              - {product: audio, account: acme, effective_from: 2027-01-01, amount: "0.05", per: 60}
              - product: <script>x</script>
                effective_from: 2026-01-01
                model: graduated
                tiers: [{up_to: 1000, amount: "0.0024"}, {amount: "0.0018"}]
            """;

    private static final String MORE = """
            currency: USD
            products:
              audio: {unit: second, listed_per: 60, listed_unit: minute}
              fax: {unit: page}
            operations:
              polling: {billable: false}
              ingest: {billable: false}
            prices:
              - {product: audio, effective_from: 2026-10-02, amount: "0.08", per: 60}
              - {product: audio, account: acme, effective_from: 2027-01-01, amount: "0.06", per: 60}
              - {product: fax, effective_from: 2026-01-01, model: package, per: 100, amount: 2}
            """;

    @TempDir
    Path home;

    private TestApplication application;
    private String key;
    private Browser operator;

    @BeforeEach
    void serve() throws IOException {
        application = TestApplication.serving(home, Instant.parse("2026-10-05T10:00:00Z"), Map.of());
        application.get(Accounts.class).importFile(Files.writeString(home.resolve("accounts.csv"), """
                id,name,email
                acme,Acme,acme@acme.test
                bolt,Bolt,bolt@bolt.test
                """));
        application.get(PriceBooks.class).importFile(Files.writeString(home.resolve("prices.yaml"), BOOK));
        var made = application.get(ApiKeys.class).ofOperator("", Role.OPERATOR);
        key = made.key().id();
        operator = ConsoleTest.signedIn(application, made.secret());
    }

    @AfterEach
    void close() {
        application.close();
    }

    private List<String> strings(String sql) {
        return application.jdbc().sql(sql).query(String.class).list();
    }

    /** All that an import may change. */
    private List<String> stored() {
        return strings("""
                select 'product ' || p::text from product p union all select 'price ' || p::text from price p
                 union all select 'tier ' || t::text from price_tier t union all select 'operation ' || o::text from operation o
                 union all select 'unrated ' || u::text from unrated_day u union all select 'version ' || version from price_book_version
                 union all select 'audit ' || count(*) from audit_told order by 1""");
    }

    @Test
    void whatIsInForceWhatComesAndWhatWasIsListedAndNoMarkup() {
        var now = operator.get("/console/prices");
        assertThat(now.text())
                .contains(
                        "&lt;script&gt;x&lt;/script&gt; all graduated: 0.0024 up to 1000, then 0.0018 USD per"
                                + " &lt;b&gt;word&lt;/b&gt; 2026-01-01 in force audio all 0.07 USD per 60 second 2026-06-01 in force")
                .doesNotContain("0.0639", "0.05");
        assertThat(now.body()).doesNotContain("<script>x", "<b>word");
        assertThat(operator.get("/console/prices?show=COMING").text())
                .contains("audio acme 0.05 USD per 60 second 2027-01-01 coming")
                .doesNotContain("0.07");
        assertThat(operator.get("/console/prices?show=ALL&product=audio").text())
                .contains("audio all 0.0639 USD per 60 second 2026-01-01 2026-05-31 over"
                        + " audio all 0.07 USD per 60 second 2026-06-01 in force"
                        + " audio acme 0.05 USD per 60 second 2027-01-01 coming")
                .doesNotContain("graduated");
        assertThat(operator.get("/console/prices?show=ALL&account=acme").text())
                .contains("0.05 USD")
                .doesNotContain("0.07");
        var products = operator.get("/console/prices/products");
        assertThat(products.text())
                .contains(
                        "&lt;script&gt;x&lt;/script&gt; &lt;b&gt;word&lt;/b&gt; 1 as &lt;b&gt;word&lt;/b&gt; yes"
                                + " audio second 60 as minute yes",
                        "Operations that cost nothing, whatever the product: ingest, usage-summary.");
        assertThat(products.body()).doesNotContain("<script>x");
        for (var wrong : List.of("?show=x", "?after=x", "?product=%00", "?account=%FF", "/products?after=%00")) {
            assertThat(operator.get("/console/prices" + wrong).status())
                    .as(wrong)
                    .isEqualTo(400);
        }
        assertThat(operator.get("/console/prices?after=99&product=" + "x".repeat(5_000))
                        .text())
                .contains("There are no such prices.");
    }

    @Test
    void aPreviewChangesNothingAndAnImportDoesWhatItShowed() {
        var usage =
                "{\"id\":\"%s\",\"account\":\"%s\",\"product\":\"audio\",\"quantity\":\"60\",\"occurred_at\":\"%sT12:00:00Z\"}\n";
        var lines = usage.formatted("1", "acme", "2026-10-01")
                + usage.formatted("2", "acme", "2026-10-03")
                + usage.formatted("3", "bolt", "2026-10-03")
                + usage.formatted("4", "bolt", "2026-10-04");
        application
                .get(Ingestion.class)
                .ingest(new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)), "a.ndjson", null, _ -> {});
        application.moveTo(Instant.parse("2026-10-06T10:00:00Z"));
        application.get(Schedules.class).runDue();
        assertThat(
                        strings(
                                "select account || ' ' || day || ' ' || round(amount, 2) from daily_cost order by account, day"))
                .containsExactly(
                        "acme 2026-10-01 0.07", "acme 2026-10-03 0.07", "bolt 2026-10-03 0.07", "bolt 2026-10-04 0.07");
        var before = stored();

        operator.get("/console/prices/import");
        var preview = operator.submit("/console/prices/preview", Map.of("text", MORE));
        assertThat(preview.text())
                .contains(
                        "Nothing was changed yet: 3 would be added, 1 updated, 1 are there already.",
                        "What Now Then product fax – counted in page, listed per 1 as page"
                                + " list price of audio in USD from 2026-10-02 – 0.08 USD per 60 second"
                                + " price for acme of audio in USD from 2027-01-01 0.05 USD per 60 second 0.06 USD per 60 second"
                                + " list price of fax in USD from 2026-01-01 – per begun package: 2.00 USD per 100 page"
                                + " operation polling – costs nothing",
                        "The next nightly run would rate 4 days of usage again",
                        "audio 2026-10-01 1 audio 2026-10-03 2 audio 2026-10-04 1");
        assertThat(preview.body()).contains("action=\"/console/prices/import\"", "effective_from: 2026-10-02");
        assertThat(stored()).isEqualTo(before);

        assertThat(operator.postWithToken("/console/prices/import", Map.of("text", MORE))
                        .text())
                .contains("3 added, 1 updated, 1 unchanged. The next nightly run rates 4 days of usage again.");
        assertThat(operator.get("/console/prices").text())
                .contains("audio all 0.08 USD per 60 second 2026-10-02 in force fax all per begun package: 2.00 USD");
        assertThat(strings("""
                        select distinct who || ' ' || split_part(source, ' from ', 1) || ' ' || what || ' ' || change
                          from audit_told where who like 'key %' and what <> 'api_key' order by 1"""))
                .containsExactly(
                        "key " + key + " POST /console/prices/import operation INSERT",
                        "key " + key + " POST /console/prices/import price INSERT",
                        "key " + key + " POST /console/prices/import price_tier DELETE",
                        "key " + key + " POST /console/prices/import price_tier INSERT",
                        "key " + key + " POST /console/prices/import product INSERT");
        application.moveTo(Instant.parse("2026-10-07T10:00:00Z"));
        application.get(Schedules.class).runDue();
        assertThat(
                        strings(
                                "select account || ' ' || day || ' ' || round(amount, 2) from daily_cost order by account, day"))
                .containsExactly(
                        "acme 2026-10-01 0.07", "acme 2026-10-03 0.08", "bolt 2026-10-03 0.08", "bolt 2026-10-04 0.08");
        operator.get("/console/prices/import");
        assertThat(operator.submit("/console/prices/preview", Map.of("text", MORE))
                        .text())
                .contains(
                        "0 would be added, 0 updated, 5 are there already.",
                        "Nothing: all of it is there already.",
                        "No day of usage would be rated again.");
    }

    @Test
    void whatIsRefusedIsToldWithItsPlaceAndWhatWasTypedStays() {
        var before = stored();
        var wrong = Map.of(
                "\ncurrency: [USD", "the price book, line",
                "currency: USD\ncurrency: EUR\n</textarea><script>x</script>", "the price book, line 2:",
                "currency: USD\nprices:\n  - {product: nope, effective_from: 2026-01-01, amount: 1}",
                        "the price book, prices[0].product: is 'nope': must be a product of this file or of the price book",
                "currency: USD\nproducts:\n  audio: {unit: \"a\\0b\"}", "has a NUL character",
                "", "must have the keys currency, products and prices");
        wrong.forEach((text, problem) -> {
            for (var step : List.of("preview", "import")) {
                operator.get("/console/prices/import");
                var page = step.equals("preview")
                        ? operator.submit("/console/prices/preview", Map.of("text", text))
                        : operator.postWithToken("/console/prices/import", Map.of("text", text));
                assertThat(page.status()).as(text).isEqualTo(400);
                assertThat(page.text().replace("&#39;", "'")).contains("Nothing was changed.", problem);
                assertThat(page.body())
                        .contains(" required>\n"
                                + text.replace("&", "&amp;")
                                        .replace("<", "&lt;")
                                        .replace(">", "&gt;")
                                        .replace("\"", "&quot;")
                                + "</textarea>")
                        .doesNotContain("<script>x");
            }
        });
        var long_ = "x: " + "y".repeat(1_000_000);
        operator.get("/console/prices/import");
        assertThat(operator.submit("/console/prices/preview", Map.of("text", long_))
                        .text())
                .contains("The text has more than 1,000,000 characters: import it by ./postpaid prices import");
        operator.get("/console/prices/import");
        assertThat(operator.submit("/console/prices/preview", Map.of("text", long_.repeat(3)))
                        .status())
                .isBetween(400, 499);
        assertThat(stored()).isEqualTo(before);
    }

    @Test
    void whileARunIsInProgressPricesWait() {
        try (var run = application.get(javax.sql.DataSource.class).getConnection();
                var lock = run.createStatement()) {
            lock.execute("select pg_advisory_lock(7767825413)");
            operator.get("/console/prices/import");
            var page = operator.submit("/console/prices/preview", Map.of("text", MORE));
            assertThat(page.status()).isEqualTo(409);
            assertThat(page.text()).contains("A run is in progress: wait for it to end", "product: fax");
            lock.execute("select pg_advisory_unlock_all()");
        } catch (java.sql.SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void viewersHaveNoForms() {
        var before = stored().size();
        var viewer = ConsoleTest.signedIn(
                application,
                application.get(ApiKeys.class).ofOperator("", Role.VIEWER).secret());
        assertThat(viewer.get("/console/prices").text()).contains("0.07 USD").doesNotContain("Import a price book");
        assertThat(viewer.get("/console/prices/import").body())
                .contains("This is not for your role")
                .doesNotContain("<textarea");
        for (var step : List.of("preview", "import")) {
            assertThat(viewer.postWithToken("/console/prices/" + step, Map.of("text", MORE))
                            .status())
                    .isEqualTo(403);
        }
        assertThat(stored()).hasSize(before);
    }

    @Test
    void pricesOfManyAccountsAreReadPageByPage() {
        application.jdbc().sql("""
                insert into price (product, account, currency, effective_from, model, per)
                select 'audio', 'a' || n, 'USD', '2026-01-01', 'per_unit', 1 from generate_series(1, 120) n""").update();
        application.jdbc().sql("""
                insert into price_tier (price, tier, amount)
                select id, 1, 1 from price where account like 'a%' and account <> 'acme'""").update();
        var pages = new java.util.ArrayList<Integer>();
        var path = "/console/prices?product=audio";
        while (path != null) {
            var page = operator.get(path).body();
            pages.add(page.split("<tr><td", -1).length - 1);
            int end = page.indexOf("\">Further prices");
            path = end < 0
                    ? null
                    : page.substring(page.lastIndexOf("href=\"", end) + 6, end)
                            .replace("&amp;", "&")
                            .replace("&#x3D;", "=");
        }
        assertThat(pages).containsExactly(50, 50, 21);
    }
}
