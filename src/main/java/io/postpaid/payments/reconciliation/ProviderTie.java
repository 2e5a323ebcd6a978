package io.postpaid.payments.reconciliation;

import io.postpaid.platform.calendar.BillingPeriod;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Ties the provider's clearing account in the ledger to the change of the provider's balance. */
@Component
public class ProviderTie {
    private static final String SUMS = """
            with booked as (
                select currency, sum(case when debit = 'PROVIDER_CLEARING' then amount else -amount end) as amount
                  from ledger_entries(:from, :to)
                 where 'PROVIDER_CLEARING' in (debit, credit)
                 group by currency
            ), moved as (
                select currency, sum(gross - fee) as amount
                  from provider_movement
                 where created_at >= cast(:from as timestamp) at time zone 'UTC'
                   and created_at < cast(cast(:to as date) + 1 as timestamp) at time zone 'UTC'
                 group by currency
            )
            select currency, trim_scale(coalesce(b.amount, 0)) as booked, trim_scale(coalesce(m.amount, 0)) as moved
              from booked b full join moved m using (currency)
             order by currency""";

    private final JdbcClient jdbc;

    ProviderTie(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * What is in a month on one side only.
     *
     * @param amount the books' less the provider's
     * @param bookedOn null where it is not booked
     * @param movedOn null where it did not move
     * @param same whether both sides have the same of it in the end: it is a matter of time alone
     */
    public record Difference(
            String kind,
            String reference,
            String currency,
            BigDecimal amount,
            @Nullable LocalDate bookedOn,
            @Nullable LocalDate movedOn,
            boolean same) {}

    /**
     * A currency in a month.
     *
     * @param booked what the ledger's clearing account changed by
     * @param moved what the provider's balance changed by
     * @param unexplained booked less moved, less what is a matter of time
     */
    public record Tie(
            String currency,
            BigDecimal booked,
            BigDecimal moved,
            List<Difference> differences,
            BigDecimal unexplained) {
        public boolean holds() {
            return unexplained.signum() == 0 && differences.stream().allMatch(Difference::same);
        }
    }

    private record Sums(String currency, BigDecimal booked, BigDecimal moved) {}

    /** By currency, of movements that were taken: a nightly run, or {@code reconcile} for the month, takes them. */
    public List<Tie> of(BillingPeriod period) {
        var differences = jdbc.sql("""
                        select kind, reference, currency, trim_scale(amount) as amount, booked_on, moved_on, same
                          from provider_differences(:from, :to)
                         where amount <> 0
                         order by currency, same, coalesce(moved_on, booked_on), kind, reference""")
                .param("from", period.firstDay())
                .param("to", lastDay(period))
                .query(Difference.class)
                .list();
        return jdbc
                .sql(SUMS)
                .param("from", period.firstDay())
                .param("to", lastDay(period))
                .query(Sums.class)
                .list()
                .stream()
                .map(sums -> tie(
                        sums,
                        differences.stream()
                                .filter(one -> one.currency().equals(sums.currency()))
                                .toList()))
                .toList();
    }

    private static Tie tie(Sums sums, List<Difference> differences) {
        var timing = differences.stream()
                .filter(Difference::same)
                .map(Difference::amount)
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        var unexplained = sums.booked().subtract(sums.moved()).subtract(timing);
        return new Tie(sums.currency(), sums.booked(), sums.moved(), differences, unexplained);
    }

    private static LocalDate lastDay(BillingPeriod period) {
        return period.next().firstDay().minusDays(1);
    }
}
