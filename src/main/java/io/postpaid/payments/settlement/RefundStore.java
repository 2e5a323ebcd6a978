package io.postpaid.payments.settlement;

import io.postpaid.payments.settlement.Refund.RefundStatus;
import io.postpaid.platform.batch.Todo;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Money that was given back by card. */
@Component
public class RefundStore {
    private static final String REFUND = """
            select id, invoice, top_up, amount, taken, lost, reason, status, stripe_id, message, claimed_at
              from refund
            """;

    private final JdbcClient jdbc;

    RefundStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Claims a refund, before Stripe is asked. */
    public Refund claim(Paid of, BigDecimal amount, BigDecimal taken, String reason, Instant at) {
        return insert(of, amount, taken, BigDecimal.ZERO, reason, null, at);
    }

    /** Writes down a refund that was made at Stripe; what became of it follows. */
    public Refund insert(
            Paid of,
            BigDecimal amount,
            BigDecimal taken,
            BigDecimal lost,
            String reason,
            @Nullable String stripeId,
            Instant at) {
        return jdbc.sql("""
                insert into refund (invoice, top_up, amount, taken, lost, reason, status, stripe_id, claimed_at)
                values (:invoice, :top_up, :amount, :taken, :lost, :reason,
                        case when cast(:stripe as text) is null then 'CLAIMED' else 'PENDING' end, :stripe, :at)
                returning id, invoice, top_up, amount, taken, lost, reason, status, stripe_id, message, claimed_at""")
                .param("invoice", of.invoice() == null ? null : of.invoice().id())
                .param("top_up", of.topUp() == null ? null : of.topUp().id())
                .param("amount", amount)
                .param("taken", taken)
                .param("lost", lost)
                .param("reason", reason)
                .param("stripe", stripeId)
                .param("at", Timestamp.from(at))
                .query((row, i) -> refund(row))
                .single();
    }

    /** @return false if it was resolved before */
    public boolean resolve(
            long refund, RefundStatus status, @Nullable String stripeId, @Nullable String message, Instant at) {
        return jdbc.sql("""
                update refund set status = :status, stripe_id = :stripe, message = :message, resolved_at = :at
                 where id = :id and status in ('CLAIMED', 'UNKNOWN')""")
                        .param("id", refund)
                        .param("status", status.name())
                        .param("stripe", stripeId)
                        .param("message", message)
                        .param("at", Timestamp.from(at))
                        .update()
                == 1;
    }

    public void unknown(long refund, String why) {
        jdbc.sql(
                        "update refund set status = 'UNKNOWN', message = :why where id = :id and status in ('CLAIMED', 'UNKNOWN')")
                .param("id", refund)
                .param("why", why)
                .update();
    }

    /** @return false if that was known */
    public boolean pending(long refund, String stripeId, String message) {
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
    public void waits(long refund, String why) {
        jdbc.sql("update refund set message = :why where id = :id and status = 'PENDING'")
                .param("id", refund)
                .param("why", why)
                .update();
    }

    public void succeeded(long refund, String stripeId, Instant at) {
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
    public boolean failed(long refund, String stripeId, String why, @Nullable Instant returned, Instant at) {
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

    public Optional<Refund> refund(long id) {
        return jdbc.sql(REFUND + "where id = :id")
                .param("id", id)
                .query((row, i) -> refund(row))
                .optional();
    }

    public Optional<Refund> refund(String stripeId) {
        return jdbc.sql(REFUND + "where stripe_id = :stripe")
                .param("stripe", stripeId)
                .query((row, i) -> refund(row))
                .optional();
    }

    /** Those whose end is not known, and those that Stripe has not made yet. */
    public Todo<Refund> unresolvedRefunds() {
        return Todo.of((row, i) -> refund(row), REFUND + "where status in ('CLAIMED', 'UNKNOWN', 'PENDING')")
                .inOrder();
    }

    public Optional<Refund> unresolvedRefund(Paid of) {
        return unresolvedRefund(
                of.invoice() == null ? null : of.invoice().id(),
                of.topUp() == null ? null : of.topUp().id());
    }

    /** The one of an invoice or a top-up of which it is not known whether it reached Stripe. */
    public Optional<Refund> unresolvedRefund(@Nullable Long invoice, @Nullable Long topUp) {
        return jdbc.sql(REFUND + """
                where status in ('CLAIMED', 'UNKNOWN')
                  and (invoice = cast(:invoice as bigint) or top_up = cast(:top_up as bigint))""")
                .param("invoice", invoice)
                .param("top_up", topUp)
                .query((row, i) -> refund(row))
                .optional();
    }

    private static Refund refund(ResultSet row) throws SQLException {
        return new Refund(
                row.getLong("id"),
                row.getObject("invoice", Long.class),
                row.getObject("top_up", Long.class),
                row.getBigDecimal("amount"),
                row.getBigDecimal("taken"),
                row.getBigDecimal("lost"),
                row.getString("reason"),
                RefundStatus.valueOf(row.getString("status")),
                row.getString("stripe_id"),
                row.getString("message"),
                row.getTimestamp("claimed_at").toInstant());
    }
}
