package io.postpaid.credit;

import io.postpaid.calendar.BillingPeriod;
import java.math.BigDecimal;

/** An account's month so far: cost = what credits covered + what accrued to be charged. */
public record MonthlyCost(BillingPeriod period, BigDecimal cost, BigDecimal credits, BigDecimal accrued) {}
