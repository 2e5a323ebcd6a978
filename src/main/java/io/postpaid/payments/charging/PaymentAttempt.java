package io.postpaid.payments.charging;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One try to charge an invoice.
 *
 * @param intent which one of the invoice's intents it tries
 * @param returnUrl where the customer, who is there, comes back to from the bank; null for what a run tries
 * @param atBank whether the customer has the address of the bank's page
 */
public record PaymentAttempt(
        long id,
        long invoice,
        int n,
        int intent,
        Status status,
        String paymentMethod,
        long amountMinor,
        String currency,
        @Nullable String stripeId,
        @Nullable String declineCode,
        @Nullable String message,
        @Nullable String returnUrl,
        boolean atBank,
        Instant claimedAt,
        @Nullable Instant resolvedAt) {
    /** How long a customer may take at the page and at the bank; no run looks at the attempt before. */
    public static final Duration ON_PAGE = Duration.ofMinutes(30);

    /** Whether it is the customer's turn. */
    boolean waitsForCustomer(Instant now) {
        return returnUrl != null && now.isBefore(claimedAt.plus(ON_PAGE));
    }

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
