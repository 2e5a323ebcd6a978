package io.postpaid.payments.charging;

import io.postpaid.account.Card;

/** What became of a payment method that an account was to get. */
public sealed interface CardOutcome {

    record Attached(Card card) implements CardOutcome {}

    /** It stays wanted, and is tried again by the next run, until another is named. */
    record Refused(String code, String message) implements CardOutcome {}

    /** No payment method is waiting to be attached. */
    record NothingWanted() implements CardOutcome {}

    /** Not known; the next run goes on with it. */
    record Unknown(String why, boolean silent) implements CardOutcome {}
}
