package io.postpaid.payments.settlement;

import java.math.BigDecimal;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Charges that banks took back. */
@Component
public class DisputeStore {
    private final JdbcClient jdbc;

    DisputeStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** What is known of a dispute. */
    public record DisputeRow(String id, BigDecimal amount, BigDecimal taken, BigDecimal owed, String status) {}

    public Optional<DisputeRow> dispute(String id) {
        return jdbc.sql("select id, amount, taken, owed, status from dispute where id = :id")
                .param("id", id)
                .query((row, i) -> new DisputeRow(
                        row.getString("id"),
                        row.getBigDecimal("amount"),
                        row.getBigDecimal("taken"),
                        row.getBigDecimal("owed"),
                        row.getString("status")))
                .optional();
    }

    void openDispute(
            String id, Paid of, BigDecimal amount, BigDecimal taken, BigDecimal owed, String reason, Instant at) {
        jdbc.sql("""
                insert into dispute (id, invoice, top_up, amount, taken, owed, reason, status, opened_at)
                values (:id, :invoice, :top_up, :amount, :taken, :owed, :reason, 'UNDER_REVIEW', :at)""")
                .param("id", id)
                .param("invoice", of.invoice() == null ? null : of.invoice().id())
                .param("top_up", of.topUp() == null ? null : of.topUp().id())
                .param("amount", amount)
                .param("taken", taken)
                .param("owed", owed)
                .param("reason", reason)
                .param("at", Timestamp.from(at))
                .update();
    }

    void forgetDunning(long invoice) {
        jdbc.sql("delete from dunning_step where invoice = :invoice and step in ('REMINDER', 'SUSPENSION')")
                .param("invoice", invoice)
                .update();
    }

    void closeDispute(String id, String status, BigDecimal owed, Instant at) {
        jdbc.sql("update dispute set status = :status, owed = :owed, closed_at = :at where id = :id")
                .param("id", id)
                .param("status", status)
                .param("owed", owed)
                .param("at", Timestamp.from(at))
                .update();
    }
}
