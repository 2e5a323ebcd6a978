package io.postpaid.pricing.calculation;

import io.postpaid.account.Account;
import io.postpaid.pricing.calculation.CalculationStore.Kept;
import io.postpaid.pricing.calculation.TaxQuestion.Item;
import io.postpaid.pricing.calculation.TaxQuestion.TaxId;
import io.postpaid.pricing.tax.ReverseCharge;
import io.postpaid.pricing.tax.Tax;
import io.postpaid.pricing.tax.TaxCustomer;
import io.postpaid.pricing.tax.TaxDecision.Cause;
import io.postpaid.pricing.tax.TaxReason;
import io.postpaid.pricing.tax.TaxRules;
import io.postpaid.pricing.vies.Confirmation;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;

/**
 * What Stripe Tax has answered for some accounts, as it was loaded: pure functions.
 *
 * @param rules of the tax file, which say who is exempt, and what VIES confirms
 */
public record CalculatedTaxes(StripeTaxSettings settings, TaxRules rules, Map<String, Kept> kept) {
    private static final String REVERSE_CHARGE = "Reverse charge: the customer accounts for the VAT.";
    /** What Stripe calls tax ids outside of the EU whose form is known here too. */
    private static final Map<String, String> TYPES = Map.of("GB", "gb_vat", "NO", "no_vat");

    /** The same by other rules. */
    public CalculatedTaxes with(TaxRules others) {
        return new CalculatedTaxes(settings, others, kept);
    }

    /** What there is to say of an account. */
    public sealed interface Result {
        /** Each category's tax, with the percentage that Stripe gives it; {@link #fitting} meets its amount. */
        record Calculated(SequencedMap<String, CalculatedTax> byCategory) implements Result {}

        /** Nothing is left to be taxed. */
        record Nothing() implements Result {}

        /** Nobody asked yet, or what Stripe refused may be mended. */
        record NotAnswered(TaxQuestion question, String why) implements Result {}

        record Held(Cause cause, String why) implements Result {}
    }

    /** A tax and its amount. */
    public record CalculatedTax(Tax tax, BigDecimal amount) {}

    /**
     * The taxes of amounts that are taxed together.
     *
     * @param day on which the tax point lies
     * @param nets before tax, by the category of products
     */
    public Result of(Account account, LocalDate day, SequencedMap<String, BigDecimal> nets) {
        var customer = TaxCustomer.of(account);
        if (customer.country().isEmpty()) {
            return new Result.Held(
                    Cause.NO_RATE,
                    "its country is not known, and tax follows it: ./postpaid accounts import with a country");
        }
        var items = new ArrayList<Item>();
        for (var net : nets.entrySet()) {
            if (net.getValue().signum() == 0) continue;
            var code = settings.code(net.getKey());
            if (code == null) {
                return new Result.Held(
                        Cause.NO_RATE,
                        "no code of Stripe's is known for the tax category " + net.getKey()
                                + ": name it in POSTPAID_STRIPE_TAX_CODES");
            }
            items.add(new Item(net.getKey(), code, net.getValue()));
        }
        if (items.isEmpty()) return new Result.Nothing();
        final List<TaxId> ids;
        switch (rules.confirmation(customer)) {
            case Confirmation.Unknown unknown -> {
                return new Result.Held(Cause.ID_NOT_CONFIRMED, TaxRules.unconfirmed(customer, unknown));
            }
            case Confirmation.Denied _ -> ids = List.of();
            case Confirmation.Confirmed _ -> ids = ids(customer);
        }
        var exemption = rules.exemption(customer.account(), day);
        var question = new TaxQuestion(
                account.id(), account.currency(), account.address(), ids, exemption != null, day, items);
        var answer = kept.get(question.hash());
        if (answer == null) return new Result.NotAnswered(question, "Stripe Tax has not been asked for it yet");
        if (answer.answer() == null) return new Result.NotAnswered(question, answer.refusal());
        var notes = notes(account, day);
        var byCategory = new LinkedHashMap<String, CalculatedTax>();
        var parts = StripeAnswer.read(question, answer.answer(), notes, isExport(customer.country()));
        for (var item : items) {
            var part = parts.get(item.reference());
            if (part != null) byCategory.put(item.reference(), new CalculatedTax(part.tax(), part.amount()));
        }
        return new Result.Calculated(byCategory);
    }

    /** The same for a preview: where nobody was asked, by the percentages of its last calculation. */
    public Result estimate(Account account, LocalDate day, SequencedMap<String, BigDecimal> nets) {
        var result = of(account, day, nets);
        if (!(result instanceof Result.NotAnswered(var question, var _))) return result;
        var last = kept.values().stream()
                .filter(answered ->
                        answered.answer() != null && answered.account().equals(account.id()))
                .max(Comparator.comparing(Kept::id))
                .map(Kept::answer);
        if (last.isEmpty()) return result;
        var abroad = isExport(account.address().country());
        var rates = StripeAnswer.rates(last.get(), notes(account, day), abroad);
        if (rates.isEmpty()) return result;
        var byCategory = new LinkedHashMap<String, CalculatedTax>();
        for (var item : question.items()) {
            var tax = rates.getOrDefault(item.reference(), rates.firstEntry().getValue());
            byCategory.put(
                    item.reference(),
                    new CalculatedTax(tax, StripeAnswer.amount(item.amount(), tax.percent(), question.currency())));
        }
        return new Result.Calculated(byCategory);
    }

    private Map<TaxReason, String> notes(Account account, LocalDate day) {
        return Map.of(
                TaxReason.REVERSE_CHARGE,
                rules.note().isEmpty() ? REVERSE_CHARGE : rules.note(),
                TaxReason.EXEMPT,
                Objects.requireNonNullElse(rules.exemption(account.id(), day), ""));
    }

    /** A seller in the EU exports what it sells outside of it. */
    private boolean isExport(String country) {
        return ReverseCharge.EU.contains(rules.home()) && !ReverseCharge.EU.contains(country);
    }

    private static List<TaxId> ids(TaxCustomer customer) {
        var type = ReverseCharge.EU.contains(customer.country()) ? "eu_vat" : TYPES.get(customer.country());
        if (type == null || !customer.isBusiness() || !customer.hasValidTaxId()) return List.of();
        return List.of(new TaxId(type, customer.wholeTaxId()));
    }

    /** A tax with the percentage that gives exactly this amount, to the cent. */
    public static Tax fitting(Tax tax, BigDecimal base, BigDecimal amount, String currency) {
        if (tax.reason() != TaxReason.STANDARD) return tax;
        var percent = StripeAnswer.fitting(base, amount, tax.percent(), currency);
        return new Tax(tax.reason(), tax.rate(), tax.name(), percent, tax.note(), tax.evidence());
    }
}
