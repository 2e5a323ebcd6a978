package io.postpaid.rating;

import static java.time.temporal.TemporalAdjusters.lastDayOfMonth;
import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import io.postpaid.batch.Column;
import io.postpaid.batch.CopyRows;
import io.postpaid.metering.Metering.Metered;
import io.postpaid.pricebook.PriceBook;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
     * The days to be rated, and with them all others of their month where prices count over it, in the order in which tiers
     * are filled.
     *
     * @param metered the days that usage has just been added to
     */
    List<DailyUsage> touched(Collection<String> accounts, List<Metered> metered, PriceBook prices) {
        var months = new HashSet<>(unratedMonths(accounts));
        for (var day : metered) {
            if (prices.countsOverTheMonth(day.product())) months.add(month(day));
        }
        var days = new ArrayList<DailyUsage>();
        var touched = new HashMap<Day, Metered>();
        for (var day : metered) {
            if (months.contains(month(day))) {
                touched.put(Day.of(day), day);
            } else {
                days.add(new DailyUsage(
                        day.account(),
                        day.product(),
                        day.day(),
                        day.period(),
                        day.quantity(),
                        day.added(),
                        false,
                        BigDecimal.ZERO));
            }
        }
        if (!months.isEmpty()) days.addAll(wholeMonths(months, touched));
        return withCosts(days);
    }

    private static DailyUsage.Month month(Metered day) {
        return new DailyUsage.Month(day.account(), day.product(), day.day().withDayOfMonth(1));
    }

    private List<DailyUsage> wholeMonths(Collection<DailyUsage.Month> months, Map<Day, Metered> touched) {
        return jdbc.sql("""
                        select u.account, u.product, u.day, u.period, u.quantity, u.rated
                          from unnest(:account::text[], :product::text[], :month::date[]) t (account, product, month)
                          join daily_usage u
                            on u.account = t.account and u.product = t.product
                           and u.day >= t.month and u.day < (t.month + interval '1 month')::date
                           and u.period >= t.month
                         order by u.account, u.product, t.month, u.period, u.day""")
                .param("account", Column.of(months, DailyUsage.Month::account))
                .param("product", Column.of(months, DailyUsage.Month::product))
                .param("month", Column.of(months, DailyUsage.Month::firstDay))
                .query((row, i) -> {
                    var usage = usage(row);
                    var added = touched.get(Day.of(usage));
                    return added == null ? usage : usage.touched(added.added());
                })
                .list();
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
                             where account = :account and day >= :from and day <= :to and period >= :from
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
                                          where (c.period, c.account, c.product, c.day)
                                              = (k.period, :account, k.product, k.day)), 0) as cost
                          from known k
                         where (:product::text is null or k.product = :product)
                         group by k.product, k.day, k.period
                         order by k.product, date_trunc('month', k.day), k.period, k.day""")
                .param("account", account)
                .param("product", product)
                .param("from", from.withDayOfMonth(1))
                .param("to", to.with(lastDayOfMonth()))
                .query((row, i) -> usage(row).costing(row.getBigDecimal("cost")))
                .list();
    }

    private static DailyUsage usage(ResultSet row) throws SQLException {
        return new DailyUsage(
                row.getString("account"),
                row.getString("product"),
                row.getObject("day", LocalDate.class),
                row.getObject("period", LocalDate.class),
                row.getBigDecimal("quantity"),
                false,
                row.getBoolean("rated"),
                BigDecimal.ZERO);
    }

    /** With what they have cost before; most often all are new, and have cost nothing. */
    private List<DailyUsage> withCosts(List<DailyUsage> days) {
        var known = days.stream().filter(day -> !day.isNew()).map(Day::of).toList();
        if (known.isEmpty()) return days;
        var costs = jdbc
                .sql("""
                        select c.account, c.product, c.day, c.period, sum(c.amount) as cost
                          from unnest(:account::text[], :product::text[], :day::date[], :period::date[])
                            as d (account, product, day, period)
                          join daily_cost c
                            on (c.period, c.account, c.product, c.day) = (d.period, d.account, d.product, d.day)
                         group by c.account, c.product, c.day, c.period""")
                .params(days(known))
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
        return days.stream()
                .map(day -> day.costing(costs.getOrDefault(Day.of(day), BigDecimal.ZERO)))
                .toList();
    }

    /**
     * Puts the new cost in the place of the old.
     *
     * @param usage what was to be rated: what has stayed without a price is marked
     */
    void replace(List<DailyUsage> usage, List<RatedDay> rated) {
        var again = rated.stream()
                .map(RatedDay::usage)
                .filter(day -> !day.isNew())
                .map(Day::of)
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
                             where (u.period, u.account, u.product, u.day) = (d.period, d.account, d.product, d.day)
                               and not u.rated)
                        delete from daily_cost c
                         using day d
                         where (c.period, c.account, c.product, c.day) = (d.period, d.account, d.product, d.day)""").params(days(again)).update();
        }
        if (usage.stream().filter(day -> !day.rated()).count()
                > rated.stream().filter(day -> !day.usage().rated()).count()) {
            var priced = rated.stream().map(day -> Day.of(day.usage())).collect(toSet());
            var unpriced = usage.stream()
                    .filter(day -> !day.rated())
                    .map(Day::of)
                    .filter(day -> !priced.contains(day))
                    .toList();
            jdbc.sql("""
                        update daily_usage u
                           set rated = false
                          from unnest(:account::text[], :product::text[], :day::date[], :period::date[])
                            as d (account, product, day, period)
                         where (u.period, u.account, u.product, u.day) = (d.period, d.account, d.product, d.day)
                           and u.rated""").params(days(unpriced)).update();
        }
        template.execute((ConnectionCallback<Long>) connection ->
                CopyRows.copy(connection.unwrap(PGConnection.class), """
                copy daily_cost (account, product, day, period, price, tier, quantity, amount) from stdin (format binary)
                """, rows -> {
                    for (var day : rated) {
                        var of = day.usage();
                        for (var part : day.parts()) {
                            rows.row(8).text(of.account()).text(of.product());
                            rows.date(of.day()).date(of.period());
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
