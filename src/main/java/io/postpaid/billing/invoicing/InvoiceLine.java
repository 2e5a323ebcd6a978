package io.postpaid.billing.invoicing;

import io.postpaid.platform.calendar.BillingPeriod;
import java.math.BigDecimal;

/**
 * One printed line: what was used of a product at one price and tier in one month of use.
 *
 * @param unitPrice as listed, per {@code listedUnit}
 * @param amount in the currency's minor unit, rounded once from quantity × price
 * @param tax the position of the tax that it bears
 */
public record InvoiceLine(
        int position,
        String product,
        BillingPeriod usagePeriod,
        long price,
        int tier,
        BigDecimal quantity,
        String unit,
        BigDecimal unitPrice,
        String listedUnit,
        BigDecimal amount,
        int tax) {}
