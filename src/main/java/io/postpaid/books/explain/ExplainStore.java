package io.postpaid.books.explain;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.billing.invoicing.InvoiceLine;
import io.postpaid.books.explain.ExplanationWriter.Aggregated;
import io.postpaid.books.explain.ExplanationWriter.Day;
import io.postpaid.books.explain.ExplanationWriter.Draw;
import io.postpaid.books.explain.ExplanationWriter.Part;
import io.postpaid.platform.calendar.BillingPeriod;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

@Component
class ExplainStore {
    private final JdbcClient jdbc;

    ExplainStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    private record Cell(String product, LocalDate day) {
        static Cell of(ResultSet row) throws SQLException {
            return new Cell(row.getString("product"), row.getObject("day", LocalDate.class));
        }
    }

    /** Finds the line that a day's part is on. */
    interface Lines {
        @Nullable
        Integer of(String product, LocalDate day, long price, int tier);
    }

    /** The days that an account's invoice of a period is made of, by product and day. */
    List<Day> days(String account, BillingPeriod period, Lines lines) {
        var parameters = Map.of("account", account, "period", period.firstDay());
        var parts = jdbc.sql("""
                        select product, day, price, tier, quantity, amount
                          from daily_cost
                         where account = :account and period = :period
                         order by product, day, price, tier""").params(parameters).query((row, i) -> part(Cell.of(row), row, lines)).list().stream()
                .collect(groupingBy(Map.Entry::getKey, mapping(Map.Entry::getValue, toList())));
        return jdbc.sql("""
                        select u.product, u.day, u.quantity, u.records, u.free_quantity, u.free_records,
                               coalesce(o.quantity, 0) as elsewhere, coalesce(o.records, 0) as elsewhere_records
                          from daily_usage u
                          left join lateral (
                                select sum(quantity) as quantity, sum(records + free_records) as records
                                  from (select quantity, records, free_records
                                          from daily_usage d
                                         where (d.account, d.product, d.day) = (u.account, u.product, u.day)
                                           and d.period <> u.period
                                         union all
                                        select quantity, records, free_records
                                          from arrived_usage a
                                         where (a.account, a.product, a.day) = (u.account, u.product, u.day)) other) o on true
                         where u.account = :account and u.period = :period
                         order by u.product collate "C", u.day""")
                .params(parameters)
                .query((row, i) -> new Day(
                        row.getString("product"),
                        row.getObject("day", LocalDate.class),
                        Explanations.plain(row.getBigDecimal("quantity")),
                        row.getLong("records"),
                        Explanations.plain(row.getBigDecimal("free_quantity")),
                        row.getLong("free_records"),
                        Explanations.plain(row.getBigDecimal("elsewhere")),
                        row.getLong("elsewhere_records"),
                        parts.getOrDefault(Cell.of(row), List.of())))
                .list();
    }

    /** What runs added up of a product in a month of use, by day. */
    Map<LocalDate, List<Aggregated>> aggregated(String account, String product, BillingPeriod month) {
        record Found(LocalDate day, Aggregated sums) {}
        return jdbc
                .sql("""
                        select s.day, r.id, r.folder, (select count(*) from usage_file f where f.run = r.id) as files,
                               coalesce(sum(s.records - s.voided_records) filter (where s.billable), 0) as records,
                               coalesce(sum(s.quantity - s.voided_quantity) filter (where s.billable), 0) as quantity,
                               coalesce(sum(s.records - s.voided_records) filter (where not s.billable), 0) as free_records,
                               coalesce(sum(s.quantity - s.voided_quantity) filter (where not s.billable), 0) as free_quantity,
                               sum(s.voided_records) as voided
                          from usage_run_sum s
                          join usage_run r on r.id = s.run
                         where s.account = :account and s.product = :product and s.day >= :from and s.day < :to
                         group by s.day, r.id
                         order by s.day, r.n""")
                .param("account", account)
                .param("product", product)
                .param("from", month.firstDay())
                .param("to", month.issuedOn())
                .query((row, i) -> new Found(
                        row.getObject("day", LocalDate.class),
                        new Aggregated(
                                row.getString("id"),
                                row.getString("folder"),
                                row.getLong("files"),
                                row.getLong("records"),
                                Explanations.plain(row.getBigDecimal("quantity")),
                                row.getLong("free_records"),
                                Explanations.plain(row.getBigDecimal("free_quantity")),
                                row.getLong("voided"))))
                .list()
                .stream()
                .collect(groupingBy(Found::day, mapping(Found::sums, toList())));
    }

    private static Map.Entry<Cell, Part> part(Cell cell, ResultSet row, Lines lines) throws SQLException {
        long price = row.getLong("price");
        int tier = row.getInt("tier");
        return Map.entry(
                cell,
                new Part(
                        lines.of(cell.product(), cell.day(), price, tier),
                        price,
                        tier,
                        Explanations.plain(row.getBigDecimal("quantity")),
                        Explanations.plain(row.getBigDecimal("amount"))));
    }

    /** The days that one line is made of. */
    List<Explanations.LineDay> days(Invoice invoice, InvoiceLine line) {
        return jdbc.sql("""
                        with part as (
                            select day, price, tier, quantity, amount, records + free_records as records
                              from usage_line
                             where account = :account and period = :period and product = :product
                               and day >= :from and day < :to
                        )
                        select day, sum(quantity) filter (where price = :price and tier = :tier) as quantity,
                               sum(amount) filter (where price = :price and tier = :tier) as amount, sum(records) as records
                          from part
                         group by day
                        having sum(quantity) filter (where price = :price and tier = :tier) <> 0
                            or sum(amount) filter (where price = :price and tier = :tier) <> 0
                         order by day""")
                .param("account", invoice.account())
                .param("period", invoice.period().firstDay())
                .param("product", line.product())
                .param("from", line.usagePeriod().firstDay())
                .param("to", line.usagePeriod().issuedOn())
                .param("price", line.price())
                .param("tier", line.tier())
                .query((row, i) -> new Explanations.LineDay(
                        row.getObject("day", LocalDate.class),
                        Explanations.plain(row.getBigDecimal("quantity")),
                        Explanations.plain(row.getBigDecimal("amount")),
                        row.getLong("records")))
                .list();
    }

    /** What usage of a period took from each grant, less what corrections gave back; in the order of the first draw. */
    List<Draw> draws(String account, BillingPeriod period) {
        return jdbc.sql("""
                        select g.id, g.kind, g.granted_at, g.expires_on,
                               sum(case when p.debit = 'GRANT' then p.amount else -p.amount end) as amount
                          from posting p
                          join credit_grant g on g.id = p.grant_id
                         where p.account = :account and p.period = :period and 'REVENUE' in (p.debit, p.credit)
                         group by g.id
                         order by min(p.id)""")
                .param("account", account)
                .param("period", period.firstDay())
                .query((row, i) -> new Draw(
                        row.getLong("id"),
                        row.getString("kind"),
                        row.getTimestamp("granted_at").toInstant(),
                        row.getObject("expires_on", LocalDate.class),
                        Explanations.plain(row.getBigDecimal("amount"))))
                .list();
    }
}
