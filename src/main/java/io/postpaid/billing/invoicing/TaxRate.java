package io.postpaid.billing.invoicing;

import static java.math.BigDecimal.ZERO;

import io.postpaid.account.Account;
import io.postpaid.account.TaxIds;
import io.postpaid.platform.template.Seller;
import java.math.BigDecimal;

/** The tax on an account's invoices; a percent of zero with an empty name is no tax. */
record TaxRate(String name, BigDecimal percent, String note) {

    /** The rate of the customer's country; a customer abroad with a tax id of the right form owes it himself, where the rate says so. */
    static TaxRate of(Account account, Seller seller) {
        return seller.taxes().stream()
                .filter(tax -> tax.country().equals(account.address().country()))
                .findFirst()
                .map(tax -> {
                    boolean reverse = !tax.reverseChargeNote().isBlank()
                            && TaxIds.valid(tax.country(), account.taxId())
                            && !tax.country().equals(seller.country());
                    return new TaxRate(
                            tax.name(), reverse ? ZERO : tax.percent(), reverse ? tax.reverseChargeNote() : "");
                })
                .orElse(new TaxRate("", ZERO, ""));
    }
}
