package io.postpaid.pricing.tax;

import static java.math.BigDecimal.ZERO;

import io.postpaid.platform.template.Seller;
import java.time.LocalDate;

/** The percentages of {@code templates/seller.yaml}, one a country, as long as no rate was imported. */
record SellerTaxes(Seller seller) implements TaxRules {
    private static final Tax NONE = new Tax(TaxReason.NOT_REGISTERED, null, "", ZERO, "");

    @Override
    public TaxDecision decide(TaxCustomer customer, String category, LocalDate day) {
        return new TaxDecision.Taxed(seller.taxes().stream()
                .filter(tax -> tax.country().equals(customer.country()))
                .findFirst()
                .map(tax -> of(tax, customer))
                .orElse(NONE));
    }

    private Tax of(Seller.Tax tax, TaxCustomer customer) {
        boolean reverse = !tax.reverseChargeNote().isBlank()
                && customer.hasValidTaxId()
                && !tax.country().equals(seller.country());
        if (reverse) return new Tax(TaxReason.REVERSE_CHARGE, null, tax.name(), ZERO, tax.reverseChargeNote());
        var reason = tax.percent().signum() == 0 ? TaxReason.ZERO_RATED : TaxReason.STANDARD;
        return new Tax(reason, null, tax.name(), tax.percent(), "");
    }
}
