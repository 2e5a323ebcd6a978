package io.postpaid.billing.invoicing;

import java.math.BigDecimal;
import java.time.Instant;

/**
 * The tie between a payment, or its like, and an invoice.
 *
 * @param amount negative where money went back
 * @param reference unique for its kind
 */
public record Settlement(SettlementKind kind, BigDecimal amount, String reference, Instant at) {}
