package io.postpaid.payment;

import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Money given back for an invoice. */
public record Refund(
        long id,
        long invoice,
        BigDecimal amount,
        String reason,
        RefundStatus status,
        @Nullable String stripeId,
        @Nullable String message,
        Instant claimedAt) {

    /** How far it has come. */
    public enum RefundStatus {
        /** Committed before Stripe is called. */
        CLAIMED,
        /** Stripe was asked, and what it did is not known. */
        UNKNOWN,
        /** The money has left us. */
        SUCCEEDED,
        /** It came back later: the customer's bank did not take it. */
        FAILED,
        /** Stripe refused: no money moved. */
        REFUSED
    }
}
