package io.postpaid.billing.invoicing;

import static java.math.BigDecimal.ZERO;

import io.postpaid.pricing.calculation.CalculatedTaxes;
import io.postpaid.pricing.calculation.CalculatedTaxes.CalculatedTax;
import io.postpaid.pricing.calculation.CalculatedTaxes.Result;
import io.postpaid.pricing.pricebook.Product;
import io.postpaid.pricing.tax.Tax;
import io.postpaid.pricing.tax.TaxDecision.Cause;
import io.postpaid.pricing.tax.TaxReason;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * By what Stripe Tax has calculated for the amounts of each category of products, less the credit that covers them.
 *
 * @param day on which their tax point lies
 * @param preview whether the percentages of an earlier calculation are good enough
 */
record TaxesByStripe(CalculatedTaxes calculated, LocalDate day, boolean preview) implements LineTaxes {
    private static final Tax NOTHING = new Tax(TaxReason.NOT_REGISTERED, null, "", ZERO, "");

    @Override
    public Assessed assess(Billable facts, List<BigDecimal> lines, BigDecimal credits) {
        var nets = nets(facts, lines, credits);
        return switch (result(facts, nets)) {
            case Result.Held(var cause, var why) ->
                LineTaxes.undecided(facts.account().id(), cause, why);
            case Result.NotAnswered(var _, var why) ->
                LineTaxes.undecided(facts.account().id(), Cause.NOT_CALCULATED, why);
            case Result.Nothing() -> taxed(facts, nets, new LinkedHashMap<>());
            case Result.Calculated(var byCategory) -> taxed(facts, nets, byCategory);
        };
    }

    /** Stripe knows one day for all amounts: usage that comes late is taxed at the rate of the invoice's month. */
    Result result(Billable facts, SequencedMap<String, BigDecimal> nets) {
        return preview ? calculated.estimate(facts.account(), day, nets) : calculated.of(facts.account(), day, nets);
    }

    static SequencedMap<String, BigDecimal> nets(Billable facts, List<BigDecimal> lines, BigDecimal credits) {
        var amounts = new LinkedHashMap<String, BigDecimal>();
        for (int i = 0; i < lines.size(); i++) {
            amounts.merge(facts.usage().get(i).product().taxCategory(), lines.get(i), BigDecimal::add);
        }
        if (amounts.isEmpty()) amounts.put(Product.STANDARD, ZERO);
        return Taxing.net(amounts, credits, facts.account().currency());
    }

    /** Categories with the same tax are one row; what is wholly covered goes with the first. */
    private static Assessed taxed(
            Billable facts, SequencedMap<String, BigDecimal> nets, SequencedMap<String, CalculatedTax> byCategory) {
        var currency = facts.account().currency();
        var first = byCategory.isEmpty()
                ? NOTHING
                : byCategory.firstEntry().getValue().tax();
        var rows = new LinkedHashMap<Tax, InvoiceTax>();
        var taxOf = new LinkedHashMap<String, Tax>();
        nets.forEach((category, net) -> {
            var of = byCategory.getOrDefault(category, new CalculatedTax(first, ZERO));
            taxOf.put(category, of.tax());
            rows.merge(
                    of.tax(),
                    InvoiceTax.of(0, of.tax(), net, of.amount()),
                    (one, more) -> one.of(one.base().add(more.base()), one.tax().add(more.tax())));
        });
        var order = List.copyOf(rows.keySet());
        var taxes = new ArrayList<InvoiceTax>();
        rows.forEach((tax, row) -> taxes.add(InvoiceTax.of(
                taxes.size() + 1,
                CalculatedTaxes.fitting(tax, row.base(), row.tax(), currency),
                row.base(),
                row.tax())));
        return new Assessed.Taxed(
                taxes,
                facts.usage().stream()
                        .map(usage -> order.indexOf(taxOf.get(usage.product().taxCategory())) + 1)
                        .toList());
    }
}
