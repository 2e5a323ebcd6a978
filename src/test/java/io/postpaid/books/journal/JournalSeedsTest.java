package io.postpaid.books.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.math.BigDecimal;
import java.time.YearMonth;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Fractions of cents over many months, in several currencies, with months that are opened again. */
class JournalSeedsTest {
    private static final List<String> PRODUCTS = List.of("audio", "image", "text");
    private static final int MONTHS = 7;

    /** Compared with the ledger, translated and rounded once: what journals say of each account, product and tax but for rounding. */
    private static final String DRIFTED = """
            with leg as (
                select leg.account, case leg.account when 'REVENUE' then product end as product,
                       case leg.account when 'TAX_PAYABLE' then tax_country || tax_percent end as tax, currency, leg.amount
                  from ledger_entry
                 cross join lateral (values (debit, amount), (credit, -amount)) leg (account, amount)
            ), ledger as (
                select account, product, tax, currency, round(sum(amount), 2) as amount from leg group by 1, 2, 3, 4
            ), booked as (
                select account, product, tax_country || tax_percent as tax, currency, sum(debit - credit) as amount,
                       sum(book_debit - book_credit) as in_books
                  from booked_line
                 group by 1, 2, 3, 4
            )
            select concat_ws(' ', l.account, l.product, l.tax, l.currency, l.amount, b.amount, b.in_books)
              from ledger l
              left join booked b on (b.account, b.currency) = (l.account, l.currency) and b.product is not distinct from l.product
                                    and b.tax is not distinct from l.tax
             where l.account <> 'ROUNDING'
               and (l.amount <> coalesce(b.amount, 0)
                    or l.account not in ('REVENUE', 'ROUNDING') and b.in_books <> round(b.amount / case l.currency when :translated then 1.25 else 1 end, 2))""";

    private static final String UNBALANCED = """
            select journal || '/' || entry from booked_line group by journal, entry
            having sum(debit) <> sum(credit) or sum(book_debit) <> sum(book_credit)""";

    @TestFactory
    Stream<DynamicTest> nothingDrifts() {
        var seed = Long.getLong("seed");
        var seeds = seed == null
                ? LongStream.range(0, Math.max(3, Integer.getInteger("seeds", 0) / 4))
                : LongStream.of(seed);
        return seeds.mapToObj(n -> dynamicTest("seed " + n, () -> nothingDrifts(new Random(n))));
    }

    private static void nothingDrifts(Random random) {
        boolean translated = random.nextBoolean();
        var ledger = new PlantedLedger().inBooksOf(translated ? "EUR" : null).rates("2025-12-31 USD 1.1\n");
        for (var month = YearMonth.parse("2026-01");
                month.isBefore(YearMonth.parse("2026-01").plusMonths(MONTHS));
                month = month.plusMonths(1)) {
            // The last rate of each month is 1.25.
            var rates = new StringBuilder();
            for (int day = 2; day < month.lengthOfMonth(); day += 3) {
                rates.append("%s USD %s\n"
                        .formatted(month.atDay(day), BigDecimal.valueOf(10_000 + random.nextInt(5_000), 4)));
            }
            ledger.rates(rates + month.atEndOfMonth().toString() + " USD 1.25\n");
            do {
                ledger.with(entries(random, month));
                ledger.write(month.toString());
            } while (random.nextInt(4) == 0);
            assertThat(ledger.jdbc
                            .sql(DRIFTED)
                            .param("translated", translated ? "USD" : "none")
                            .query(String.class)
                            .list())
                    .as(month.toString())
                    .isEmpty();
        }
        assertThat(ledger.jdbc.sql(UNBALANCED).query(String.class).list()).isEmpty();
        assertThat(ledger.lines(ledger.write(
                        YearMonth.parse("2026-01").plusMonths(MONTHS - 1L).toString())))
                .isEmpty();
    }

    private static String entries(Random random, YearMonth month) {
        var entries = new StringBuilder();
        for (int n = random.nextInt(40); n > 0; n--) {
            var exact = BigDecimal.valueOf(1 + random.nextInt(2_000_000_000), 8);
            var cents = BigDecimal.valueOf(1 + random.nextInt(100_000), 2);
            var product = PRODUCTS.get(random.nextInt(PRODUCTS.size()));
            entries.append("%s %s %s\n"
                    .formatted(
                            month.atDay(1 + random.nextInt(month.lengthOfMonth())),
                            switch (random.nextInt(6)) {
                                case 0 -> "usage UNBILLED_RECEIVABLES REVENUE/" + product + " " + exact.toPlainString();
                                case 1 -> "credit-used DEFERRED_CREDIT UNBILLED_RECEIVABLES " + exact.toPlainString();
                                case 2 -> "invoice RECEIVABLES UNBILLED_RECEIVABLES " + exact.toPlainString();
                                case 3 -> "invoice RECEIVABLES TAX_PAYABLE/FI/25.5/VAT " + cents.toPlainString();
                                case 4 -> "invoice ROUNDING RECEIVABLES 0.00" + (1 + random.nextInt(9));
                                default -> "payment BANK RECEIVABLES " + cents.toPlainString();
                            },
                            random.nextBoolean() ? "USD" : "EUR"));
        }
        return entries.toString();
    }
}
