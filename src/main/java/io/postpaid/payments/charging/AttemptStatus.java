package io.postpaid.payments.charging;

/** How far an attempt has come. */
public enum AttemptStatus {
    /** Committed before Stripe is called. */
    CLAIMED,
    /** Stripe was asked, and what it did is not known. */
    UNKNOWN,
    SUCCEEDED,
    DECLINED_RETRYABLE,
    DECLINED_FOR_GOOD,
    NEEDS_CUSTOMER,
    /** It never reached Stripe. */
    NOT_EXECUTED;
}
