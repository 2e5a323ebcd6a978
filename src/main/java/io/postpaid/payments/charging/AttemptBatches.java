package io.postpaid.payments.charging;

import static java.util.stream.Collectors.toMap;

import io.postpaid.payments.charging.Claims.Claim;
import io.postpaid.payments.stripe.Intent;
import io.postpaid.platform.batch.Column;
import java.math.BigDecimal;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** First attempts on many invoices, each statement for all of them. */
@Component
class AttemptBatches {
    private final JdbcClient jdbc;

    AttemptBatches(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** What an invoice is tried with. */
    record Try(long invoice, String paymentMethod, long amountMinor, String currency) {}

    /** What Stripe shows of the intent of a claim. */
    record Seen(Claim claim, Intent intent) {}

    /**
     * What is to be paid of those that are open and that no intent has paid, by invoice; until the transaction ends nobody else can claim
     * or settle them.
     */
    Map<Long, BigDecimal> lockOpen(Collection<Long> invoices) {
        var ids = invoices.toArray(Long[]::new);
        jdbc.sql("select id from invoice where id = any(:ids) order by id for no key update")
                .param("ids", ids)
                .query()
                .listOfRows();
        // A statement of its own: it sees what was settled while the locks were waited for.
        return jdbc
                .sql("""
                        select i.id,
                               i.amount_due - coalesce((select sum(amount) from settlement s where s.invoice = i.id), 0) as open
                          from invoice i
                         where i.id = any(:ids) and i.status = 'OPEN'
                           and not exists (select from settlement s where s.invoice = i.id and s.kind = 'CARD')
                           and not exists (select from surplus s where s.invoice = i.id and s.kind = 'CARD')""")
                .param("ids", ids)
                .query((row, i) -> Map.entry(row.getLong("id"), row.getBigDecimal("open")))
                .stream()
                .collect(toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** Those of these invoices that somebody has tried. */
    Set<Long> tried(Collection<Long> invoices) {
        return jdbc.sql("select invoice from payment_attempt where invoice = any(:ids)")
                .param("ids", invoices.toArray(Long[]::new))
                .query(Long.class)
                .set();
    }

    /** Claims the first attempts, with the intents that they will be made on. */
    List<PaymentAttempt> claim(List<Try> tries, Instant at) {
        return jdbc.sql("""
                        with wanted as materialized (
                            select w.*
                              from unnest(:invoice::bigint[], :method::text[], :amount::bigint[], :currency::text[])
                                   w (invoice, method, amount, currency)
                        ), made as (
                            insert into payment_intent (invoice, n, amount_minor) select invoice, 1, amount from wanted
                            returning invoice, n)
                        insert into payment_attempt (invoice, n, intent, status, payment_method, amount_minor, currency, claimed_at)
                        select invoice, 1, m.n, 'CLAIMED', w.method, w.amount, w.currency, :at
                          from wanted w
                          join made m using (invoice)
                        returning *, cast(null as text) as stripe_id""")
                .param("invoice", Column.of(tries, Try::invoice))
                .param("method", Column.of(tries, Try::paymentMethod))
                .param("amount", Column.of(tries, Try::amountMinor))
                .param("currency", Column.of(tries, Try::currency))
                .param("at", Timestamp.from(at))
                .query(PaymentAttempt.class)
                .list();
    }

    /** Remembers the ids of intents that were created. */
    void created(List<Seen> created) {
        var invoices = Column.of(created, one -> one.claim().invoice().id());
        var ids = Column.of(created, one -> one.intent().id());
        jdbc.sql("""
                        update payment_intent t
                           set stripe_id = c.id
                          from unnest(:invoice::bigint[], :id::text[]) c (invoice, id)
                         where t.invoice = c.invoice and t.n = 1 and t.stripe_id is null""").param("invoice", invoices).param("id", ids).update();
        // Somebody else may have been faster.
        var others = jdbc.sql("""
                        select c.invoice
                          from unnest(:invoice::bigint[], :id::text[]) c (invoice, id)
                          join payment_intent t on t.invoice = c.invoice and t.n = 1
                         where t.stripe_id <> c.id""")
                .param("invoice", invoices)
                .param("id", ids)
                .query(Long.class)
                .list();
        if (!others.isEmpty()) throw new IllegalStateException("invoices " + others + " have other intents");
    }

    /**
     * Ends attempts by their success, and remembers that their intents have paid.
     *
     * @return the attempts that nobody else had resolved
     */
    Set<Long> succeeded(List<Seen> paid, Instant at) {
        jdbc.sql("""
                        update payment_intent t
                           set status = 'SUCCEEDED', stripe_id = c.id
                          from unnest(:invoice::bigint[], :id::text[]) c (invoice, id)
                         where t.invoice = c.invoice and t.status = 'LIVE' and (t.stripe_id is null or t.stripe_id = c.id)""")
                .param("invoice", Column.of(paid, one -> one.claim().invoice().id()))
                .param("id", Column.of(paid, one -> one.intent().id()))
                .update();
        return jdbc.sql("""
                        update payment_attempt p
                           set status = 'SUCCEEDED', charge = c.charge, resolved_at = :at
                          from unnest(:attempt::bigint[], :charge::text[]) c (attempt, charge)
                         where p.id = c.attempt and p.status in ('CLAIMED', 'UNKNOWN')
                        returning p.id""")
                .param("attempt", Column.of(paid, one -> one.claim().attempt().id()))
                .param("charge", Column.of(paid, one -> one.intent().charge()))
                .param("at", Timestamp.from(at))
                .query(Long.class)
                .set();
    }
}
