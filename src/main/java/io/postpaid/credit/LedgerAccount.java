package io.postpaid.credit;

/** The accounts of the ledger, each kept per customer. */
public enum LedgerAccount {
    /** What credit that nobody paid for was given from. */
    FUNDING,
    CASH,
    /** Credit still to be used: owed to the customer. */
    GRANT,
    /** What usage is worth. */
    REVENUE,
    /** Used, not covered by credit, not yet invoiced. */
    ACCRUED,
    /** Credit that expired. */
    BREAKAGE,
    /** Invoiced, not yet paid. */
    RECEIVABLE,
    /** What credit notes took back of what was invoiced. */
    CREDITED,
    TAX,
    /** The difference between exact cost and printed cents. */
    ROUNDING
}
