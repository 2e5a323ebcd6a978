package io.postpaid.platform.money;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.stream.Stream;

/** The one rounding of the books. */
public final class Rounding {
    /** Decimals that accrued cost is kept with, where a quotient does not end. */
    public static final int ACCRUAL_SCALE = 12;

    private Rounding() {}

    /** {@code numerator / denominator} in the unit that can be charged, half up, rounded once from the exact quotient. */
    public static BigDecimal toMinorUnit(BigDecimal numerator, BigDecimal denominator, String currency) {
        var unit = Currencies.get(currency).unit();
        return numerator
                .divide(denominator.multiply(unit), 0, RoundingMode.HALF_UP)
                .multiply(unit);
    }

    /** An exact amount in the unit that can be charged, half up. */
    public static BigDecimal toMinorUnit(BigDecimal amount, String currency) {
        return toMinorUnit(amount, BigDecimal.ONE, currency);
    }

    /** What of an exact amount can be charged or paid out. */
    public static BigDecimal floor(BigDecimal amount, String currency) {
        var unit = Currencies.get(currency).unit();
        return amount.divide(unit, 0, RoundingMode.DOWN).multiply(unit);
    }

    /** A quotient as it accrues: exact where it ends within {@link #ACCRUAL_SCALE} decimals, else cut half up there. */
    public static BigDecimal toAccrual(BigDecimal numerator, BigDecimal denominator) {
        return numerator.divide(denominator, ACCRUAL_SCALE, RoundingMode.HALF_UP);
    }

    /** Where the scale of a chart ends: the first of these steps, in the highest value's order of magnitude, that it fits into. */
    public static BigDecimal scaleEnd(BigDecimal highest, String... steps) {
        var leading = highest.round(new MathContext(1, RoundingMode.DOWN));
        var order = BigDecimal.ONE.scaleByPowerOfTen(leading.precision() - leading.scale() - 1);
        return Stream.of(steps)
                .map(step -> order.multiply(new BigDecimal(step)))
                .filter(end -> end.compareTo(highest) >= 0)
                .findFirst()
                .orElseThrow();
    }
}
