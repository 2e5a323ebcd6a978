package io.postpaid.billing.invoicing;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toMap;

import io.postpaid.credit.MonthlyCost;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.pricing.tax.Exemption;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Invoices of a period as they were issued, with what they followed from. */
@Component
class PastInvoices {
    private final JdbcClient jdbc;

    PastInvoices(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * An invoice as it was issued.
     *
     * @param at when it was issued
     * @param exemptUntil where only some of its usage was exempt, the last day of that; else null
     */
    record Past(
            Invoice invoice,
            List<InvoiceTax> taxes,
            MonthlyCost cost,
            Instant at,
            @Nullable LocalDate exemptUntil) {
        Bill bill() {
            return Bill.of(invoice, cost, taxes);
        }

        boolean byStripe() {
            return taxes.stream().anyMatch(tax -> tax.evidence().startsWith("taxcalc_"));
        }

        /** Why it bears no tax, where its customer was exempt. */
        @Nullable
        Exemption exemption() {
            return taxes.stream()
                    .filter(tax -> tax.category().equals("E"))
                    .map(tax -> new Exemption(invoice.account(), tax.note(), exemptUntil))
                    .findFirst()
                    .orElse(null);
        }
    }

    /** By account; nothing for an account of which none is issued. */
    Map<String, Past> of(List<String> accounts, BillingPeriod period) {
        var taxes = taxes(accounts, period);
        return jdbc
                .sql("""
                        select i.*, d.sha256, coalesce(m.cost, 0) as exact, coalesce(m.credits, 0) as covered,
                               coalesce(m.accrued, 0) as accrued,
                               coalesce((select min(p.at) from posting p where p.invoice = i.id and p.kind = 'issued'),
                                        cast(i.issued_on + 1 as timestamp) at time zone 'UTC') as at,
                               -- Of what was used later it bears tax, and of what is taken back, that which was charged then.
                               (select (max(l.usage_period) filter (where t.category = 'E') + interval '1 month')::date - 1
                                  from invoice_tax t
                                  join invoice_line l on l.invoice = t.invoice and l.tax = t.position
                                 where t.invoice = i.id
                                having bool_or(t.category <> 'E' and l.amount > 0)) as exempt_until
                          from invoice i
                          left join invoice_document d on d.invoice = i.id
                          left join monthly_cost m on m.account = i.account and m.period = i.period
                         where i.account = any(:accounts) and i.period = :period and i.status <> 'DRAFT'
                         order by i.id""")
                .param("accounts", accounts.toArray(String[]::new))
                .param("period", period.firstDay())
                .query((row, i) -> past(row, period, taxes))
                .list()
                .stream()
                .collect(toMap(past -> past.invoice().account(), past -> past, (first, _) -> first));
    }

    private static Past past(ResultSet row, BillingPeriod period, Map<Long, List<InvoiceTax>> taxes)
            throws SQLException {
        var invoice = InvoiceStore.invoice(row, 0);
        return new Past(
                invoice,
                taxes.getOrDefault(invoice.id(), List.of()),
                new MonthlyCost(
                        period, row.getBigDecimal("exact"), row.getBigDecimal("covered"), row.getBigDecimal("accrued")),
                row.getTimestamp("at").toInstant(),
                row.getObject("exempt_until", LocalDate.class));
    }

    private Map<Long, List<InvoiceTax>> taxes(List<String> accounts, BillingPeriod period) {
        return jdbc
                .sql("""
                        select t.*
                          from invoice i
                          join invoice_tax t on t.invoice = i.id
                         where i.account = any(:accounts) and i.period = :period and i.status <> 'DRAFT'
                         order by t.invoice, t.position""")
                .param("accounts", accounts.toArray(String[]::new))
                .param("period", period.firstDay())
                .query((row, i) -> Map.entry(row.getLong("invoice"), tax(row)))
                .list()
                .stream()
                .collect(groupingBy(Map.Entry::getKey, mapping(Map.Entry::getValue, toList())));
    }

    private static InvoiceTax tax(ResultSet row) throws SQLException {
        return new InvoiceTax(
                row.getInt("position"),
                row.getString("category"),
                row.getObject("rate", Long.class),
                row.getString("name"),
                row.getBigDecimal("percent"),
                row.getBigDecimal("base"),
                row.getBigDecimal("tax"),
                row.getString("note"),
                row.getString("evidence"),
                null);
    }

    /** Products in the order in which an invoice has their lines. */
    List<String> products() {
        return jdbc.sql("select id from product order by id")
                .query(String.class)
                .list();
    }
}
