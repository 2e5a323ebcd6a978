package io.postpaid.billing.invoicing;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import io.postpaid.billing.invoicing.Invoices.Payment;
import io.postpaid.platform.batch.Column;
import io.postpaid.platform.calendar.BillingPeriod;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Issued invoices, their lines and what settled them. */
@Component
class InvoiceStore {
    private static final String INVOICE = """
            select i.*, d.sha256
              from invoice i
              left join invoice_document d on d.invoice = i.id
            """;

    private static final int FETCHED = 1_000;
    private final JdbcClient jdbc;

    InvoiceStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Optional<Invoice> findByNumber(String number) {
        return jdbc.sql(INVOICE + " where i.number = :number")
                .param("number", number)
                .query(InvoiceStore::invoice)
                .optional();
    }

    Invoice get(long id) {
        return jdbc.sql(INVOICE + " where i.id = :id and i.status <> 'DRAFT'")
                .param("id", id)
                .query(InvoiceStore::invoice)
                .single();
    }

    List<Invoice> issued(BillingPeriod period) {
        var issued = new ArrayList<Invoice>();
        eachIssued(period, issued::add);
        return issued;
    }

    List<Invoice> all(List<Long> ids) {
        return jdbc.sql(INVOICE
                        + " where i.id = any(:ids) and i.status <> 'DRAFT' order by i.year, length(i.number), i.number")
                .param("ids", ids.toArray(Long[]::new))
                .query(InvoiceStore::invoice)
                .list();
    }

    /** Within a transaction they are read as they are asked for. */
    void eachIssued(BillingPeriod period, Consumer<Invoice> reader) {
        jdbc.sql(
                        INVOICE
                                + " where i.period = :period and i.status <> 'DRAFT' order by i.year, length(i.number), i.number")
                .param("period", period.firstDay())
                .withFetchSize(FETCHED)
                .query(row -> {
                    reader.accept(invoice(row, 0));
                });
    }

    List<Invoice> ofAccount(String account) {
        return jdbc.sql(INVOICE + " where i.account = :account and i.status <> 'DRAFT' order by i.id")
                .param("account", account)
                .query(InvoiceStore::invoice)
                .list();
    }

    List<Invoice> ofAccount(String account, long behind, int limit) {
        return jdbc.sql(
                        INVOICE
                                + " where i.account = :account and i.status <> 'DRAFT' and i.id < :behind order by i.id desc limit :limit")
                .param("account", account)
                .param("behind", behind)
                .param("limit", limit)
                .query(InvoiceStore::invoice)
                .list();
    }

    static Invoice invoice(ResultSet row, int i) throws SQLException {
        return new Invoice(
                row.getLong("id"),
                row.getString("account"),
                BillingPeriod.of(row.getObject("period", LocalDate.class)),
                row.getString("currency"),
                InvoiceStatus.valueOf(row.getString("status")),
                row.getString("number"),
                BilledTo.fromJson(row.getString("customer")),
                row.getObject("issued_on", LocalDate.class),
                row.getObject("due_on", LocalDate.class),
                row.getObject("tax_point", LocalDate.class),
                row.getBigDecimal("subtotal"),
                row.getBigDecimal("credits"),
                row.getBigDecimal("tax"),
                row.getBigDecimal("total"),
                row.getBigDecimal("carried_in"),
                row.getBigDecimal("carried_forward"),
                row.getBigDecimal("from_balance"),
                row.getBigDecimal("amount_due"),
                row.getString("sha256"));
    }

    Map<Long, List<InvoiceLine>> lines(Collection<Long> invoices) {
        return jdbc
                .sql("select * from invoice_line where invoice = any(:invoices) order by invoice, position")
                .param("invoices", invoices.toArray(Long[]::new))
                .query((row, i) -> Map.entry(
                        row.getLong("invoice"),
                        new InvoiceLine(
                                row.getInt("position"),
                                row.getString("product"),
                                BillingPeriod.of(row.getObject("usage_period", LocalDate.class)),
                                row.getLong("price"),
                                row.getInt("tier"),
                                row.getBigDecimal("quantity"),
                                row.getString("unit"),
                                row.getBigDecimal("unit_price"),
                                row.getString("listed_unit"),
                                row.getBigDecimal("amount"),
                                row.getInt("tax"))))
                .list()
                .stream()
                .collect(groupingBy(Map.Entry::getKey, mapping(Map.Entry::getValue, toList())));
    }

