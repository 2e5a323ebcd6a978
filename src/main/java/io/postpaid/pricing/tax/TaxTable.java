package io.postpaid.pricing.tax;

import static java.math.BigDecimal.ZERO;

import io.postpaid.pricing.tax.TaxDecision.Held;
import io.postpaid.pricing.tax.TaxDecision.Taxed;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The imported rates.
 *
 * @param reverseCharge null where there is none
 * @param home where the seller sells from
 */
public record TaxTable(
        List<TaxRate> rates, @Nullable ReverseCharge reverseCharge, List<Exemption> exemptions, String home)
        implements TaxRules {
    /** A rate of the region before that of the country, one for such customers before one for any, the latest version. */
    private static final Comparator<TaxRate> NEAREST = Comparator.comparing(
                    (TaxRate rate) -> !rate.region().isEmpty())
            .thenComparing(rate -> !rate.customer().equals(TaxRate.ANY))
            .thenComparing(TaxRate::effectiveFrom);

    public TaxTable {
        rates = List.copyOf(rates);
        exemptions = List.copyOf(exemptions);
    }

    @Override
    public TaxDecision decide(TaxCustomer customer, String category, LocalDate day) {
        var country = customer.country();
        if (country.isEmpty()) {
            return new Held("its country is not known, and tax follows it: ./postpaid accounts import with a country");
        }
        var reverse = reverseCharge;
        if (reverse != null && isReverseCharge(reverse, customer)) {
            return taxed(TaxReason.REVERSE_CHARGE, reverse.note());
        }
        if (!isTaxed(country)) {
            boolean export = !country.equals(home) && isTaxed(home);
            return taxed(export ? TaxReason.EXPORT : TaxReason.NOT_REGISTERED, "");
        }
        var exemption = exemptions.stream()
                .filter(one -> one.account().equals(customer.account()) && one.holds(day))
                .findFirst();
        if (exemption.isPresent())
            return taxed(TaxReason.EXEMPT, exemption.get().reason());
        return rate(customer, category, day)
                .<TaxDecision>map(rate -> new Taxed(new Tax(
                        rate.percent().signum() == 0 ? TaxReason.ZERO_RATED : TaxReason.STANDARD,
                        rate.id(),
                        rate.name(),
                        rate.percent(),
                        "")))
                .orElseGet(() -> new Held("no tax rate of " + country
                        + (customer.region().isBlank()
                                ? ""
                                : " (" + customer.region().strip() + ")") + " fits "
                        + category + " for a " + (customer.isBusiness() ? "business" : "consumer") + " on " + day
                        + ": ./postpaid taxes import a file that has one"));
    }

    private boolean isReverseCharge(ReverseCharge reverse, TaxCustomer customer) {
        return reverse.includes(home)
                && reverse.includes(customer.country())
                && !customer.country().equals(home)
                && customer.isBusiness()
                && customer.hasValidTaxId();
    }

    /** Whether the seller charges tax there: it has rates, or lies within the region that the seller is in. */
    private boolean isTaxed(String country) {
        return rates.stream().anyMatch(rate -> rate.country().equals(country))
                || reverseCharge != null && reverseCharge.includes(home) && reverseCharge.includes(country);
    }

    private Optional<TaxRate> rate(TaxCustomer customer, String category, LocalDate day) {
        return rates.stream().filter(rate -> rate.fits(customer, category, day)).max(NEAREST);
    }

    private static Taxed taxed(TaxReason reason, String note) {
        return new Taxed(new Tax(reason, null, "", ZERO, note));
    }
}
