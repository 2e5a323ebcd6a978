package io.postpaid.payments.settlement;

import io.postpaid.platform.batch.Todo;
import java.math.BigDecimal;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Money that was given back by card. */
@Component
class RefundStore {
    private final JdbcClient jdbc;

    RefundStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Claims a refund before Stripe is asked, or writes down one that was made at Stripe; what became of it follows.
     *
     * @param stripeId null for a claim
     */
    Refund insert(
            Paid of,
            BigDecimal amount,
            BigDecimal taken,
            BigDecimal lost,
            String reason,
            @Nullable String stripeId,
            Instant at) {
        return jdbc.sql("""
                insert into refund (invoice, top_up, amount, taken, tax, lost, reason, status, stripe_id, claimed_at)
                values (:invoice, :top_up, :amount, :taken, :tax, :lost, :reason,
                        case when cast(:stripe as text) is null then 'CLAIMED' else 'PENDING' end, :stripe, :at)
                returning *""")
                .param("invoice", of.invoiceId())
                .param("top_up", of.topUpId())
                .param("amount", amount)
                .param("taken", taken)
                .param("tax", of.taxIn(taken))
                .param("lost", lost)
                .param("reason", reason)
                .param("stripe", stripeId)
                .param("at", Timestamp.from(at))
                .query(Refund.class)
                .single();
    }

    /** @return false if it was resolved before */
    boolean refused(long refund, String why, Instant at) {
        return jdbc.sql("""
                update refund set status = 'REFUSED', message = :why, resolved_at = :at
                 where id = :id and status in ('CLAIMED', 'UNKNOWN')""")
                        .param("id", refund)
                        .param("why", why)
                        .param("at", Timestamp.from(at))
                        .update()
                == 1;
    }

    void unknown(long refund, String why) {
        jdbc.sql("""
                update refund set status = 'UNKNOWN', message = :why
                 where id = :id and status in ('CLAIMED', 'UNKNOWN')""").param("id", refund).param("why", why).update();
    }

    /** @return false if that was known */
    boolean pending(long refund, String stripeId, String message) {
        return jdbc.sql("""
                update refund set status = 'PENDING', stripe_id = :stripe, message = :message
                 where id = :id and (status in ('CLAIMED', 'UNKNOWN')
                                     or status = 'PENDING' and message is distinct from :message)""")
                        .param("id", refund)
                        .param("stripe", stripeId)
                        .param("message", message)
                        .update()
                == 1;
    }

    /** Keeps why a pending refund could not be looked at. */
    void waits(long refund, String why) {
        jdbc.sql("update refund set message = :why where id = :id and status = 'PENDING'")
                .param("id", refund)
                .param("why", why)
                .update();
    }

    void succeeded(long refund, String stripeId, Instant at) {
        jdbc.sql("""
                update refund set status = 'SUCCEEDED', stripe_id = :stripe, message = null, resolved_at = :at
                 where id = :id""")
                .param("id", refund)
                .param("stripe", stripeId)
                .param("at", Timestamp.from(at))
                .update();
    }

    /**
     * @param returned when money that had left came back; null where it never left
     * @return false if it had failed before
     */
    boolean failed(long refund, String stripeId, String why, @Nullable Instant returned, Instant at) {
        return jdbc.sql("""
                update refund
                   set status = 'FAILED', stripe_id = :stripe, message = :why, returned_at = :returned,
                       resolved_at = coalesce(resolved_at, :at)
                 where id = :id and status in ('CLAIMED', 'UNKNOWN', 'PENDING', 'SUCCEEDED')""")
                        .param("id", refund)
                        .param("stripe", stripeId)
                        .param("why", why)
                        .param("returned", returned == null ? null : Timestamp.from(returned), Types.TIMESTAMP)
                        .param("at", Timestamp.from(at))
                        .update()
                == 1;
    }

    Refund get(long id) {
        return jdbc.sql("select * from refund where id = :id")
                .param("id", id)
                .query(Refund.class)
                .single();
    }

    Optional<Refund> find(String stripeId) {
        return jdbc.sql("select * from refund where stripe_id = :stripe")
                .param("stripe", stripeId)
                .query(Refund.class)
                .optional();
    }

    /** Those whose end is not known, and those that Stripe has not made yet. */
    Todo<Refund> unresolved() {
        return Todo.of(Refund.class, "select * from refund where status in ('CLAIMED', 'UNKNOWN', 'PENDING')")
                .inOrder();
    }

    /** The one of an invoice or a top-up of which it is not known whether it reached Stripe. */
    Optional<Refund> unresolved(@Nullable Long invoice, @Nullable Long topUp) {
        return jdbc.sql("""
                select * from refund
                 where status in ('CLAIMED', 'UNKNOWN')
                   and (invoice = cast(:invoice as bigint) or top_up = cast(:top_up as bigint))""")
                .param("invoice", invoice)
                .param("top_up", topUp)
                .query(Refund.class)
                .optional();
    }
}
