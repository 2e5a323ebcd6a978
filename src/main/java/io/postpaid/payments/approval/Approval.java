package io.postpaid.payments.approval;

import io.postpaid.platform.money.Amounts;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Money that somebody asked to give, and that waits for a second person or was decided by one.
 *
 * @param decidedBecause why it was rejected
 * @param item what was made of it: the id of a refund or grant, the number of a credit note, the reference of a write-off or transfer
 */
public record Approval(
        long id,
        GiveAway what,
        String account,
        String currency,
        BigDecimal amount,
        String reason,
        String askedBy,
        Instant askedAt,
        Status status,
        @Nullable String decidedBy,
        @Nullable Instant decidedAt,
        @Nullable String decidedBecause,
        @Nullable String item) {

    /** Such as {@code USD 120.00 back to the card for invoice 2026-000001}. */
    public String text() {
        return Amounts.text(amount, currency) + " " + what.text();
    }

    /** How far it has come. */
    public enum Status {
        /** Given at once, by one person. */
        DIRECT,
        WAITING,
        /** Approved and given. */
        APPROVED,
        REJECTED
    }
}
