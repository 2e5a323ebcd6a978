package io.postpaid.payments.stripe;

import org.springframework.modulith.NamedInterface;

/** What became of one try to charge an invoice. */
@NamedInterface("outcome")
public sealed interface PaymentOutcome {

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
     * Not known yet; it is asked before anything else is tried.
     *
     * @param silent whether Stripe gave no answer at all
     */
    record Unknown(String why, boolean silent) implements PaymentOutcome {}
}
