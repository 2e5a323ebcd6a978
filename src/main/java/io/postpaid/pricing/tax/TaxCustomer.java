package io.postpaid.pricing.tax;

import io.postpaid.account.Account;
import io.postpaid.account.TaxIds;

/**
 * What tax asks of a customer.
 *
 * @param country ISO 3166 code, empty where it is not known
 * @param region state or province as the account has it
 * @param business {@code yes}, {@code no}, or empty where the tax id decides
 */
public record TaxCustomer(String account, String country, String region, String business, String taxId) {
    public static TaxCustomer of(Account account) {
        var address = account.address();
        return new TaxCustomer(
                account.id(),
                address.country(),
                address.state(),
                account.buyer().business(),
                account.taxId());
    }

    public boolean hasValidTaxId() {
        return !country.isEmpty() && TaxIds.valid(country, taxId);
    }

    /** Its tax id as VIES knows it. */
    public String wholeTaxId() {
        return TaxIds.whole(country, taxId);
    }

    /** The same, as if it had none. */
    TaxCustomer withoutTaxId() {
        return new TaxCustomer(account, country, region, business, "");
    }

    public boolean isBusiness() {
        return business.isEmpty() ? hasValidTaxId() : business.equals("yes");
    }
}
