package io.postpaid.billing.invoicing;

import static java.util.stream.Collectors.toMap;

import io.postpaid.platform.batch.Column;
import io.postpaid.pricing.tax.Tax;
import io.postpaid.pricing.tax.TaxReason;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.Collection;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Finds the tax that usage bore on the invoice that billed it, for what takes it back. */
record TaxesCharged(JdbcClient jdbc) {
    /** What is taken back of a month of use, at one tier of a price. */
    record TakenBack(String account, String product, LocalDate month, long price, int tier) {}

    /**
     * The taxes of each that has been billed; by the line of the same price and tier, if there is one.
     *
     * @param before the invoice whose predecessors are asked
     */
    Map<TakenBack, Tax> of(Collection<TakenBack> all, long before) {
        if (all.isEmpty()) return Map.of();
        return jdbc
                .sql("""
                        select u.account, u.product, u.month, u.price, u.tier, t.*
                          from unnest(:account::text[], :product::text[], :month::date[], :price::bigint[], :tier::integer[])
                            as u (account, product, month, price, tier)
                         cross join lateral (
                               select b.category, b.rate, b.name, b.percent, b.note, b.evidence
                                 from invoice i
                                 join invoice_line l on l.invoice = i.id
                                 join invoice_tax b on b.invoice = l.invoice and b.position = l.tax
                                where i.account = u.account and i.status not in ('DRAFT', 'VOID') and i.id < :before
                                  and l.product = u.product and l.usage_period = u.month and l.amount > 0
                                order by (l.price, l.tier) <> (u.price, u.tier), i.id
                                limit 1) t""")
                .param("account", Column.of(all, TakenBack::account))
                .param("product", Column.of(all, TakenBack::product))
                .param("month", Column.of(all, TakenBack::month))
                .param("price", Column.of(all, TakenBack::price))
                .param("tier", Column.of(all, TakenBack::tier))
                .param("before", before)
                .query((row, i) -> Map.entry(takenBack(row), tax(row)))
                .list()
                .stream()
                .collect(toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    static boolean takesBack(Billable.Usage usage, LocalDate period) {
        return usage.amount().signum() < 0 && usage.month().firstDay().isBefore(period);
    }

    static TakenBack key(String account, Billable.Usage usage) {
        return new TakenBack(
                account,
                usage.product().id(),
                usage.month().firstDay(),
                usage.price().id(),
                usage.tier());
    }

    private static TakenBack takenBack(ResultSet row) throws SQLException {
        return new TakenBack(
                row.getString("account"),
                row.getString("product"),
                row.getObject("month", LocalDate.class),
                row.getLong("price"),
                row.getInt("tier"));
    }

    private static Tax tax(ResultSet row) throws SQLException {
        return new Tax(
                TaxReason.of(row.getString("category")),
                row.getObject("rate", Long.class),
                row.getString("name"),
                row.getBigDecimal("percent"),
                row.getString("note"),
                row.getString("evidence"));
    }
}
