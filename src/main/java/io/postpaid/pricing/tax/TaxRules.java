package io.postpaid.pricing.tax;

import io.postpaid.pricing.vies.Confirmation;
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

    /** What counts of that tax id now; one that nothing depends on counts. */
    default Confirmation confirmation(TaxCustomer customer) {
        var id = reverseChargeId(customer);
        return id == null ? new Confirmation.Confirmed("") : ids().of(id);
    }

    /** What VIES said of tax ids, as it was loaded. */
    ConfirmedIds ids();

    /** Why an account pays no tax on a day; null where it does. */
    @Nullable
    String exemption(String account, LocalDate day);

    /** Where the seller sells from. */
    String home();

    /** What invoices say of reverse charge, or empty. */
    String note();

    /** Why a customer waits whom VIES has not confirmed. */
    static String unconfirmed(TaxCustomer customer, Confirmation.Unknown unknown) {
        return "its tax id " + customer.wholeTaxId() + " is not confirmed: " + unknown.why()
                + ". It is asked for again every night; without reverse charge the account is billed at once if its tax id"
                + " is taken off: ./postpaid accounts import";
    }

    /** The seller's own tax id, who asks VIES; empty where reverse charge is unknown. */
    String seller();

    /** The same, with what VIES said of tax ids. */
    TaxRules with(ConfirmedIds ids);
}
