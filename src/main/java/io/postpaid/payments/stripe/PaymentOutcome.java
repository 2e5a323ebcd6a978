package io.postpaid.payments.stripe;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.modulith.NamedInterface;

/** What became of one try to charge an invoice. */
@NamedInterface("outcome")
public sealed interface PaymentOutcome {

    default boolean paid() {
        return this instanceof Succeeded;
    }

    /** Whether the intent can never pay any more, which says nothing of the card. */
    default boolean canceled() {
        return this instanceof DeclinedForGood(var decline) && decline.isCanceled();
    }

    /** The page on which the customer has to confirm it at the bank. */
    default Optional<String> bankPage() {
        return this instanceof AtBank(var url) ? Optional.ofNullable(url) : Optional.empty();
    }

    /** Why nothing was charged, in one plain sentence for the customer; empty where that is not so. */
    default String sentence() {
        return switch (this) {
            case DeclinedRetryable(var decline) -> decline.sentence();
            case DeclinedForGood(var decline) -> decline.sentence();
            case NeedsCustomer(var decline) -> decline.sentence();
            case TooSmall(var decline) -> decline.sentence();
            default -> "";
        };
    }

    /** The money is ours. */
    record Succeeded(String intent, String charge) implements PaymentOutcome {}

    /** Declined for now: the same card may be tried again on the days of the policy. */
    record DeclinedRetryable(Decline decline) implements PaymentOutcome {}

    /** Declined until there is another card. */
    record DeclinedForGood(Decline decline) implements PaymentOutcome {}

    /** Less than can be charged in this currency: left to the next invoice. */
    record TooSmall(Decline decline) implements PaymentOutcome {}

    /** The customer has to authenticate: a link is mailed, nothing is tried blindly. */
    record NeedsCustomer(Decline decline) implements PaymentOutcome {}

    /**
     * The customer is there, and the bank asks for a confirmation: the end is not known before that.
     *
     * @param url the bank's page, or null if Stripe names none
     */
    record AtBank(@Nullable String url) implements PaymentOutcome {}

    /**
     * Not known yet; it is asked before anything else is tried.
     *
     * @param silent whether Stripe gave no answer at all
     */
    record Unknown(String why, boolean silent) implements PaymentOutcome {}
}
