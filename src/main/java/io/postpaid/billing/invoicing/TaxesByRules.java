package io.postpaid.billing.invoicing;

import static java.math.BigDecimal.ZERO;

import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.pricing.pricebook.Product;
import io.postpaid.pricing.tax.Tax;
import io.postpaid.pricing.tax.TaxCustomer;
import io.postpaid.pricing.tax.TaxDecision;
import io.postpaid.pricing.tax.TaxRules;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * By the rates of the tax file.
 *
 * @param dayOf the day whose rates count for what was used in a month
 */
record TaxesByRules(TaxRules rules, Function<BillingPeriod, LocalDate> dayOf) implements LineTaxes {
    @Override
    public Assessed assess(Billable facts, List<BigDecimal> lines, BigDecimal credits) {
        var decided = decided(facts);
        var undecided = decided.stream()
                .flatMap(decision -> decision instanceof TaxDecision.Held held ? Stream.of(held) : Stream.empty())
                .distinct()
                .toList();
        if (!undecided.isEmpty()) {
            return LineTaxes.undecided(
                    facts.account().id(),
                    undecided.getFirst().cause(),
                    undecided.stream().map(TaxDecision.Held::why).collect(Collectors.joining("; ")));
        }
        var amounts = new LinkedHashMap<Tax, BigDecimal>();
        decided.forEach(decision -> amounts.putIfAbsent(tax(decision), ZERO));
        var order = List.copyOf(amounts.keySet());
        var positions = new ArrayList<Integer>();
        for (var line : lines) {
            var tax = tax(decided.get(positions.size()));
            amounts.merge(tax, line, BigDecimal::add);
            positions.add(order.indexOf(tax) + 1);
        }
        return new Assessed.Taxed(Taxing.of(amounts, credits, facts.account().currency()), positions);
    }

    private static Tax tax(TaxDecision decision) {
        return ((TaxDecision.Taxed) decision).tax();
    }

    /** For each line; where there is none, for what accrued without any. */
    private List<TaxDecision> decided(Billable facts) {
        var customer = TaxCustomer.of(facts.account());
        if (facts.usage().isEmpty()) {
            return List.of(rules.decide(customer, Product.STANDARD, dayOf.apply(facts.period())));
        }
        return facts.usage().stream().map(usage -> decided(usage, customer)).toList();
    }

    /** What is taken back returns the tax that was charged for it, whatever the customer has become. */
    private TaxDecision decided(Billable.Usage usage, TaxCustomer customer) {
        var billedWith = usage.billedWith();
        return billedWith != null
                ? new TaxDecision.Taxed(billedWith)
                : rules.decide(customer, usage.product().taxCategory(), dayOf.apply(usage.month()));
    }
}
