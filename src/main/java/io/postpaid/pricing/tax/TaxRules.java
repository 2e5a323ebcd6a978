package io.postpaid.pricing.tax;

import java.time.LocalDate;

/** Decides which tax an amount bears: pure functions of what was loaded. */
public sealed interface TaxRules permits TaxTable, SellerTaxes {
    /**
     * @param category of the product
     * @param day on which the tax point lies
     */
    TaxDecision decide(TaxCustomer customer, String category, LocalDate day);
}
