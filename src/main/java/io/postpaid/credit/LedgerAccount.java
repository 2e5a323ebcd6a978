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
    ROUNDING,
    /** Money that is owed to the customer and pays invoices after tax: the account balance. */
    BALANCE,
    /** Set aside for refunds that have no end yet. */
    REFUNDS_DUE,
    /** Taken by a bank, and not decided. */
    DISPUTES_PENDING,
    /** Taken for good, beyond what could be taken back or is owed. */
    DISPUTE_LOSS,
    /** Owed for credit that was used before the bank took its payment back. */
    SHORTFALL,
    /** Invoiced and given up. */
    BAD_DEBT
}
