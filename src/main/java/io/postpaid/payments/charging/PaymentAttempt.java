package io.postpaid.payments.charging;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One try to charge an invoice. */
public record PaymentAttempt(
        long id,
        long invoice,
        int n,
        Status status,
        String paymentMethod,
        long amountMinor,
        String currency,
        @Nullable String stripeId,
        @Nullable String declineCode,
        @Nullable String message,
        Instant claimedAt,
        @Nullable Instant resolvedAt) {

    /** How far it has come. */
    public enum Status {
        /** Committed before Stripe is called. */
        CLAIMED,
        /** Stripe was asked, and what it did is not known. */
        UNKNOWN,
        SUCCEEDED,
        DECLINED_RETRYABLE,
        DECLINED_FOR_GOOD,
        NEEDS_CUSTOMER,
        /** It never reached Stripe. */
        NOT_EXECUTED
    }
}
