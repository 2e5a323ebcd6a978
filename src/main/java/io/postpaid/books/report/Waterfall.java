package io.postpaid.books.report;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Gross revenue by product, what reduces it, and what is left: bars of which each begins where the one before ended. */
public record Waterfall(
        List<Bar> products, List<Bar> reductions, String gross, String net, String grossWidth, String netWidth) {
    public Waterfall {
        products = List.copyOf(products);
        reductions = List.copyOf(reductions);
    }

    /** A bar from {@code left}, {@code width} wide, in percent. */
    public record Bar(String label, String amount, String left, String width, String share) {}

    /** What is added to net revenue: a product, or what reduces it, below zero. */
    record Part(boolean product, String label, BigDecimal amount) {}

    /** Products first. */
    static Waterfall of(List<Part> parts, Function<BigDecimal, String> money) {
        var gross = BigDecimal.ZERO;
        var net = BigDecimal.ZERO;
        for (var part : parts) {
            net = net.add(part.amount());
            if (part.product()) gross = gross.add(part.amount());
        }
        var products = new ArrayList<Bar>();
        var reductions = new ArrayList<Bar>();
        var whole = gross.max(net);
        var at = BigDecimal.ZERO;
        for (var part : parts) {
            var next = at.add(part.amount());
            (part.product() ? products : reductions)
                    .add(new Bar(
                            part.label(),
                            money.apply(part.amount()),
                            percent(at.min(next), whole),
                            percent(part.amount().abs(), whole),
                            percent(part.amount(), gross) + " %"));
            at = next;
        }
        return new Waterfall(
                products, reductions, money.apply(gross), money.apply(net), percent(gross, whole), percent(net, whole));
    }

    /** With one decimal, and never outside of 0 to 100. */
    static String percent(BigDecimal part, BigDecimal whole) {
        if (whole.signum() <= 0 || part.signum() <= 0) return "0";
        return part.movePointRight(2)
                .divide(whole, 1, RoundingMode.HALF_UP)
                .min(new BigDecimal("100.0"))
                .toPlainString();
    }
}
