package io.postpaid.rating;

import static java.time.temporal.TemporalAdjusters.lastDayOfMonth;
import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import io.postpaid.batch.Column;
import io.postpaid.batch.CopyRows;
import io.postpaid.metering.Metering.Metered;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

@Component
class RatingStore {
    private final JdbcClient jdbc;
    private final JdbcTemplate template;

    RatingStore(JdbcClient jdbc, JdbcTemplate template) {
        this.jdbc = jdbc;
        this.template = template;
    }

    /** A day of usage, by what identifies it. */
    private record Day(String account, String product, LocalDate day, LocalDate period) {
        static Day of(DailyUsage usage) {
            return new Day(usage.account(), usage.product(), usage.day(), usage.period());
        }

        static Day of(Metered metered) {
            return new Day(metered.account(), metered.product(), metered.day(), metered.period());
        }
    }

    /**
     * All days of every month of use that has a day to be rated, in the order in which tiers are filled.
     *
     * @param metered the days that usage has just been added to
     */
    List<DailyUsage> touchedMonths(Collection<String> accounts, List<Metered> metered) {
        var touched = metered.stream().map(Day::of).collect(toSet());
        var months = new HashSet<DailyUsage.Month>();
        for (var day : metered) {
            months.add(
                    new DailyUsage.Month(day.account(), day.product(), day.day().withDayOfMonth(1)));
        }
        months.addAll(unratedMonths(accounts));
        if (months.isEmpty()) return List.of();
        var days = jdbc.sql("""
                        select u.account, u.product, u.day, u.period, u.quantity, u.rated
                          from unnest(:account::text[], :product::text[], :month::date[]) t (account, product, month)
                          join daily_usage u
                            on u.account = t.account and u.product = t.product
                           and u.day >= t.month and u.day < (t.month + interval '1 month')::date
                         order by u.account, u.product, t.month, u.period, u.day""")
                .params(columns(months))
                .query((row, i) -> usage(row, touched))
                .list();
        // Most often all days of the months are new, and have cost nothing before.
        var news = metered.stream().filter(Metered::added).count();
        if (news == days.size()) return days;
        var costs = costs(months);
        return days.stream()
                .map(day -> day.costing(costs.getOrDefault(Day.of(day), BigDecimal.ZERO)))
                .toList();
    }

    private List<DailyUsage.Month> unratedMonths(Collection<String> accounts) {
        return jdbc.sql("""
                        select distinct account, product, date_trunc('month', day)::date as month
                          from daily_usage
                         where account = any(:accounts) and not rated""")
                .param("accounts", accounts.toArray(String[]::new))
                .query((row, i) -> new DailyUsage.Month(
                        row.getString("account"), row.getString("product"), row.getObject("month", LocalDate.class)))
                .list();
    }

    /**
     * All days of the months of use that the days lie in, as they will be rated: with what has arrived since they were
     * metered. In the order in which tiers are filled.
     *
     * @param product null for all
     */
    List<DailyUsage> known(String account, @Nullable String product, LocalDate from, LocalDate to) {
        return jdbc.sql("""
                        with known as (
                            select product, day, period, quantity, rated
                              from daily_usage
                             where account = :account and day >= :from and day <= :to
                             union all
                            select product, day,
                                   greatest(date_trunc('month', day),
                                            (select max(period) + interval '1 month' from billing_period))::date,
                                   quantity, false
                              from usage_arrival
                             where account = :account and day >= :from and day <= :to)
                        select :account as account, k.product, k.day, k.period, sum(k.quantity) as quantity,
                               bool_and(k.rated) as rated,
                               coalesce((select sum(c.amount)
                                           from daily_cost c
                                          where (c.account, c.product, c.day, c.period)
                                              = (:account, k.product, k.day, k.period)), 0) as cost
                          from known k
                         where (:product::text is null or k.product = :product)
                         group by k.product, k.day, k.period
                         order by k.product, date_trunc('month', k.day), k.period, k.day""")
                .param("account", account)
                .param("product", product)
                .param("from", from.withDayOfMonth(1))
                .param("to", to.with(lastDayOfMonth()))
                .query((row, i) -> usage(row, Set.of()).costing(row.getBigDecimal("cost")))
                .list();
    }

