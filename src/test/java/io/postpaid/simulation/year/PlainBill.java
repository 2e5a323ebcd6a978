package io.postpaid.simulation.year;

import static java.math.BigDecimal.ZERO;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;

/** An invoice by hand, and what was given back of it. */
final class PlainBill {
    final YearMonth period;
    final BigDecimal exact;
    BigDecimal subtotal = ZERO;
    BigDecimal credits = ZERO;
    BigDecimal tax = ZERO;
    /** What is taxed and the tax on it, by tax. */
    final SequencedMap<String, BigDecimal[]> taxes = new LinkedHashMap<>();

    BigDecimal due = ZERO;
    BigDecimal open = ZERO;
    BigDecimal byCard = ZERO;
    BigDecimal writtenOff = ZERO;
    BigDecimal credited = ZERO;
    /** What credit notes and surplus brought to the balance, and no refund took from it. */
    BigDecimal freed = ZERO;

    BigDecimal disputed = ZERO;

    /** @param drawn what credit covers of the exact cost */
    PlainBill(
            Customer of,
            YearMonth period,
            TreeMap<PlainPrices.Line, BigDecimal> lines,
            BigDecimal drawn,
            BigDecimal accrued) {
        this.period = period;
        exact = accrued;
        var amounts = new LinkedHashMap<String, BigDecimal>();
        lines.forEach((line, quantity) -> {
            if (quantity.signum() == 0) return;
            var amount = line.rounded(quantity);
            subtotal = subtotal.add(amount);
            amounts.merge(of.tax(line.month().atEndOfMonth()), amount, BigDecimal::add);
        });
        if (accrued.signum() == 0) {
            credits = subtotal;
        } else if (drawn.signum() > 0) {
            credits = drawn.setScale(2, RoundingMode.HALF_UP).min(subtotal);
        }
        var covered = split(
                amounts.values().stream()
                        .map(amount -> credits.signum() > 0 ? amount.max(ZERO) : amount)
                        .toList(),
                credits);
        for (var amount : amounts.entrySet()) {
            var base = amount.getValue().subtract(covered.get(taxes.size()));
            var percent = percent(amount.getKey());
            var on = base.multiply(percent).divide(new BigDecimal(100), 2, RoundingMode.HALF_UP);
            taxes.put(amount.getKey(), new BigDecimal[] {base, on});
            tax = tax.add(on);
        }
    }

    static BigDecimal percent(String tax) {
        var words = tax.split(" ");
        return words.length == 1 ? ZERO : new BigDecimal(words[1]);
    }

    BigDecimal net() {
        return subtotal.subtract(credits);
    }

    BigDecimal total() {
        return net().add(tax);
    }

    /** Credits more of it. @return what of each tax that returns */
    Map<String, BigDecimal> credit(BigDecimal amount) {
        var before = returned(credited);
        credited = credited.add(amount);
        var now = returned(credited);
        now.replaceAll((tax, all) -> all.subtract(before.get(tax)));
        return now;
    }

    private Map<String, BigDecimal> returned(BigDecimal all) {
        var parts = split(taxes.values().stream().map(two -> two[0].add(two[1])).toList(), all);
        var returned = new LinkedHashMap<String, BigDecimal>();
        taxes.forEach((name, two) -> {
            var part = parts.get(returned.size());
            var gross = two[0].add(two[1]);
            returned.put(
                    name, two[1].signum() == 0 ? ZERO : part.multiply(two[1]).divide(gross, 2, RoundingMode.HALF_UP));
        });
        return returned;
    }

    /** In proportion, each part as far as the rounded share of it and all before it. */
    private static List<BigDecimal> split(List<BigDecimal> weights, BigDecimal amount) {
        var all = weights.stream().reduce(ZERO, BigDecimal::add);
        var parts = new ArrayList<BigDecimal>();
        var reached = ZERO;
        var given = ZERO;
        for (var weight : weights) {
            reached = reached.add(weight);
            var until = all.signum() == 0 ? amount : amount.multiply(reached).divide(all, 2, RoundingMode.HALF_UP);
            parts.add(until.subtract(given));
            given = until;
        }
        return parts;
    }
}
