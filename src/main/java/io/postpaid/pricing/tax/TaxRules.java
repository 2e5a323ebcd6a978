package io.postpaid.pricing.tax;

import io.postpaid.pricing.vies.ConfirmedIds;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/** Decides which tax an amount bears: pure functions of what was loaded. */
public sealed interface TaxRules permits TaxTable, SellerTaxes {
    /**
     * @param category of the product
     * @param day on which the tax point lies
     */
    TaxDecision decide(TaxCustomer customer, String category, LocalDate day);

    /** The tax id that reverse charge depends on, with the letters of its country; null where it does not. */
    @Nullable
    String reverseChargeId(TaxCustomer customer);

    /** The seller's own tax id, who asks VIES; empty where reverse charge is unknown. */
    String seller();

    /** The same, with what VIES said of tax ids. */
    TaxRules with(ConfirmedIds ids);
}
