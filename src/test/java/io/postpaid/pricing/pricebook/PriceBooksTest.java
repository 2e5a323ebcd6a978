package io.postpaid.pricing.pricebook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.postpaid.account.TestAccounts;
import io.postpaid.platform.file.RefusedFileException;
import io.postpaid.support.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;

class PriceBooksTest {
    private static final String LIST = """
            currency: USD
            products:
              audio: {unit: second, listed_per: 60, listed_unit: minute}
              text:  {unit: word}
              feed:  {unit: call, billable: false}
            prices:
              - {product: audio, effective_from: 2026-01-01, amount: "0.0639", per: 60}
              - product: text
                effective_from: 2026-01-01
                model: graduated
                tiers: [{up_to: 1000000, amount: 0.00024}, {amount: "0.00018"}]
              - {product: audio, account: acme, effective_from: 2026-10-15, amount: "0.05", per: 60}
            operations: {backfill: {billable: false}}
            """;

    @TempDir
    private Path folder;

    private Path file;
    private JdbcClient jdbc;
    private PriceBooks books;

    @BeforeEach
    void open() {
        var database = TestDatabase.createDataSource();
        file = folder.resolve("prices.yaml");
        jdbc = JdbcClient.create(database);
        var transactions = new JdbcTransactionManager(database);
        books = new PriceBooks(new PriceStore(jdbc), TestAccounts.on(database), transactions);
        jdbc.sql("""
                        insert into account (id, name, email, currency, monthly_limit, free_credit, created_on)
                        select id, id, 'a@a.test', currency, 100, 20, '2026-01-01'
                          from (values ('acme', 'USD'), ('beta', 'USD'), ('euro', 'EUR')) a(id, currency)""").update();
    }

