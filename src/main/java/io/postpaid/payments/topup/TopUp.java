package io.postpaid.payments.topup;

import io.postpaid.billing.receipt.CreditPrice;
import io.postpaid.payments.charging.PaymentAttempt;
import io.postpaid.payments.stripe.Decline;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Credit that an account buys with its card.
 *
 * @param reference one top-up of the account, however often it is asked for
 * @param amount of the credit, which is net
 * @param tax on it, as it was decided for the claim
 * @param total what is charged
 * @param message in words for operators: why it was declined, or why its end is not known
 * @param grant the credit that it became
 * @param returnUrl where the customer, who is there, comes back to from the bank; null if nobody is there
 * @param automaticMost of one that nobody asked for, the most a month that was set then; else null
 */
public record TopUp(
        long id,
        String account,
        String reference,
        BigDecimal amount,
        BigDecimal tax,
        BigDecimal total,
        String taxCategory,
        @Nullable Long taxRate,
        String taxName,
        BigDecimal taxPercent,
        String taxNote,
        String taxEvidence,
        String currency,
        String paymentMethod,
        Status status,
        @Nullable String intent,
        @Nullable String declineCode,
        @Nullable String adviceCode,
        @Nullable String message,
        @Nullable Long grant,
        @Nullable String returnUrl,
        Instant claimedAt,
        @Nullable Instant resolvedAt,
        @Nullable BigDecimal automaticMost) {

    /** How far it has come. */
    public enum Status {
        /** Committed before Stripe is called. */
        CLAIMED,
        /** Stripe was asked, and what it did is not known. */
        UNKNOWN,
        SUCCEEDED,
        DECLINED,
        /** The customer would have to authenticate. */
        NEEDS_CUSTOMER,
        /** The card was never tried. */
        NOT_EXECUTED
    }

    CreditPrice price() {
        return new CreditPrice(amount, tax, taxCategory, taxRate, taxName, taxPercent, taxNote, taxEvidence);
    }

    /** Whether the customer may still confirm it at the bank. */
    boolean waitsForCustomer(Instant now) {
        return returnUrl != null && now.isBefore(claimedAt.plus(PaymentAttempt.ON_PAGE));
    }

    /** Whether nobody asked for it. */
    public boolean automatic() {
        return automaticMost != null;
    }

    /** Whether it has an end, which stays. */
    public boolean resolved() {
        return resolvedAt != null;
    }

    /** Why the card was not charged, in one plain sentence for the customer. */
    public String reason() {
        var decline = decline();
        return decline == null ? "The card was not tried." : decline.sentence();
    }

    @Nullable
    public Decline decline() {
        return declineCode == null ? null : new Decline(declineCode, adviceCode, message, null);
    }
}
