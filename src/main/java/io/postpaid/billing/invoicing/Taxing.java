package io.postpaid.billing.invoicing;

import static java.math.BigDecimal.ZERO;

import io.postpaid.platform.money.Rounding;
import io.postpaid.pricing.tax.Tax;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The taxes of an invoice and of its credit notes, to the cent: pure functions. */
final class Taxing {
    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    private Taxing() {}

    /**
     * Each tax on the sum of the rounded lines that bear it, less its part of the credit.
     *
     * @param amounts of the lines, by the tax that they bear; at least one
     */
    static List<InvoiceTax> of(SequencedMap<Tax, BigDecimal> amounts, BigDecimal credits, String currency) {
        var taxes = new ArrayList<InvoiceTax>();
        for (var entry : net(amounts, credits, currency).entrySet()) {
            var tax = entry.getKey();
            var base = entry.getValue();
            var amount = Rounding.toMinorUnit(base.multiply(tax.percent()), HUNDRED, currency);
            taxes.add(InvoiceTax.of(taxes.size() + 1, tax, base, amount));
        }
        return taxes;
    }

    /** What is left of amounts, each less its part of the credit. */
    static <K> SequencedMap<K, BigDecimal> net(
            SequencedMap<K, BigDecimal> amounts, BigDecimal credits, String currency) {
        var covered = covered(List.copyOf(amounts.values()), credits, currency).iterator();
        var net = new LinkedHashMap<K, BigDecimal>();
        amounts.forEach((key, amount) -> net.put(key, amount.subtract(covered.next())));
        return net;
    }

    /** Credit covers what was used, and what is given back of it was covered: each of them in its proportion. */
    private static List<BigDecimal> covered(List<BigDecimal> amounts, BigDecimal credits, String currency) {
        var weights = amounts.stream()
                .map(amount -> amount.signum() == credits.signum() ? amount : ZERO)
                .toList();
        if (weights.stream().allMatch(weight -> weight.signum() == 0)) weights = amounts;
        return shares(weights, credits, currency);
    }

    /**
     * What a credit note returns of each tax: its part of all that was credited so far, less what was returned before.
     *
     * @param taxes of the invoice, as it was issued
     * @param total of the invoice
     * @param credited so far, with this note; beyond the total it bears no tax here
     * @param before what earlier notes returned, by position
     */
    static List<InvoiceTax> returned(
            List<InvoiceTax> taxes,
            BigDecimal total,
            BigDecimal credited,
            Map<Integer, InvoiceTax> before,
            String currency) {
        var gross = shares(taxes.stream().map(InvoiceTax::gross).toList(), credited.min(total), currency);
        var returned = new ArrayList<InvoiceTax>();
        for (int i = 0; i < taxes.size(); i++) {
            var tax = taxes.get(i);
            var part = gross.get(i);
            var amount = tax.tax().signum() == 0
                    ? tax.tax()
                    : Rounding.toMinorUnit(part.multiply(tax.tax()), tax.gross(), currency);
            var earlier = before.getOrDefault(tax.position(), tax.of(ZERO, ZERO));
            var now = tax.of(part.subtract(amount).subtract(earlier.base()), amount.subtract(earlier.tax()))
                    .with(local(tax, amount, earlier));
            if (now.base().signum() != 0 || now.tax().signum() != 0) returned.add(now);
        }
        return returned;
    }

    /** By the rate of the invoice, and rounded once for all notes together, too. */
    private static @Nullable LocalTax local(InvoiceTax tax, BigDecimal returned, InvoiceTax earlier) {
        if (tax.local() == null) return null;
        var exchange = tax.local().exchange();
        var before = earlier.local() == null ? ZERO : earlier.local().amount();
        return new LocalTax(exchange, exchange.convert(returned).subtract(before));
    }

    /** Splits an amount in proportion to weights; the parts add up to it. Where nothing weighs, the first has all. */
    private static List<BigDecimal> shares(List<BigDecimal> weights, BigDecimal amount, String currency) {
        var all = sum(weights, Function.identity());
        var shares = new ArrayList<BigDecimal>();
        var reached = ZERO;
        var given = ZERO;
        for (var weight : weights) {
            reached = reached.add(weight);
            var until = all.signum() == 0 ? amount : Rounding.toMinorUnit(amount.multiply(reached), all, currency);
            shares.add(until.subtract(given));
            given = until;
        }
        return shares;
    }

    static <T> BigDecimal sum(List<T> items, Function<T, BigDecimal> amount) {
        return items.stream().map(amount).reduce(ZERO, BigDecimal::add);
    }
}
