package io.postpaid.invoicing;

/** What an invoice was settled by. */
public enum SettlementKind {
    CARD,
    TRANSFER,
    WRITE_OFF
}
