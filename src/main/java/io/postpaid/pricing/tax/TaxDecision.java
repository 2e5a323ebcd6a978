package io.postpaid.pricing.tax;

/** What became of the question which tax an amount bears. */
public sealed interface TaxDecision {
    record Taxed(Tax tax) implements TaxDecision {}

    /** @param why nobody can say it, and what to do */
    record Held(Cause cause, String why) implements TaxDecision {}

    /** What is missing. */
    enum Cause {
        NO_RATE,
        /** VIES was silent. */
        ID_NOT_CONFIRMED,
        /** Stripe Tax was not asked, or refused the question. */
        NOT_CALCULATED
    }
}
