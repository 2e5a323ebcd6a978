package io.postpaid.payments.bank;

import io.postpaid.platform.calendar.BillingPeriod;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Ties the bank's account in the ledger to the lines of its statements. */
@Component
public class BankTie {
    private static final String SUMS = """
            with posted as (
                select currency, sum(case when debit = 'BANK' then amount else -amount end) as amount
                  from ledger_entries(:from, :to)
                 where 'BANK' in (debit, credit)
                 group by currency
            ), lined as (
                select l.currency, sum(l.amount) filter (where b.kind <> 'IGNORED') as amount,
                       sum(l.amount) filter (where b.kind = 'IGNORED') as ignored
                  from bank_line l
                  join bank_match b on b.line = l.id
                 where l.booked_on between :from and :to
                 group by l.currency
            )
            select currency, trim_scale(coalesce(p.amount, 0)) as posted, trim_scale(coalesce(l.amount, 0)) as lines,
                   trim_scale(coalesce(l.ignored, 0)) as ignored
              from posted p full join lined l using (currency)
             order by currency""";

    private final JdbcClient jdbc;

    BankTie(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * What is in a month on one side only: a payout under way, a transfer that was recorded and is on no line, a line of a month
     * that was closed when it was recorded.
     *
     * @param amount the books' less the bank's
     * @param postedOn null where it is not in the books
     * @param bookedOn the bank's day; null where it is on no line
     */
    public record Difference(
            String kind,
            String reference,
            String currency,
            BigDecimal amount,
            @Nullable LocalDate postedOn,
            @Nullable LocalDate bookedOn) {}

    /** A line up to the month's end that nobody has matched yet. */
    public record Open(long line, LocalDate bookedOn, BigDecimal amount, String currency, String party, String text) {}

    /**
     * A currency in a month.
     *
     * @param posted what the ledger's account of the bank changed by
     * @param lines what matched lines of the month moved
     * @param ignored what lines moved that are left out of the books, for their reasons
     * @param unexplained posted less lines, less the differences
     */
    public record Tie(
            String currency,
            BigDecimal posted,
            BigDecimal lines,
            BigDecimal ignored,
            List<Difference> differences,
            BigDecimal unexplained) {}

    /**
     * A month.
     *
     * @param imported whether any statement has a line of it: without one there is nothing to tie to
     * @param open what blocks a close
     */
    public record Result(boolean imported, List<Tie> ties, List<Open> open) {
        public boolean holds() {
            return open.isEmpty()
                    && ties.stream().allMatch(tie -> tie.unexplained().signum() == 0);
        }
    }

    private record Sums(String currency, BigDecimal posted, BigDecimal lines, BigDecimal ignored) {}

    public Result of(BillingPeriod period) {
        var from = period.firstDay();
        var to = period.next().firstDay().minusDays(1);
        var imported = jdbc.sql("select exists (select from bank_line where booked_on between :from and :to)")
                .param("from", from)
                .param("to", to)
                .query(Boolean.class)
                .single();
        return new Result(imported, imported ? ties(from, to) : List.of(), open(to));
    }

    private List<Tie> ties(LocalDate from, LocalDate to) {
        var differences = jdbc.sql("""
                        select kind, reference, currency, trim_scale(amount) as amount, posted_on, booked_on
                          from bank_differences(:from, :to)
                         order by currency, coalesce(booked_on, posted_on), kind, reference""")
                .param("from", from)
                .param("to", to)
                .query(Difference.class)
                .list();
        return jdbc.sql(SUMS).param("from", from).param("to", to).query(Sums.class).list().stream()
                .map(sums -> tie(
                        sums,
                        differences.stream()
                                .filter(one -> one.currency().equals(sums.currency()))
                                .toList()))
                .toList();
    }

    private static Tie tie(Sums sums, List<Difference> differences) {
        var named = differences.stream().map(Difference::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
        var unexplained = sums.posted().subtract(sums.lines()).subtract(named);
        return new Tie(sums.currency(), sums.posted(), sums.lines(), sums.ignored(), differences, unexplained);
    }

    private List<Open> open(LocalDate to) {
        return jdbc.sql("""
                        select l.id as line, l.booked_on, l.amount, l.currency, l.party, l.text
                          from bank_line l
                         where l.booked_on <= :to
                           and not exists (select from bank_match b where b.line = l.id)
                         order by l.booked_on, l.id""").param("to", to).query(Open.class).list();
    }
}
