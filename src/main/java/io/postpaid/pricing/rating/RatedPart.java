package io.postpaid.pricing.rating;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A quantity that fell into one tier of one price.
 *
 * @param price null where none is in force, or nothing is billed
 * @param amount exact, or cut at {@link io.postpaid.platform.money.Rounding#ACCRUAL_SCALE} decimals where the quotient does not end
 */
public record RatedPart(@Nullable Long price, int tier, BigDecimal quantity, BigDecimal amount) {

    static RatedPart unpriced(BigDecimal quantity) {
        return new RatedPart(null, 0, quantity, BigDecimal.ZERO);
    }

    /** What parts cost together. */
    static BigDecimal amount(List<RatedPart> parts) {
        var sum = BigDecimal.ZERO;
        for (var part : parts) sum = sum.add(part.amount);
        return sum;
    }

    /** What parts are of together. */
    static BigDecimal quantity(List<RatedPart> parts) {
        var sum = BigDecimal.ZERO;
        for (var part : parts) sum = sum.add(part.quantity);
        return sum;
    }

    RatedPart plus(RatedPart more) {
        return new RatedPart(price, tier, quantity.add(more.quantity), amount.add(more.amount));
    }

    RatedPart negated() {
        return new RatedPart(price, tier, quantity.negate(), amount.negate());
    }
}