    private static DailyUsage usage(ResultSet row, Set<Day> touched) throws SQLException {
        var day = new Day(
                row.getString("account"),
                row.getString("product"),
                row.getObject("day", LocalDate.class),
                row.getObject("period", LocalDate.class));
        return new DailyUsage(
                day.account(),
                day.product(),
                day.day(),
                day.period(),
                row.getBigDecimal("quantity"),
                row.getBoolean("rated") && !touched.contains(day),
                BigDecimal.ZERO);
    }

    private Map<Day, BigDecimal> costs(Collection<DailyUsage.Month> months) {
        return jdbc
                .sql("""
                        select c.account, c.product, c.day, c.period, sum(c.amount) as cost
                          from unnest(:account::text[], :product::text[], :month::date[]) t (account, product, month)
                          join daily_cost c
                            on c.account = t.account and c.product = t.product
                           and c.day >= t.month and c.day < (t.month + interval '1 month')::date
                         group by c.account, c.product, c.day, c.period""")
                .params(columns(months))
                .query((row, i) -> Map.entry(
                        new Day(
                                row.getString("account"),
                                row.getString("product"),
                                row.getObject("day", LocalDate.class),
                                row.getObject("period", LocalDate.class)),
                        row.getBigDecimal("cost")))
                .list()
                .stream()
                .collect(toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static Map<String, ?> columns(Collection<DailyUsage.Month> months) {
        return Map.of(
                "account", Column.of(months, DailyUsage.Month::account),
                "product", Column.of(months, DailyUsage.Month::product),
                "month", Column.of(months, DailyUsage.Month::firstDay));
    }

    /**
     * Puts the new cost in the place of the old.
     *
     * @param metered the days that usage has just been added to: those that stay without a price are marked
     */
    void replace(List<RatedDay> rated, List<Metered> metered) {
        var added = metered.stream().filter(Metered::added).map(Day::of).collect(toSet());
        var again = rated.stream()
                .map(day -> Day.of(day.usage()))
                .filter(day -> !added.contains(day))
                .toList();
        if (!again.isEmpty()) {
            jdbc.sql("""
                        with day as (
                            select *
                              from unnest(:account::text[], :product::text[], :day::date[], :period::date[])
                                as d (account, product, day, period)),
                        rated as (
                            update daily_usage u
                               set rated = true
                              from day d
                             where (u.account, u.product, u.day, u.period) = (d.account, d.product, d.day, d.period)
                               and not u.rated)
                        delete from daily_cost c
                         using day d
                         where (c.account, c.product, c.day, c.period) = (d.account, d.product, d.day, d.period)""").params(days(again)).update();
        }
        var priced = rated.stream().map(day -> Day.of(day.usage())).collect(toSet());
        var unpriced = metered.stream()
                .map(Day::of)
                .filter(day -> !priced.contains(day))
                .toList();
        if (!unpriced.isEmpty()) {
            jdbc.sql("""
                        update daily_usage u
                           set rated = false
                          from unnest(:account::text[], :product::text[], :day::date[], :period::date[])
                            as d (account, product, day, period)
                         where (u.account, u.product, u.day, u.period) = (d.account, d.product, d.day, d.period)""").params(days(unpriced)).update();
        }
        template.execute((ConnectionCallback<Long>) connection ->
                CopyRows.copy(connection.unwrap(PGConnection.class), """
                copy daily_cost (account, product, day, period, price, tier, quantity, amount) from stdin (format binary)
                """, rows -> {
                    for (var day : rated) {
                        var usage = day.usage();
                        for (var part : day.parts()) {
                            rows.row(8).text(usage.account()).text(usage.product());
                            rows.date(usage.day()).date(usage.period());
                            rows.int8(part.price()).int4(part.tier());
                            rows.numeric(part.quantity()).numeric(part.amount());
                        }
                    }
                }));
    }

    private static Map<String, ?> days(Collection<Day> days) {
        return Map.of(
                "account", Column.of(days, Day::account),
                "product", Column.of(days, Day::product),
                "day", Column.of(days, Day::day),
                "period", Column.of(days, Day::period));
    }
}
