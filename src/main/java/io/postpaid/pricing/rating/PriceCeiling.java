package io.postpaid.pricing.rating;

import io.postpaid.platform.money.Rounding;
import io.postpaid.pricing.pricebook.Price;
import io.postpaid.pricing.pricebook.Tier;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/**
 * The most that a call can add to the cost of its month, wherever above the known quantity it comes to lie. Pure.
 *
 * <p>Of a volume price it is what the units cost in the dearest tier that can still be reached: that a tier changes the price
 * of earlier units too is not foreseen.
 *
 * @param amount rounded up, so that no rounding of a day's cost goes above it
 * @param proportional whether any part of the quantity costs the same part of the amount, whatever else is used
 */
public record PriceCeiling(BigDecimal amount, boolean proportional) {
    /** What a product costs that is not billable. */
    public static final PriceCeiling NOTHING = new PriceCeiling(BigDecimal.ZERO, true);

    private static final BigDecimal LAST_DECIMAL = BigDecimal.ONE.movePointLeft(Rounding.ACCRUAL_SCALE);

    /** @param known the month's quantity before the call, or less: more of it only narrows what can be reached */
    public static PriceCeiling of(Price price, BigDecimal known, BigDecimal quantity) {
        return switch (price.model()) {
            case PER_UNIT -> perUnit(price, quantity);
            case PACKAGE ->
                new PriceCeiling(
                        Rating.rate(price, BigDecimal.ZERO, quantity, quantity)
                                .getFirst()
                                .amount(),
                        false);
            case GRADUATED -> new PriceCeiling(graduated(price, known, quantity), false);
            case VOLUME -> new PriceCeiling(roundedUp(quantity.multiply(dearest(price, known)), price), false);
        };
    }

    /** Whether the month's quantity matters to the ceiling. */
    public static boolean dependsOnTheMonth(Price price) {
        return price.model().tiered();
    }

    private static PriceCeiling perUnit(Price price, BigDecimal quantity) {
        var exact = quantity.multiply(price.tiers().getFirst().amount());
        var amount = roundedUp(exact, price);
        return new PriceCeiling(amount, amount.multiply(price.per()).compareTo(exact) == 0);
    }

    /** Between bounds of tiers the cost of a quantity rises or falls evenly, so that it is highest where one is touched. */
    private static BigDecimal graduated(Price price, BigDecimal known, BigDecimal quantity) {
        var starts = new ArrayList<>(List.of(known));
        for (var tier : price.tiers()) {
            if (tier.upTo() == null) continue;
            starts.add(tier.upTo().max(known));
            starts.add(tier.upTo().subtract(quantity).max(known));
        }
        var highest = BigDecimal.ZERO;
        for (var start : starts) {
            var exact = BigDecimal.ZERO;
            for (var part : Rating.rate(price, start, quantity, start.add(quantity))) {
                exact = exact.add(part.quantity()
                        .multiply(price.tiers().get(part.tier() - 1).amount()));
            }
            highest = highest.max(exact);
        }
        var amount = roundedUp(highest, price);
        // Every tier of a day is rounded by itself.
        return amount.multiply(price.per()).compareTo(highest) == 0
                ? amount
                : amount.add(
                        LAST_DECIMAL.multiply(BigDecimal.valueOf(price.tiers().size())));
    }

    private static BigDecimal dearest(Price price, BigDecimal known) {
        return price.tiers().stream()
                .filter(tier -> tier.upTo() == null || tier.upTo().compareTo(known) > 0)
                .map(Tier::amount)
                .reduce(BigDecimal.ZERO, BigDecimal::max);
    }

    private static BigDecimal roundedUp(BigDecimal exact, Price price) {
        return exact.divide(price.per(), Rounding.ACCRUAL_SCALE, RoundingMode.CEILING);
    }
}
