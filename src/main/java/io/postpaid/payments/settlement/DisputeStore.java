package io.postpaid.payments.settlement;

import io.postpaid.payments.stripe.StripeBooks.SeenDispute;
import java.math.BigDecimal;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Charges that banks took back. */
@Component
class DisputeStore {
    private final JdbcClient jdbc;

    DisputeStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** What is known of a dispute. */
    record DisputeRow(
            String id,
            BigDecimal amount,
            BigDecimal taken,
            BigDecimal tax,
            BigDecimal owed,
            boolean underReview,
            String reason) {
        /** What was taken of the credit, or of the account balance. */
        BigDecimal setAside() {
            return taken.subtract(tax);
        }
    }

    Optional<DisputeRow> find(String id) {
        return jdbc.sql("""
                select *, status = 'UNDER_REVIEW' as under_review from dispute where id = :id""").param("id", id).query(DisputeRow.class).optional();
    }

    void open(SeenDispute seen, Paid of, BigDecimal taken, BigDecimal owed, Instant at) {
        jdbc.sql("""
                insert into dispute (id, invoice, top_up, amount, taken, tax, owed, reason, status, opened_at, evidence_due)
                values (:id, :invoice, :top_up, :amount, :taken, :tax, :owed, :reason, 'UNDER_REVIEW', :at, :due)""")
                .param("due", seen.evidenceDue() == null ? null : Timestamp.from(seen.evidenceDue()))
                .param("id", seen.id())
                .param("invoice", of.invoiceId())
                .param("top_up", of.topUpId())
                .param("amount", seen.amount())
                .param("taken", taken)
                .param("tax", of.taxIn(taken))
                .param("owed", owed)
                .param("reason", seen.reason())
                .param("at", Timestamp.from(at))
                .update();
    }

    void close(String id, String status, BigDecimal owed, Instant at) {
        jdbc.sql("update dispute set status = :status, owed = :owed, closed_at = :at where id = :id")
                .param("id", id)
                .param("status", status)
                .param("owed", owed)
                .param("at", Timestamp.from(at))
                .update();
    }

    void forgetDunning(long invoice) {
        jdbc.sql("delete from dunning_step where invoice = :invoice and step in ('REMINDER', 'SUSPENSION')")
                .param("invoice", invoice)
                .update();
    }
}
