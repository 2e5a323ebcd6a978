package io.postpaid.invoicing;

import static java.math.BigDecimal.ZERO;

import io.postpaid.account.Account;
import io.postpaid.template.Seller;
import java.math.BigDecimal;

/** The tax on an account's invoices; a percent of zero with an empty name is no tax. */
record TaxRate(String name, BigDecimal percent, String note) {

    /** The rate of the customer's country; a customer abroad with a tax id owes it himself, where the rate says so. */
    static TaxRate of(Account account, Seller seller) {
        return seller.taxes().stream()
                .filter(tax -> tax.country().equals(account.address().country()))
                .findFirst()
                .map(tax -> {
                    boolean reverse = !tax.reverseChargeNote().isBlank()
                            && stated(account.taxId())
                            && !tax.country().equals(seller.country());
                    return new TaxRate(
                            tax.name(), reverse ? ZERO : tax.percent(), reverse ? tax.reverseChargeNote() : "");
                })
                .orElse(new TaxRate("", ZERO, ""));
    }

    /** Every tax id has digits: words such as {@code n/a} are none, and must not free anybody of the tax. */
    private static boolean stated(String taxId) {
        var plain = taxId.replaceAll("[ .-]", "");
        return plain.matches("[0-9A-Za-z+*]{4,20}")
                && plain.replaceAll("[^0-9]", "").length() >= 2;
    }
}
