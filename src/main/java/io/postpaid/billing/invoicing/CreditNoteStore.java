package io.postpaid.billing.invoicing;

import static java.util.stream.Collectors.toMap;

import io.postpaid.platform.batch.Column;
import io.postpaid.platform.money.Rounding;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Credit notes, and the facts of what was given back. */
@Component
class CreditNoteStore {
    private static final String TAXES = """
            select t.position, t.category, t.rate, t.name, t.percent, t.note, t.evidence, t.tax_currency, t.currency_per_euro,
                   t.tax_currency_per_euro, t.rate_day, i.currency, sum(r.base) as base, sum(r.amount) as tax,
                   sum(r.amount_in_currency) as tax_in_currency
              from invoice_tax t
              join invoice i on i.id = t.invoice
              join credit_note_tax r on r.invoice = t.invoice and r.tax = t.position
            """;

    private final JdbcClient jdbc;

    CreditNoteStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    List<CreditNote> find(@Nullable String number, @Nullable Long invoice) {
        return jdbc.sql("""
                        select number, invoice, issued_on, amount, tax, settled, grant_id, reason
                          from credit_note
                         where (cast(:number as text) is null or number = :number)
                           and (cast(:invoice as bigint) is null or invoice = :invoice)
                         order by id""")
                .param("number", number)
                .param("invoice", invoice)
                .query((row, i) -> creditNote(row))
                .list();
    }

    /** Gives a credit note the next number of its year; until the transaction ends nobody else gets one. */
    CreditNote insert(CreditNote note, List<InvoiceTax> taxes) {
        var inserted = jdbc.sql("""
                        with series as (
                            insert into credit_note_series as s (year, last_number) values (:year, 1)
                                on conflict (year) do update set last_number = s.last_number + 1
                            returning last_number)
                        insert into credit_note (invoice, year, number, issued_on, amount, tax, settled, grant_id, reason)
                        select :invoice, :year,
                               'CN-' || :year || '-' || lpad(last_number::text, greatest(6, length(last_number::text)), '0'),
                               :issued_on, :amount, :tax, :settled, :grant, :reason
                          from series
                        returning number, invoice, issued_on, amount, tax, settled, grant_id, reason""")
                .param("year", note.issuedOn().getYear())
                .param("invoice", note.invoice())
                .param("issued_on", note.issuedOn())
                .param("amount", note.amount())
                .param("tax", note.tax())
                .param("settled", note.settled())
                .param("grant", note.grant())
                .param("reason", note.reason())
                .query((row, i) -> creditNote(row))
                .single();
        jdbc.sql("""
                        insert into credit_note_tax (credit_note, invoice, tax, base, amount, amount_in_currency)
                        select c.id, c.invoice, t.*
                          from credit_note c
                         cross join unnest(:tax::integer[], :base::numeric[], :amount::numeric[], :local::numeric[]) t
                         where c.number = :number""")
                .param("number", inserted.number())
                .param("tax", Column.of(taxes, InvoiceTax::position))
                .param("base", Column.of(taxes, InvoiceTax::base))
                .param("amount", Column.of(taxes, InvoiceTax::tax))
                .param("local", Column.of(taxes, InvoiceTax::localAmount))
                .update();
        return inserted;
    }

    /** What all credit notes of an invoice have returned of each of its taxes, by position. */
    Map<Integer, InvoiceTax> returned(long invoice) {
        return jdbc
                .sql(TAXES + " where t.invoice = :invoice group by t.invoice, t.position, i.id")
                .param("invoice", invoice)
                .query(InvoiceStore::tax)
                .list()
                .stream()
                .collect(toMap(InvoiceTax::position, tax -> tax));
    }

    List<InvoiceTax> taxes(String number) {
        return jdbc.sql(TAXES + " join credit_note c on c.id = r.credit_note where c.number = :number"
                        + " group by t.invoice, t.position, i.id order by t.position")
                .param("number", number)
                .query(InvoiceStore::tax)
                .list();
    }

    private static CreditNote creditNote(ResultSet row) throws SQLException {
        return new CreditNote(
                row.getString("number"),
                row.getLong("invoice"),
                row.getObject("issued_on", LocalDate.class),
                row.getBigDecimal("amount"),
                row.getBigDecimal("tax"),
                row.getBigDecimal("settled"),
                row.getObject("grant_id", Long.class),
                row.getString("reason"));
    }

    /** The facts of what was given back; the account's balance stays as it is until the transaction ends. */
    GivenBack givenBack(long invoice) {
        return jdbc.sql("""
                        select g.*, coalesce(b.amount, 0) as balance
                          from given_back g
                          left join account_balance b on b.account = g.account and b.currency = g.currency
                         where g.invoice = :invoice""")
                .param("invoice", invoice)
                .query((row, i) -> new GivenBack(
                        row.getBigDecimal("billed"),
                        row.getBigDecimal("credited"),
                        row.getBigDecimal("written_off"),
                        row.getBigDecimal("reserved"),
                        row.getBigDecimal("banked"),
                        row.getBigDecimal("corrected"),
                        row.getBigDecimal("by_card")
                                .subtract(row.getBigDecimal("refunded"))
                                .subtract(row.getBigDecimal("disputed")),
                        row.getBigDecimal("freed")
                                .min(Rounding.floor(row.getBigDecimal("balance"), row.getString("currency"))),
                        true))
                .single();
    }

    void lockBalance(String account) {
        jdbc.sql("select from account_balance where account = :account order by currency for update")
                .param("account", account)
                .query((row, i) -> account)
                .list();
    }
}
