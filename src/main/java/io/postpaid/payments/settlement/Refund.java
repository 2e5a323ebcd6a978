package io.postpaid.payments.settlement;

import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Money given back for an invoice or a top-up.
 *
 * @param taken what was set aside for it from the account balance; of a top-up, credit of the grant with the tax on it
 * @param tax what of that is tax
 * @param lost what of it went beyond what may be given back: it was made in Stripe's dashboard
 */
public record Refund(
        long id,
        @Nullable Long invoice,
        @Nullable Long topUp,
        BigDecimal amount,
        BigDecimal taken,
        BigDecimal tax,
        BigDecimal lost,
        String reason,
        RefundStatus status,
        @Nullable String stripeId,
        @Nullable String message,
        Instant claimedAt) {

    /** What is set aside until it has succeeded. */
    BigDecimal setAside() {
        return taken.subtract(tax);
    }

    /** What a credit note of an invoice gives, once it has succeeded. */
    BigDecimal noted() {
        return amount.subtract(taken).subtract(lost);
    }

    /** Whether Stripe has to be asked what became of it. */
    public boolean unknown() {
        return status == RefundStatus.CLAIMED || status == RefundStatus.UNKNOWN;
    }

    /** How far it has come. */
    public enum RefundStatus {
        /** Committed before Stripe is called. */
        CLAIMED,
        /** Stripe was asked, and what it did is not known. */
        UNKNOWN,
        /** Stripe has taken it, and has not made it yet: nothing is final. */
        PENDING,
        /** The money has left us. */
        SUCCEEDED,
        /** The money is with us: it never left, or the customer's bank did not take it. */
        FAILED,
        /** Stripe refused: no money moved. */
        REFUSED
    }
}
