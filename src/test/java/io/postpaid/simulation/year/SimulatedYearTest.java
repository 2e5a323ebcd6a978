package io.postpaid.simulation.year;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.postpaid.books.ledger.TrialBalance;
import io.postpaid.books.report.Verification;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.support.Rehearsed;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.YearMonth;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Twelve months of everything that finance knows, through the real jobs: usage that is late and taken back, prices and tax
 * rates that change, an exemption that ends, reverse charge, credit that is given, bought, expires and goes back, cards that
 * are declined, transfers that fall short or go beyond, write-offs that are paid after all, refunds that wait or fail, charges
 * that banks take back, an account that is held, two currencies. At each month's end the trial balance of the general ledger
 * is what a plain calculation comes to, exactly; and a year in which the program dies again and again is the same year.
 *
 * <p>{@code -Dseed=N} replays a year, {@code -Dyears=10} plays so many.
 */
class SimulatedYearTest {
    @TempDir
    private Path folder;

    /** Whether the year is played without crashes, too: entry by entry the same. */
    private static final boolean BOTH = Long.getLong("years", 0) > 0 || System.getProperty("seed") != null;

    @TestFactory
    Stream<DynamicTest> theBooksAreThoseOfAPlainCalculation() {
        var seed = Long.getLong("seed");
        return (seed == null ? LongStream.range(0, Long.getLong("years", 1)) : LongStream.of(seed))
                .mapToObj(n -> dynamicTest("seed " + n, () -> {
                    // The killed year is held beside the plain calculation by itself.
                    var killed = played(n, "killed", true);
                    if (BOTH) assertThat(played(n, "untroubled", false)).isEqualTo(killed);
                }));
    }

    /** @return what the general ledger says in the end, of whom and when */
    private List<String> played(long seed, String name, boolean dies) throws IOException {
        try (var program = new Program(folder.resolve(name + seed), dies ? new Random(seed) : null)) {
            var year = new SimulatedYear(seed, program);
            var exported = new ExportedJournals(program.application);
            var versions = new HashMap<YearMonth, Integer>();
            year.play(month -> {
                prove(program, year, month);
                program.close(month);
                assertRefused(program, month);
                exported.take(month, versions.merge(month, 1, Integer::sum));
                assertThat(exported.differences(year.books.at(month)))
                        .as("the journals up to %s", month)
                        .isEmpty();
            });
            for (int n = 0; n < SimulatedYear.MONTHS; n++) prove(program, year, SimulatedYear.FIRST.plusMonths(n));
            Rehearsed.equalsTheBooks(program.application);
            assertThat(program.application.get(Verification.class).run())
                    .filteredOn(check -> !check.holds())
                    .isEmpty();
            assertThat(program.died).isGreaterThanOrEqualTo(dies ? SimulatedYear.MONTHS : 0);
            return entries(program);
        }
    }

    private static void prove(Program program, SimulatedYear year, YearMonth month) {
        var balances = new TreeMap<String, BigDecimal>();
        var sums = new TreeMap<String, BigDecimal>();
        for (var row : program.application.get(TrialBalance.class).of(BillingPeriod.parse(month.toString()))) {
            balances.merge(account(row), row.closing(), BigDecimal::add);
            sums.merge(row.currency(), row.debit().subtract(row.credit()), BigDecimal::add);
        }
        balances.values().removeIf(balance -> balance.signum() == 0);
        balances.replaceAll((account, balance) -> balance.stripTrailingZeros());
        assertThat(differences(balances, year.books.at(month)))
                .as("the trial balance of %s", month)
                .isEmpty();
        assertThat(sums.values())
                .as("debits less credits of %s", month)
                .hasSize(2)
                .allMatch(sum -> sum.signum() == 0);
        assertThat(untied(program, month))
                .as("rated usage, ledger and invoices of %s", month)
                .isEmpty();
    }

    private static List<String> differences(Map<String, BigDecimal> program, Map<String, BigDecimal> plain) {
        return Stream.concat(program.keySet().stream(), plain.keySet().stream())
                .distinct()
                .filter(account -> !Objects.equals(program.get(account), plain.get(account)))
                .map(account -> account + ": " + program.get(account) + ", and by hand " + plain.get(account))
                .sorted()
                .toList();
    }

    /** What is closed takes nothing more, not even by plain SQL. */
    private static void assertRefused(Program program, YearMonth month) {
        assertThatThrownBy(() -> program.application
                        .jdbc()
                        .sql("""
                        insert into posting (at, account, kind, debit, credit, amount, currency)
                        values (cast(:day as timestamp) at time zone 'UTC', 'noted', 'paid', 'CASH', 'BALANCE', 1, 'EUR')""")
                        .param("day", month.atEndOfMonth())
                        .update())
                .hasMessageContaining("the books of " + month + " are closed");
    }

    private static String account(TrialBalance.Row row) {
        var of = switch (row.account()) {
            case REVENUE -> row.product() == null ? "" : " " + row.product();
            case TAX_PAYABLE ->
                " " + row.taxCountry() + " "
                        + row.taxPercent().stripTrailingZeros().toPlainString() + " " + row.taxName();
            default -> "";
        };
        return row.currency() + " " + row.account() + of;
    }

    /** Rated usage is what invoices ask for without tax, as it was before it was rounded, what credit covered, and the rest. */
    private static Map<String, BigDecimal> untied(Program program, YearMonth month) {
        var differences = new TreeMap<String, BigDecimal>();
        program.application.jdbc().sql("""
                        select currency, sum(amount) as difference
                          from (select a.currency, u.amount
                                  from usage_line u join account a on a.id = u.account
                                 where u.period <= :end and u.price is not null
                                 union all
                                select currency, credits - subtotal from invoice where issued_on <= :end
                                 union all
                                select currency, case when debit = 'ROUNDING' then -amount else amount end
                                  from ledger_entry
                                 where posted_on <= :end and 'ROUNDING' in (debit, credit)
                                 union all
                                select currency, case when debit = 'UNBILLED_RECEIVABLES' then amount else -amount end
                                  from ledger_entry
                                 where posted_on <= :end and event = 'credit-used'
                                 union all
                                select currency, case when debit = 'UNBILLED_RECEIVABLES' then -amount else amount end
                                  from ledger_entry
                                 where posted_on <= :end and 'UNBILLED_RECEIVABLES' in (debit, credit)) parts
                         group by currency
                        having sum(amount) <> 0""").param("end", month.atEndOfMonth()).query(row -> {
            differences.put(row.getString("currency"), row.getBigDecimal("difference"));
        });
        return differences;
    }

    private static List<String> entries(Program program) {
        return program.application.jdbc().sql("""
                        select concat_ws(' ', posted_on, event, customer, debit, credit, trim_scale(amount), currency, product,
                                         tax_country, tax_percent, tax_name)
                          from ledger_entry
                         order by 1""").query(String.class).list();
    }
}
