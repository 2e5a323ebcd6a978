package io.postpaid.payments.taxrecord;

import io.postpaid.platform.batch.Todo;
import java.math.BigDecimal;
import java.sql.Timestamp;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What is recorded at Stripe Tax. */
@Component
class TaxRecordStore {
    /** Stripe knows no sales below zero: an invoice that has one is not recorded, nor are its credit notes. */
    private static final String INVOICES = """
            select i.id, i.account, i.currency, i.id as invoice, null::bigint as credit_note, i.number as reference,
                   s.calculation as of_what, 0::numeric as amount
              from (select t.invoice, min(t.evidence) as calculation
                      from invoice_tax t
                     where t.evidence like 'taxcalc\\_%'
                     group by t.invoice
                    having min(t.base) >= 0) s
              join invoice i on i.id = s.invoice and i.status <> 'DRAFT'
             where not exists (select from stripe_tax_transaction x
                                where x.reference = i.number and (x.transaction is not null or x.refusal <> ''))""";

    private static final String CREDIT_NOTES = """
            select c.id, i.account, i.currency, i.id as invoice, c.id as credit_note, c.number as reference,
                   o.transaction as of_what, s.amount
              from stripe_tax_transaction o
              join credit_note c on c.invoice = o.invoice
              join invoice i on i.id = c.invoice
              join lateral (select sum(t.base + t.amount) as amount
                              from credit_note_tax t where t.credit_note = c.id) s on s.amount > 0
             where o.credit_note is null and o.transaction is not null
               and not exists (select from stripe_tax_transaction x
                                where x.reference = c.number and (x.transaction is not null or x.refusal <> ''))""";

    private final JdbcClient jdbc;

    TaxRecordStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * A document that Stripe does not have yet.
     *
     * @param creditNote null for an invoice
     * @param reference its number
     * @param ofWhat Stripe's calculation, or the transaction that a credit note takes back a part of
     * @param amount what a credit note gives back, with tax
     */
    record Unrecorded(
            long id,
            String account,
            String currency,
            long invoice,
            @Nullable Long creditNote,
            String reference,
            String ofWhat,
            BigDecimal amount) {}

    Todo<Unrecorded> invoices() {
        return Todo.of(Unrecorded.class, INVOICES);
    }

    Todo<Unrecorded> creditNotes() {
        return Todo.of(Unrecorded.class, CREDIT_NOTES);
    }

    /** Commits by itself: whoever dies from here on leaves a claim that the next run finds. */
    void claim(Unrecorded document, Instant now) {
        jdbc.sql("""
                        insert into stripe_tax_transaction (invoice, credit_note, reference, claimed_at)
                        values (:invoice, :credit_note, :reference, :now)
                            on conflict (reference) do nothing""")
                .param("invoice", document.invoice())
                .param("credit_note", document.creditNote())
                .param("reference", document.reference())
                .param("now", Timestamp.from(now))
                .update();
    }

    void recorded(Unrecorded document, String transaction) {
        jdbc.sql("update stripe_tax_transaction set transaction = :transaction where reference = :reference")
                .param("transaction", transaction)
                .param("reference", document.reference())
                .update();
    }

    void refused(Unrecorded document, String why) {
        jdbc.sql("update stripe_tax_transaction set refusal = :why where reference = :reference")
                .param("why", why)
                .param("reference", document.reference())
                .update();
    }
}
