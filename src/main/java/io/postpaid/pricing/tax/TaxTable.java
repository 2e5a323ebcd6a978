package io.postpaid.pricing.tax;

import static java.math.BigDecimal.ZERO;

import io.postpaid.pricing.tax.TaxDecision.Cause;
import io.postpaid.pricing.tax.TaxDecision.Held;
import io.postpaid.pricing.tax.TaxDecision.Taxed;
import io.postpaid.pricing.vies.Confirmation.Confirmed;
import io.postpaid.pricing.vies.Confirmation.Denied;
import io.postpaid.pricing.vies.Confirmation.Unknown;
import io.postpaid.pricing.vies.ConfirmedIds;
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
 * @param ids what VIES said of the tax ids that are asked for
 */
public record TaxTable(
        List<TaxRate> rates,
        @Nullable ReverseCharge reverseCharge,
        List<Exemption> exemptions,
        String home,
        ConfirmedIds ids)
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

    /** The form of tax ids is enough. */
    public TaxTable(
            List<TaxRate> rates, @Nullable ReverseCharge reverseCharge, List<Exemption> exemptions, String home) {
        this(rates, reverseCharge, exemptions, home, ConfirmedIds.BY_FORM);
    }

    @Override
    public TaxTable with(ConfirmedIds others) {
        return new TaxTable(rates, reverseCharge, exemptions, home, others);
    }

    @Override
    public String seller() {
        return reverseCharge == null ? "" : reverseCharge.seller();
    }

    @Override
    public String note() {
        return reverseCharge == null ? "" : reverseCharge.note();
    }

    @Override
    public @Nullable String exemption(String account, LocalDate day) {
        return exemptions.stream()
                .filter(one -> one.account().equals(account) && one.holds(day))
                .map(Exemption::reason)
                .findFirst()
                .orElse(null);
    }

    @Override
    public @Nullable String reverseChargeId(TaxCustomer customer) {
        return reverseCharge != null && isReverseCharge(reverseCharge, customer) ? customer.wholeTaxId() : null;
    }

    @Override
    public TaxDecision decide(TaxCustomer customer, String category, LocalDate day) {
        var id = reverseChargeId(customer);
        if (id == null) return charged(customer, category, day);
        return switch (ids.of(id)) {
            case Confirmed(var evidence) ->
                new Taxed(new Tax(TaxReason.REVERSE_CHARGE, null, "", ZERO, note(), evidence));
            case Denied denied -> denied(charged(customer.withoutTaxId(), category, day), id, denied);
            case Unknown unknown -> new Held(Cause.ID_NOT_CONFIRMED, TaxRules.unconfirmed(customer, unknown));
        };
    }

    /** Without a valid id it is a consumer, or a business as the account has it, in its own country. */
    private static TaxDecision denied(TaxDecision decision, String id, Denied denied) {
        return switch (decision) {
            case Held(var cause, var why) ->
                new Held(cause, "VIES does not know the tax id " + id + " (asked on " + denied.on() + "), and " + why);
            case Taxed(var tax) ->
                new Taxed(new Tax(tax.reason(), tax.rate(), tax.name(), tax.percent(), tax.note(), denied.evidence()));
        };
    }

    private TaxDecision charged(TaxCustomer customer, String category, LocalDate day) {
        var country = customer.country();
        if (country.isEmpty()) {
            return new Held(
                    Cause.NO_RATE,
                    "its country is not known, and tax follows it: ./postpaid accounts import with a country");
        }
        if (!isTaxed(country)) {
            boolean export = !country.equals(home) && isTaxed(home);
            return taxed(export ? TaxReason.EXPORT : TaxReason.NOT_REGISTERED, "");
        }
        var exemption = exemption(customer.account(), day);
        if (exemption != null) return taxed(TaxReason.EXEMPT, exemption);
        return rate(customer, category, day)
                .<TaxDecision>map(rate -> new Taxed(new Tax(
                        rate.percent().signum() == 0 ? TaxReason.ZERO_RATED : TaxReason.STANDARD,
                        rate.id(),
                        rate.name(),
                        rate.percent(),
                        "")))
                .orElseGet(() -> new Held(
                        Cause.NO_RATE,
                        "no tax rate of " + country
                                + (customer.region().isBlank()
                                        ? ""
                                        : " (" + customer.region().strip() + ")") + " fits "
                                + category + " for a " + (customer.isBusiness() ? "business" : "consumer") + " on "
                                + day
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
