package io.postpaid.pricing.rating;

import static java.math.BigDecimal.ZERO;

import io.postpaid.platform.money.Rounding;
import io.postpaid.pricing.pricebook.Price;
import io.postpaid.pricing.pricebook.Tier;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/** Prices quantities. Pure: no clock, no database, no configuration. */
public final class Rating {
    private Rating() {}

    /**
     * Prices a quantity on top of what the account has already used of the product in the month.
     *
     * @param carried the month's quantity before this one; tiers and packages are counted from there
     * @param quantity in units; negative for a correction, which takes from the top of what was used
     * @param total the month's quantity as known now, which chooses the tier of a volume price
     * @return nothing for a quantity of zero
     */
    public static List<RatedPart> rate(Price price, BigDecimal carried, BigDecimal quantity, BigDecimal total) {
        if (quantity.signum() == 0) return List.of();
        return switch (price.model()) {
            case PER_UNIT -> List.of(part(price, price.tiers().getFirst(), quantity));
            case VOLUME -> List.of(part(price, price.tierReached(total), quantity));
            case PACKAGE -> List.of(packages(price, carried, quantity));
            case GRADUATED -> graduated(price, carried, quantity);
        };
    }

    private static RatedPart part(Price price, Tier tier, BigDecimal quantity) {
        return new RatedPart(
                price.id(), tier.n(), quantity, Rounding.toAccrual(quantity.multiply(tier.amount()), price.per()));
    }

    /** Every package that is begun is paid whole; a day pays for those that it begins. */
    private static RatedPart packages(Price price, BigDecimal carried, BigDecimal quantity) {
        var tier = price.tiers().getFirst();
        var begun = begun(carried.add(quantity), price.per()).subtract(begun(carried, price.per()));
        return new RatedPart(price.id(), tier.n(), quantity, begun.multiply(tier.amount()));
    }

    private static BigDecimal begun(BigDecimal quantity, BigDecimal size) {
        return quantity.signum() <= 0 ? ZERO : quantity.divide(size, 0, RoundingMode.CEILING);
    }

    /** Each tier prices only the units that fall inside it. */
    private static List<RatedPart> graduated(Price price, BigDecimal carried, BigDecimal quantity) {
        var from = carried.min(carried.add(quantity)).max(ZERO);
        var to = carried.max(carried.add(quantity)).max(ZERO);
        var parts = new ArrayList<RatedPart>();
        var floor = ZERO;
        for (var tier : price.tiers()) {
            var upper = tier.upTo() == null ? to : to.min(tier.upTo());
            var inside = upper.subtract(from.max(floor));
            if (inside.signum() > 0) parts.add(part(price, tier, quantity.signum() > 0 ? inside : inside.negate()));
            if (tier.upTo() == null) break;
            floor = tier.upTo();
        }
        return parts;
    }
}