    Map<Long, List<InvoiceTax>> taxes(Collection<Long> invoices) {
        return jdbc
                .sql("""
                        select t.*, i.currency
                          from invoice_tax t
                          join invoice i on i.id = t.invoice
                         where t.invoice = any(:invoices)
                         order by t.invoice, t.position""")
                .param("invoices", invoices.toArray(Long[]::new))
                .query((row, i) -> Map.entry(row.getLong("invoice"), tax(row, i)))
                .list()
                .stream()
                .collect(groupingBy(Map.Entry::getKey, mapping(Map.Entry::getValue, toList())));
    }

    static InvoiceTax tax(ResultSet row, int i) throws SQLException {
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
                LocalTax.of(row));
    }

    /** An invoice that stays as it is until the transaction ends. */
    record Locked(BigDecimal open, InvoiceStatus status) {}

    Locked lock(long invoice) {
        var locked = jdbc.sql("select amount_due, status from invoice where id = :invoice for no key update")
                .param("invoice", invoice)
                .query((row, i) ->
                        new Locked(row.getBigDecimal("amount_due"), InvoiceStatus.valueOf(row.getString("status"))))
                .single();
        // A statement of its own: it sees what was settled while the lock was waited for.
        return new Locked(locked.open().subtract(settled(invoice)), locked.status());
    }

    BigDecimal settled(long invoice) {
        return jdbc.sql("select coalesce(sum(amount), 0) from settlement where invoice = :invoice")
                .param("invoice", invoice)
                .query(BigDecimal.class)
                .single();
    }

    /** @return false if this settlement is there already */
    boolean settle(long invoice, SettlementKind kind, BigDecimal amount, String reference, Instant at) {
        return jdbc.sql("""
                        insert into settlement (invoice, kind, amount, reference, at)
                        values (:invoice, :kind, :amount, :reference, :at)
                            on conflict (kind, reference) do nothing""")
                        .param("invoice", invoice)
                        .param("kind", kind.name())
                        .param("amount", amount)
                        .param("reference", reference)
                        .param("at", Timestamp.from(at))
                        .update()
                == 1;
    }

    void payInFull(SettlementKind kind, List<Payment> payments, Instant at) {
        var ids = Column.of(payments, one -> one.invoice().id());
        // A statement before the other: the event of the payment comes before that of the paid invoice.
        jdbc.sql("""
                        insert into settlement (invoice, kind, amount, reference, at)
                        select p.invoice, :kind, p.amount, p.reference, :at
                          from unnest(:invoice::bigint[], :amount::numeric[], :reference::text[]) p (invoice, amount, reference)""")
                .param("invoice", ids)
                .param("amount", Column.of(payments, Payment::amount))
                .param("reference", Column.of(payments, Payment::reference))
                .param("kind", kind.name())
                .param("at", Timestamp.from(at))
                .update();
        int paid = jdbc.sql("update invoice set status = 'PAID' where id = any(:ids::bigint[]) and status = 'OPEN'")
                .param("ids", ids)
                .update();
        if (paid != payments.size()) throw new IllegalStateException(paid + " of " + payments + " were open");
    }

    List<Settlement> settlements(long invoice) {
        return jdbc.sql("select kind, amount, reference, at from settlement where invoice = :invoice order by id")
                .param("invoice", invoice)
                .query((row, i) -> new Settlement(
                        SettlementKind.valueOf(row.getString("kind")),
                        row.getBigDecimal("amount"),
                        row.getString("reference"),
                        row.getTimestamp("at").toInstant()))
                .list();
    }

    void status(long invoice, InvoiceStatus status) {
        jdbc.sql("update invoice set status = :status where id = :invoice")
                .param("invoice", invoice)
                .param("status", status.name())
                .update();
    }
}
