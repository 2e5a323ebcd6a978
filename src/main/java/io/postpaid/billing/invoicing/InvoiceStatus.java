package io.postpaid.billing.invoicing;

/** Where an invoice stands. */
public enum InvoiceStatus {
    DRAFT,
    OPEN,
    PAID,
    VOID,
    UNCOLLECTIBLE
}
