package io.postpaid.billing.receipt;

import io.postpaid.account.Account;
import io.postpaid.billing.invoicing.BilledTo;
import io.postpaid.billing.invoicing.InvoiceTax;
import io.postpaid.billing.invoicing.LocalTax;
import io.postpaid.billing.receipt.TopUpDocument.Corrected;
import io.postpaid.billing.receipt.TopUpDocument.Kind;
import io.postpaid.billing.receipt.TopUpDocuments.Because;
import io.postpaid.platform.batch.Row;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Invoices of top-ups and their credit notes. */
@Component
class TopUpDocumentStore {
    private static final String DOCUMENTS = """
            select d.*, t.reference, c.number as corrected, c.issued_on as corrected_on
              from top_up_document d
              join top_up t on t.id = d.top_up
              left join top_up_document c on c.id = d.corrects
            """;

    /** Gives a document the next number of its kind and year; until the transaction ends nobody else gets one. */
    private static final String INSERT = """
            with series as (
                insert into top_up_series as s (kind, year, last_number) values (:kind, :year, 1)
                    on conflict (kind, year) do update set last_number = s.last_number + 1
                returning last_number)
            insert into top_up_document (kind, top_up, account, corrects, refund, dispute, year, number, issued_on, customer,
                                         currency, tax_category, tax_rate, tax_name, tax_percent, tax_note, tax_evidence, net, tax,
                                         total, reason, tax_currency, tax_in_currency, currency_per_euro,
                                         tax_currency_per_euro, rate_day)
            select :kind, s.top_up, s.account, s.corrects, :refund, :dispute, :year,
                   case :kind when 'INVOICE' then 'TU-' else 'TC-' end || :year || '-'
                       || lpad(last_number::text, greatest(6, length(last_number::text)), '0'),
                   :issued_on, s.customer, s.currency, s.category, s.rate, s.name, s.percent, s.note, s.evidence, :net, :tax, :net + :tax,
                   :reason, :tax_currency, :tax_in_currency, :currency_per_euro, :tax_currency_per_euro, :rate_day
              from series
             cross join (%s) s
            returning number""";

    private final JdbcClient jdbc;

    TopUpDocumentStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    TopUpDocument insertInvoice(
            long topUp,
            Account account,
            BilledTo customer,
            CreditPrice price,
            @Nullable LocalTax local,
            LocalDate day) {
        var number = statement(
                        """
                        select cast(:top_up as bigint) as top_up, :account as account, cast(null as bigint) as corrects,
                               cast(:customer as jsonb) as customer, :currency as currency, :category as category,
                               cast(:rate as bigint) as rate, :name as name, cast(:percent as numeric) as percent,
                               :note as note, :evidence as evidence""",
                        Kind.INVOICE,
                        new CreditBack.Part(price.net(), price.tax()),
                        new Because(null, null, ""),
                        local,
                        day)
                .param("top_up", topUp)
                .param("account", account.id())
                .param("customer", customer.toJson())
                .param("currency", account.currency())
                .param("category", price.category())
                .param("rate", price.rate())
                .param("name", price.name())
                .param("percent", price.percent())
                .param("note", price.note())
                .param("evidence", price.evidence())
                .query(String.class)
                .single();
        return find(number).orElseThrow();
    }

    /** Corrects a document by one of the other kind, which says the same of customer and tax. */
    TopUpDocument insert(
            Kind kind,
            TopUpDocument corrected,
            CreditBack.Part part,
            Because because,
            @Nullable LocalTax local,
            LocalDate day) {
        var number = statement("""
                        select top_up, account, id as corrects, customer, currency, tax_category as category,
                               tax_rate as rate, tax_name as name, tax_percent as percent, tax_note as note,
                               tax_evidence as evidence
                          from top_up_document
                         where id = :corrected""", kind, part, because, local, day)
                .param("corrected", corrected.id())
                .query(String.class)
                .single();
        return find(number).orElseThrow();
    }

    private JdbcClient.StatementSpec statement(
            String source, Kind kind, CreditBack.Part part, Because because, @Nullable LocalTax local, LocalDate day) {
        var exchange = local == null ? null : local.exchange();
        return jdbc.sql(INSERT.formatted(source))
                .param("kind", kind.name())
                .param("year", day.getYear())
                .param("issued_on", day)
                .param("net", part.net())
                .param("tax", part.tax())
                .param("refund", because.refund())
                .param("dispute", because.dispute())
                .param("reason", because.reason())
                .param("tax_currency", exchange == null ? null : exchange.to(), Types.VARCHAR)
                .param("tax_in_currency", local == null ? null : local.amount(), Types.NUMERIC)
                .param("currency_per_euro", exchange == null ? null : exchange.fromPerEuro(), Types.NUMERIC)
                .param("tax_currency_per_euro", exchange == null ? null : exchange.toPerEuro(), Types.NUMERIC)
                .param("rate_day", exchange == null ? null : exchange.day(), Types.DATE);
    }

    CreditBack back(long topUp) {
        return jdbc.sql("select currency, net, tax, net_back, tax_back from top_up_back where top_up = :top_up")
                .param("top_up", topUp)
                .query(Row.to(CreditBack.class))
                .single();
    }

    Optional<TopUpDocument> find(String number) {
        return list("where d.number = :number", Map.of("number", number)).stream()
                .findFirst();
    }

    List<TopUpDocument> of(long topUp) {
        return list("where d.top_up = :top_up order by d.id", Map.of("top_up", topUp));
    }

    List<TopUpDocument> list(String account) {
        return list("where d.account = :account order by d.id desc", Map.of("account", account));
    }

    Optional<TopUpDocument> creditNoteOf(long refund) {
        return list("where d.refund = :refund", Map.of("refund", refund)).stream()
                .findFirst();
    }

    private List<TopUpDocument> list(String which, Map<String, ?> parameters) {
        return jdbc.sql(DOCUMENTS + which)
                .params(parameters)
                .query((row, i) -> document(row))
                .list();
    }

    private static TopUpDocument document(ResultSet row) throws SQLException {
        return new TopUpDocument(
                row.getLong("id"),
                Kind.valueOf(row.getString("kind")),
                row.getLong("top_up"),
                row.getString("reference"),
                row.getString("account"),
                row.getString("corrected") == null
                        ? null
                        : new Corrected(row.getString("corrected"), row.getObject("corrected_on", LocalDate.class)),
                row.getString("number"),
                row.getObject("issued_on", LocalDate.class),
                BilledTo.fromJson(row.getString("customer")),
                row.getString("currency"),
                new InvoiceTax(
                        1,
                        row.getString("tax_category"),
                        row.getObject("tax_rate", Long.class),
                        row.getString("tax_name"),
                        row.getBigDecimal("tax_percent"),
                        row.getBigDecimal("net"),
                        row.getBigDecimal("tax"),
                        row.getString("tax_note"),
                        row.getString("tax_evidence"),
                        LocalTax.of(row)),
                row.getString("reason"));
    }
}
