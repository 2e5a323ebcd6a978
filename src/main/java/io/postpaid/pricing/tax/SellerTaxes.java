package io.postpaid.pricing.tax;

import static java.math.BigDecimal.ZERO;

import io.postpaid.account.TaxIds;
import io.postpaid.platform.template.Seller;
import io.postpaid.pricing.tax.TaxDecision.Cause;
import io.postpaid.pricing.tax.TaxDecision.Held;
import io.postpaid.pricing.tax.TaxDecision.Taxed;
import io.postpaid.pricing.vies.Confirmation.Confirmed;
import io.postpaid.pricing.vies.Confirmation.Denied;
import io.postpaid.pricing.vies.Confirmation.Unknown;
import io.postpaid.pricing.vies.ConfirmedIds;
import java.time.LocalDate;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The percentages of {@code templates/seller.yaml}, one a country, as long as no rate was imported. */
record SellerTaxes(Seller self, ConfirmedIds ids) implements TaxRules {
    private static final Tax NONE = new Tax(TaxReason.NOT_REGISTERED, null, "", ZERO, "");

    @Override
    public TaxDecision decide(TaxCustomer customer, String category, LocalDate day) {
        var tax = tax(customer);
        if (tax.isEmpty()) return new Taxed(NONE);
        if (!isReverse(tax.get(), customer)) return new Taxed(standard(tax.get(), ""));
        var id = reverseChargeId(customer);
        return switch (id == null ? new Confirmed("") : ids.of(id)) {
            case Confirmed(var evidence) -> new Taxed(reverse(tax.get(), evidence));
            case Denied(var evidence, var _) -> new Taxed(standard(tax.get(), evidence));
            case Unknown unknown -> new Held(Cause.ID_NOT_CONFIRMED, TaxRules.unconfirmed(customer, unknown));
        };
    }

    @Override
    public @Nullable String reverseChargeId(TaxCustomer customer) {
        return tax(customer)
                .filter(tax ->
                        isReverse(tax, customer) && ReverseCharge.EU.contains(tax.country()) && !seller().isEmpty())
                .map(_ -> customer.wholeTaxId())
                .orElse(null);
    }

    @Override
    public @Nullable String exemption(String account, LocalDate day) {
        return null;
    }

    @Override
    public String home() {
        return self.country();
    }

    @Override
    public String note() {
        return "";
    }

    @Override
    public String seller() {
        return ReverseCharge.EU.contains(self.country()) && TaxIds.valid(self.country(), self.taxId())
                ? TaxIds.whole(self.country(), self.taxId())
                : "";
    }

    @Override
    public SellerTaxes with(ConfirmedIds others) {
        return new SellerTaxes(self, others);
    }

    private Optional<Seller.Tax> tax(TaxCustomer customer) {
        return self.taxes().stream()
                .filter(tax -> tax.country().equals(customer.country()))
                .findFirst();
    }

    private boolean isReverse(Seller.Tax tax, TaxCustomer customer) {
        return !tax.reverseChargeNote().isBlank()
                && customer.hasValidTaxId()
                && !tax.country().equals(self.country());
    }

    private static Tax reverse(Seller.Tax tax, String evidence) {
        return new Tax(TaxReason.REVERSE_CHARGE, null, tax.name(), ZERO, tax.reverseChargeNote(), evidence);
    }

    private static Tax standard(Seller.Tax tax, String evidence) {
        var reason = tax.percent().signum() == 0 ? TaxReason.ZERO_RATED : TaxReason.STANDARD;
        return new Tax(reason, null, tax.name(), tax.percent(), "", evidence);
    }
}
