package io.postpaid.books.ledger;

/** The accounts of the general ledger, in the order of a trial balance. */
public enum GeneralAccount {
    BANK("Bank", Kind.ASSET),
    PROVIDER_CLEARING("Provider clearing", Kind.ASSET),
    RECEIVABLES("Receivables", Kind.ASSET),
    UNBILLED_RECEIVABLES("Unbilled receivables", Kind.ASSET),
    /** What banks took, and have not decided. */
    DISPUTES_PENDING("Disputes pending", Kind.ASSET),
    /** Credit that was bought and not used. */
    DEFERRED_CREDIT("Deferred credit", Kind.LIABILITY),
    CUSTOMER_BALANCES("Customers' balances", Kind.LIABILITY),
    REFUNDS_DUE("Refunds due", Kind.LIABILITY),
    TAX_PAYABLE("Tax payable", Kind.LIABILITY),
    REVENUE("Revenue", Kind.INCOME),
    /** Credit that nobody paid for, as it is used: less revenue. */
    PROMOTIONAL_CREDIT("Promotional credit", Kind.INCOME),
    /** Credit that was bought, and expired. */
    BREAKAGE("Breakage", Kind.INCOME),
    PROVIDER_FEES("Provider fees", Kind.EXPENSE),
    BAD_DEBT("Bad debt", Kind.EXPENSE),
    DISPUTE_LOSSES("Dispute losses", Kind.EXPENSE),
    ROUNDING("Rounding", Kind.EXPENSE),
    FOREIGN_EXCHANGE("Foreign exchange", Kind.EXPENSE);

    /** On which page of the books an account stands. */
    public enum Kind {
        ASSET,
        LIABILITY,
        INCOME,
        EXPENSE
    }

    private final String title;
    private final Kind kind;

    GeneralAccount(String title, Kind kind) {
        this.title = title;
        this.kind = kind;
    }

    /** Such as {@code Unbilled receivables}. */
    public String title() {
        return title;
    }

    public Kind kind() {
        return kind;
    }

    /**
     * Whether it is an amount of money, which is worth something else when a rate of exchange changes. Bought credit is: it can
     * be refunded.
     */
    public boolean monetary() {
        return kind == Kind.ASSET || kind == Kind.LIABILITY;
    }
}
