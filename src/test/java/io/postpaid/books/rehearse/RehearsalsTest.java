package io.postpaid.books.rehearse;

import static io.postpaid.books.rehearse.SeededBooks.NOVEMBER;
import static io.postpaid.books.rehearse.SeededBooks.OCTOBER;
import static io.postpaid.books.rehearse.SeededBooks.TAXES;
import static io.postpaid.books.rehearse.SeededBooks.prices;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postpaid.books.rehearse.Rehearsals.Wanted;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.file.RefusedFileException;
import io.postpaid.support.TestApplication;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RehearsalsTest {
    private static final long SEED = Long.getLong("seed", 1);

    @TempDir
    private Path folder;

    @Test
    void aBilledMonthIsBilledTheSameAgainAndLeavesNoTrace() throws IOException {
        try (var books = new SeededBooks(folder, SEED)) {
            books.begin(prices(0, false), TAXES);
            books.october(true);
            assertThat(changed(rehearse(books, OCTOBER, null, null))).isEmpty();

            books.november();
            var before = everything(books.postpaid);
            assertThat(changed(all(books, new Wanted(OCTOBER, null, null, false))))
                    .isEmpty();
            var november = rehearse(books, NOVEMBER, null, null);
            assertThat(changed(november)).isEmpty();
            assertThat(november).hasSize(30);
            assertThat(november.values())
                    .as("both kinds of credit, and tax, are in it")
                    .anyMatch(one -> one.after().credits().signum() > 0)
                    .anyMatch(one -> one.after().tax().signum() > 0);

            // What came for October since, by account.
            var since = changed(rehearse(books, OCTOBER, null, null));
            assertThat(since.keySet()).isEqualTo(late(books.postpaid).keySet());
            assertThat(since.values())
                    .extracting(Rehearsed::why)
                    .contains("late usage", "correction", "late usage, correction")
                    .containsOnly("late usage", "correction", "late usage, correction");
            rehearse(books, OCTOBER, books.file("raised.yaml", prices(10, true)), books.file("t.yaml", taxes("26")));
            assertThat(everything(books.postpaid)).isEqualTo(before);

            theProgramBillsOtherwise(books);
        }
    }

    /** As if an older version had billed a cent more. */
    private void theProgramBillsOtherwise(SeededBooks books) {
        var account = books.postpaid
                .jdbc()
                .sql("select min(account) from invoice where period = '2026-11-01' and tax > 0 and status = 'OPEN'")
                .query(String.class)
                .single();
        books.postpaid.jdbc().sql("""
                do $$ begin
                    set local session_replication_role = replica;
                    update invoice set tax = tax + 0.01, total = total + 0.01, amount_due = amount_due + 0.01
                     where account = '%1$s' and period = '2026-11-01';
                    update invoice_tax t set tax = t.tax + 0.01
                      from invoice i
                     where i.id = t.invoice and i.account = '%1$s' and i.period = '2026-11-01' and t.position = 1;
                end $$""".formatted(account)).update();
        var changed = changed(rehearse(books, NOVEMBER, null, null));
        assertThat(changed).containsOnlyKeys(account);
        assertThat(changed.values()).extracting(Rehearsed::why).containsOnly("code");
        assertThat(changed.firstEntry().getValue().difference()).isEqualByComparingTo("-0.01");
    }

    @Test
    void otherPricesAndTaxesGiveWhatBooksOfThemWouldHaveBilled() throws IOException {
        Map<String, Rehearsed> priced;
        Map<String, Rehearsed> taxed;
        Map<String, Rehearsed> both;
        try (var books = new SeededBooks(folder.resolve("as-it-was"), SEED)) {
            books.begin(prices(0, false), TAXES);
            books.october(true);
            var raised = books.file("raised.yaml", prices(10, true));
            var taxes = books.file("raised-taxes.yaml", taxes("26.5"));
            priced = rehearse(books, OCTOBER, raised, null);
            taxed = rehearse(books, OCTOBER, null, taxes);
            both = rehearse(books, OCTOBER, raised, taxes);
            refused(books);
        }
        assertThat(changed(priced)).isNotEmpty();
        assertThat(changed(priced).values()).extracting(Rehearsed::why).containsOnly("price");
        assertThat(changed(taxed).values()).extracting(Rehearsed::why).containsOnly("tax");
        assertThat(changed(both).values()).extracting(Rehearsed::why).contains("price", "price, tax");
        taxed.values()
                .forEach(one -> assertThat(
                                one.after().total().subtract(one.after().tax()))
                        .isEqualByComparingTo(
                                one.before().total().subtract(one.before().tax())));

        try (var twin = new SeededBooks(folder.resolve("raised"), SEED)) {
            twin.begin(prices(10, true), TAXES);
            twin.october(false);
            assertThat(totals(priced)).isEqualTo(totals(rehearse(twin, OCTOBER, null, null)));
            assertThat(totals(priced)).containsAllEntriesOf(invoices(twin.postpaid));
        }
        try (var twin = new SeededBooks(folder.resolve("both"), SEED)) {
            twin.begin(prices(10, true), taxes("26.5"));
            twin.october(false);
            assertThat(totals(both))
                    .containsAllEntriesOf(invoices(twin.postpaid))
                    .hasSize(30);
        }
    }

    private void refused(SeededBooks books) {
        var unknown = books.file("unknown.yaml", """
                currency: EUR
                prices: [{product: ghost, effective_from: 2026-01-01, amount: "1"}]
                """);
        assertThatThrownBy(() -> rehearse(books, OCTOBER, unknown, null))
                .isInstanceOf(RefusedFileException.class)
                .hasMessageContaining("is 'ghost': must be a product of this file or of the price book");
        var unit = books.file("unit.yaml", "currency: EUR\nproducts: {text: {unit: letter}}\n");
        assertThatThrownBy(() -> rehearse(books, OCTOBER, unit, null))
                .hasMessageContaining("products.text: cannot be changed, since it was used");
        var percent = books.file("percent.yaml", taxes("120"));
        assertThatThrownBy(() -> rehearse(books, OCTOBER, null, percent)).isInstanceOf(RefusedFileException.class);
    }

    private static String taxes(String swedish) {
        return TAXES.replace("percent: \"25\"", "percent: \"" + swedish + "\"");
    }

    private static Map<String, Rehearsed> rehearse(
            SeededBooks books, BillingPeriod period, @Nullable Path prices, @Nullable Path taxes) {
        return all(books, new Wanted(period, prices, taxes, true));
    }

    private static Map<String, Rehearsed> all(SeededBooks books, Wanted wanted) {
        var all = new ArrayList<Rehearsed>();
        books.postpaid.get(Rehearsals.class).run(wanted, _ -> {}, all::add);
        return all.stream().collect(toMap(Rehearsed::account, one -> one, (one, _) -> one, TreeMap::new));
    }

    private static TreeMap<String, Rehearsed> changed(Map<String, Rehearsed> all) {
        var changed = new TreeMap<>(all);
        changed.values().removeIf(one -> !one.changed());
        return changed;
    }

    private static Map<String, String> totals(Map<String, Rehearsed> all) {
        var totals = new TreeMap<String, String>();
        all.forEach((account, one) -> totals.put(account, one.after().total().toPlainString()));
        return totals;
    }

    private static Map<String, String> invoices(TestApplication postpaid) {
        return postpaid
                .jdbc()
                .sql("select account, total from invoice where period = '2026-10-01'")
                .query((row, i) ->
                        Map.entry(row.getString(1), row.getBigDecimal(2).toPlainString()))
                .list()
                .stream()
                .collect(toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** What later invoices have of October, by account. */
    private static Map<String, BigDecimal> late(TestApplication postpaid) {
        return postpaid
                .jdbc()
                .sql("""
                        select account, sum(abs(amount)) as amount
                          from (select account, product, day, sum(amount) as amount
                                  from usage_line
                                 where period > '2026-10-01' and day < '2026-11-01' and price is not null
                                 group by account, product, day) late
                         where amount <> 0
                         group by account""")
                .query((row, i) -> Map.entry(row.getString(1), row.getBigDecimal(2)))
                .list()
                .stream()
                .collect(toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** The rows of every table, and how far every sequence is. */
    private static String everything(TestApplication postpaid) {
        var jdbc = postpaid.jdbc();
        List<String> tables = jdbc.sql("""
                        select quote_ident(tablename) from pg_tables where schemaname = current_schema() order by 1""").query(String.class).list();
        return tables.stream()
                        .map(table -> table + " "
                                + jdbc.sql(
                                                "select coalesce(md5(string_agg(t::text, ',' order by t::text)), '') || count(*) from "
                                                        + table + " t")
                                        .query(String.class)
                                        .single())
                        .collect(joining("\n"))
                + jdbc.sql("select string_agg(sequencename || last_value, ',' order by sequencename) from pg_sequences")
                        .query(String.class)
                        .single();
    }
}
