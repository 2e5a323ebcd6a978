package io.postpaid.payments.dunning;

/** What is done about an invoice that stays unpaid, beside trying its card again. */
public enum DunningStep {
    REMINDER,
    SUSPENSION
}
