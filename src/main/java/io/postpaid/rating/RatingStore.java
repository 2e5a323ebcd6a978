package io.postpaid.rating;

import static java.time.temporal.TemporalAdjusters.lastDayOfMonth;

import io.postpaid.batch.Column;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

@Component
class RatingStore {
    private final JdbcClient jdbc;

    RatingStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** All days of every month of use that has a day to be rated, in the order in which tiers are filled. */
    List<DailyUsage> touchedMonths(Collection<String> accounts) {
        return jdbc.sql("""
                        with touched as (
                            select distinct account, product, date_trunc('month', day)::date as month
                              from daily_usage
                             where account = any(:accounts) and not rated)
                        select u.account, u.product, u.day, u.period, u.quantity, u.rated,
                               coalesce((select sum(c.amount)
                                           from daily_cost c
                                          where (c.account, c.product, c.day, c.period)
                                              = (u.account, u.product, u.day, u.period)), 0) as cost
                          from touched t
                          join daily_usage u
                            on u.account = t.account and u.product = t.product
                           and u.day >= t.month and u.day < t.month + interval '1 month'
                         order by u.account, u.product, t.month, u.period, u.day""")
                .param("accounts", accounts.toArray(String[]::new))
                .query(RatingStore::usage)
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
                .query(RatingStore::usage)
                .list();
    }

    private static DailyUsage usage(ResultSet row, int i) throws SQLException {
        return new DailyUsage(
                row.getString("account"),
                row.getString("product"),
                row.getObject("day", LocalDate.class),
                row.getObject("period", LocalDate.class),
                row.getBigDecimal("quantity"),
                row.getBoolean("rated"),
                row.getBigDecimal("cost"));
    }

    /** Puts the new cost in the place of the old. */
    void replace(List<RatedDay> days) {
        jdbc.sql("""
                        with day as (
                            select *
                              from unnest(:account::text[], :product::text[], :day::date[], :period::date[])
                                as d (account, product, day, period)),
                        rated as (
                            update daily_usage u
                               set rated = true
                              from day d
                             where (u.account, u.product, u.day, u.period) = (d.account, d.product, d.day, d.period))
                        delete from daily_cost c
                         using day d
                         where (c.account, c.product, c.day, c.period) = (d.account, d.product, d.day, d.period)""")
                .param("account", Column.of(days, day -> day.usage().account()))
                .param("product", Column.of(days, day -> day.usage().product()))
                .param("day", Column.of(days, day -> day.usage().day()))
                .param("period", Column.of(days, day -> day.usage().period()))
                .update();
        record Cost(DailyUsage usage, RatedPart part) {}
        var costs = days.stream()
                .flatMap(day -> day.parts().stream().map(part -> new Cost(day.usage(), part)))
                .toList();
        jdbc.sql("""
                        insert into daily_cost (account, product, day, period, price, tier, quantity, amount)
                        select *
                          from unnest(:account::text[], :product::text[], :day::date[], :period::date[], :price::bigint[],
                                      :tier::integer[], :quantity::numeric[], :amount::numeric[])""")
                .param("account", Column.of(costs, cost -> cost.usage().account()))
                .param("product", Column.of(costs, cost -> cost.usage().product()))
                .param("day", Column.of(costs, cost -> cost.usage().day()))
                .param("period", Column.of(costs, cost -> cost.usage().period()))
                .param("price", Column.of(costs, cost -> cost.part().price()))
                .param("tier", Column.of(costs, cost -> cost.part().tier()))
                .param("quantity", Column.of(costs, cost -> cost.part().quantity()))
                .param("amount", Column.of(costs, cost -> cost.part().amount()))
                .update();
    }
}
