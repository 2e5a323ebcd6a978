package io.postpaid.credit;

/** Where credit comes from, in the order in which it is used. */
public enum GrantKind {
    FREE,
    PROMO,
    GOODWILL,
    TOP_UP
}