    private PricesImported imported(String yaml) {
        try {
            return books.importFile(Files.writeString(file, yaml));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<String> problems(String yaml) {
        return catchThrowableOfType(RefusedFileException.class, () -> imported(yaml))
                .problems();
    }

    private static String one(String price) {
        return "currency: USD\nproducts: {audio: {unit: second}}\nprices:\n  - " + price + "\n";
    }

    @Test
    void theWholeFileIsKeptAndImportingItAgainChangesNothing() {
        assertThat(imported(LIST)).isEqualTo(new PricesImported(6, 0, 0, 0));
        assertThat(imported(LIST)).isEqualTo(new PricesImported(0, 0, 6, 0));

        var book = books.load();
        assertThat(book.products()).extracting(Product::id).containsExactly("audio", "feed", "text");
        assertThat(book.product("audio").listedUnit()).isEqualTo("minute");
        assertThat(book.product("text").listedUnit()).isEqualTo("word");
        assertThat(book.product("feed").billable()).isFalse();
        assertThat(book.prices()).hasSize(3);
        assertThat(book.prices().getLast().tiers().getFirst().amount()).isEqualByComparingTo("0.00024");
        assertThat(jdbc.sql("select billable from operation where id = 'backfill'")
                        .query(Boolean.class)
                        .single())
                .isFalse();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {product: audio, effective_from: 2026-01-01}                                       | prices[0].amount: is missing: must be an amount such as "0.0639"
            {product: audio, effective_from: 2026-01-01, amount: cheap}                        | prices[0].amount: is 'cheap': must be an amount such as "0.0639"
            {product: audio, effective_from: 2026-01-01, amount: -1}                           | prices[0].amount: is '-1': must be an amount such as "0.0639"
            {product: audio, effective_from: 2026-01-01, amount: "0.0000000000001"}            | prices[0].amount: is '0.0000000000001': must be an amount such as "0.0639"
            {product: audio, effective_from: 2026-01-01, amount: 1, per: 0}                    | prices[0].per: is '0': must be a number above 0 such as 60
            {product: audio, effective_from: 2026-13-01, amount: 1}                            | prices[0].effective_from: is '2026-13-01': must be a day such as 2026-01-01
            {product: audio, effective_from: 2026-01-01, amount: 1, colour: red}               | prices[0].colour: is not a known key, which are [account, amount, effective_from, model, per, product, tiers]
            {product: audio, effective_from: 2026-01-01, amount: 1, model: flat}               | prices[0].model: is 'flat': must be per_unit, graduated, volume or package
            {product: audio, effective_from: 2026-01-01, model: volume}                        | prices[0].tiers: is missing: must be a list of tiers
            {product: audio, effective_from: 2026-01-01, model: volume, tiers: [{amount: 1}, {amount: 2}]} | prices[0].tiers[0].up_to: is missing: must be a number above 0 such as 1000000
            {product: audio, effective_from: 2026-01-01, model: volume, tiers: [{up_to: 5, amount: 1}, {up_to: 5, amount: 1}, {amount: 2}]} | prices[0].tiers[1].up_to: is 5: must be above 5, where the tier before it ends
            {product: audio, effective_from: 2026-01-01, model: volume, tiers: [{up_to: 5, amount: 1}]} | prices[0].tiers[0].up_to: cannot stand in the last tier, which is open
            {product: audio, effective_from: 2026-01-01, amount: 1, tiers: [{amount: 1}]}      | prices[0].tiers: cannot stand in a price per_unit: give it an amount
            {product: video, effective_from: 2026-01-01, amount: 1}                            | prices[0].product: is 'video': must be a product of this file or of the price book
            {product: audio, account: euro, effective_from: 2026-01-01, amount: 1}             | prices[0].account: is 'euro', which is billed in EUR: its prices cannot be in USD
            """)
    void aProblemIsToldWithItsPath(String price, String problem) {
        assertThat(problems(one(price))).containsExactly(file + ", " + problem);
        assertThat(books.load().products()).isEmpty();
    }

    @Test
    void accountsAndPricesMayComeInAnyOrder() {
        imported(one("{product: audio, account: zeta, effective_from: 2026-01-01, amount: 1}"));

        assertThat(books.load().priceInForce("zeta", "USD", "audio", LocalDate.parse("2026-01-01")))
                .isPresent();
    }

    @Test
    void allProblemsAreToldAtOnce() {
        assertThat(problems("""
                        currency: dollars
                        products: {audio: {listed_per: many}}
                        prices:
                          - {product: audio, effective_from: 2026-01-01, amount: 1}
                          - {product: audio, effective_from: 2026-01-01, amount: 2}
                        discounts: []
                        """))
                .containsExactly(
                        file + ", discounts: is not a known key, which are [currency, operations, prices, products]",
                        file + ", currency: is 'dollars': must be a currency such as USD",
                        file + ", products.audio.unit: is missing: must be a unit such as second",
                        file + ", products.audio.listed_per: is 'many': must be a number above 0 such as 60",
                        file + ", prices[1]: the price of audio in USD from 2026-01-01 stands in prices[0] already");
        assertThat(problems("")).containsExactly(file + ": must have the keys currency, products and prices");
        assertThat(problems("currency: [USD")).singleElement().asString().contains("line ");
        assertThat(problems("currency: USD\ncurrency: EUR"))
                .singleElement()
                .asString()
                .contains("currency");
    }

    @Test
    void aPriceThatWasUsedIsNotEdited() {
        imported(LIST);
        assertThat(imported(LIST.replace("0.0639", "0.0700"))).isEqualTo(new PricesImported(0, 1, 5, 0));
        rated("acme", "2026-10-01", "2026-10-01", "0.07");

        assertThat(problems(LIST.replace("0.0639", "0.0800")))
                .containsExactly(
                        file + ", prices[0]: the price of audio in USD from 2026-01-01 was used (for account acme"
                                + " on 2026-10-01) and cannot be changed: add a new version with a later effective_from");
        assertThat(problems(LIST.replace("0.0639", "0.0700").replace("unit: second", "unit: hour")))
                .containsExactly(file + ", products.audio: cannot be changed, since it was used (by account acme on"
                        + " 2026-10-01): add another product");
        assertThat(imported(LIST.replace("0.0639", "0.07"))).isEqualTo(new PricesImported(0, 0, 6, 0));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {product: audio, effective_from: 2026-10-11, amount: 1}                 | 0 | no usage from that day on
            {product: audio, effective_from: 2026-10-10, amount: 1}                 | 2 | the month of beta: acme has its own price
            {product: audio, account: acme, effective_from: 2026-10-07, amount: 1}  | 1 | acme
            {product: audio, account: beta, effective_from: 2026-10-05, amount: 1}  | 2 | beta
            {product: audio, account: beta, effective_from: 2026-10-11, amount: 1}  | 0 | later
            """)
    void aNewVersionHasItsDaysRatedAgain(String price, int days, String why) {
        imported(one("{product: audio, effective_from: 2026-01-01, amount: 2}\n"
                + "  - {product: audio, account: acme, effective_from: 2026-10-06, amount: 3}"));
        rated("acme", "2026-10-10", "2026-10-01", "3");
        rated("beta", "2026-10-05", "2026-10-01", "2");
        rated("beta", "2026-10-10", "2026-10-01", "2");

        assertThat(imported(one(price)).daysToRate()).as(why).isEqualTo(days);
        assertThat(jdbc.sql("select count(*) from unrated_day")
                        .query(Integer.class)
                        .single())
                .isEqualTo(days);
    }

    @Test
    void aFrozenPeriodKeepsItsPrices() {
        imported(LIST);
        rated("beta", "2026-09-30", "2026-09-01", "0.0639");
        rated("beta", "2026-09-29", "2026-10-01", "0.0639");
        jdbc.sql("insert into billing_period values ('2026-09-01', now())").update();

        assertThat(problems(one("{product: audio, effective_from: 2026-09-30, amount: 1}")))
                .containsExactly(file + ", products.audio: cannot be changed, since it was used (by account beta on"
                        + " 2026-09-29): add another product");
        assertThat(problems(onlyPrice("2026-09-30")))
                .containsExactly(file + ", prices[0]: the price of audio in USD from 2026-09-30 would change what"
                        + " account beta used on 2026-09-30, in a period that is invoiced: add it with a later"
                        + " effective_from");
        assertThat(imported(onlyPrice("2026-10-01"))).isEqualTo(new PricesImported(1, 0, 0, 0));
    }

    @Test
    void anImportWaitsForNoRun() throws Exception {
        var database = TestDatabase.createDataSource();
        var busy = new PriceBooks(
                new PriceStore(JdbcClient.create(database)),
                TestAccounts.on(database),
                new JdbcTransactionManager(database));
        Files.writeString(file, LIST);
        try (var run = database.getConnection();
                var lock = run.createStatement()) {
            lock.execute("select pg_advisory_lock(7767825413)");
            assertThatThrownBy(() -> busy.importFile(file))
                    .hasMessage("A run is in progress: wait for it to end, then import the prices");
        }
    }

    private static String onlyPrice(String day) {
        return "currency: USD\nprices:\n  - {product: audio, effective_from: " + day + ", amount: 1}\n";
    }

    /** A day of 60 seconds of audio, rated with the price in force. */
    private void rated(String account, String day, String period, String amount) {
        long price = books.load()
                .priceInForce(account, "USD", "audio", LocalDate.parse(day))
                .orElseThrow()
                .id();
        jdbc.sql("""
                        insert into usage_journal (period, account, product, lines)
                        values (:period::date, :account, 'audio',
                                array[row(:day::date, :price, 1, 60, :amount::numeric, 1, 0, 0)::journal_line])""")
                .param("account", account)
                .param("day", day)
                .param("period", period)
                .param("price", price)
                .param("amount", amount)
                .update();
    }
}
