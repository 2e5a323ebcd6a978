package io.postpaid.web.console;

import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.money.Amounts;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The figures of this month and the last, of all accounts, by currency. */
@Component
@ConditionalOnWebApplication
class MonthFigures {
    /** The sums read a row for each account: no page need wait for that each time. */
    private static final Duration GOOD_FOR = Duration.ofMinutes(1);

    private static final BigDecimal HUNDRED = new BigDecimal(100);

    private final JdbcClient jdbc;
    private final BillingClock clock;
    private volatile @Nullable Seen seen;

    MonthFigures(JdbcClient jdbc, BillingClock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    private record Seen(Instant at, List<Tile> tiles) {}

    /**
     * One figure.
     *
     * @param detail what it is made of, or compared with
     */
    record Tile(String name, String figure, String detail) {}

    /** As they were within the last minute. */
    List<Tile> tiles() {
        var now = clock.instant();
        var last = seen;
        if (last == null || Duration.between(last.at(), now).abs().compareTo(GOOD_FOR) > 0) {
            last = new Seen(now, read(BillingPeriod.of(clock.today())));
            seen = last;
        }
        return last.tiles();
    }

    private List<Tile> read(BillingPeriod month) {
        var used = used(month).stream();
        var invoiced = invoiced(month.previous().firstDay()).stream().flatMap(sums -> sums.tiles(month.previous()));
        var overdue = overdue().stream().map(Overdue::tile);
        return Stream.of(used, invoiced, overdue).flatMap(each -> each).toList();
    }

    private List<Tile> used(BillingPeriod month) {
        record Used(String currency, BigDecimal now, BigDecimal before) {}
        return jdbc
                .sql("""
                        select a.currency, coalesce(sum(m.cost) filter (where m.period = :month), 0) as now,
                               coalesce(sum(m.cost) filter (where m.period = :before), 0) as before
                          from monthly_cost m
                          join account a on a.id = m.account
                         where m.period in (:month, :before)
                         group by 1
                         order by 1""")
                .param("month", month.firstDay())
                .param("before", month.previous().firstDay())
                .query(Used.class)
                .list()
                .stream()
                .map(sums -> new Tile(
                        "Usage of " + month,
                        Amounts.text(sums.now(), sums.currency()),
                        Amounts.text(sums.before(), sums.currency()) + " in all of " + month.previous()))
                .toList();
    }

    private record Invoiced(
            String currency,
            long invoices,
            BigDecimal total,
            BigDecimal credits,
            BigDecimal due,
            BigDecimal paid,
            long open) {
        Stream<Tile> tiles(BillingPeriod month) {
            var share = due.signum() == 0 ? HUNDRED : paid.multiply(HUNDRED).divide(due, 1, RoundingMode.DOWN);
            return Stream.of(
                    new Tile(
                            "Invoiced for " + month,
                            Amounts.text(total, currency),
                            Moments.count(invoices, "invoice", "invoices") + " · " + Amounts.text(credits, currency)
                                    + " covered by credit"),
                    new Tile(
                            "Collected of " + month,
                            share.toPlainString() + " %",
                            String.format(
                                    Locale.ROOT,
                                    "%s of %s · %,d open",
                                    Amounts.text(paid, currency),
                                    Amounts.text(due, currency),
                                    open)));
        }
    }

    private List<Invoiced> invoiced(LocalDate month) {
        return jdbc.sql("""
                        select currency, count(*) as invoices, sum(total) as total, sum(credits) as credits,
                               sum(amount_due) as due, coalesce(sum(amount_due) filter (where status = 'PAID'), 0) as paid,
                               count(*) filter (where status = 'OPEN') as open
                          from invoice
                         where period = :month and number is not null
                         group by 1
                         order by 1""").param("month", month).query(Invoiced.class).list();
    }

    private record Overdue(String currency, long invoices, BigDecimal open, long suspended) {
        Tile tile() {
            return new Tile(
                    "Overdue",
                    Amounts.text(open, currency),
                    Moments.count(invoices, "invoice", "invoices") + " · "
                            + Moments.count(suspended, "account suspended", "accounts suspended"));
        }
    }

    private List<Overdue> overdue() {
        return jdbc.sql("""
                        select i.currency, count(*) as invoices,
                               sum(i.amount_due - coalesce((select sum(s.amount) from settlement s where s.invoice = i.id), 0)) as open,
                               (select count(*) from account a where a.status = 'SUSPENDED' and a.currency = i.currency) as suspended
                          from invoice i
                         where i.status = 'OPEN' and i.due_on < :today
                         group by 1
                         order by 1""").param("today", clock.today()).query(Overdue.class).list();
    }
}
