package io.postpaid.money;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.joda.money.CurrencyUnit;

/** The one rounding of the books. */
public final class Rounding {
    /** Decimals that accrued cost is kept with, where a quotient does not end. */
    public static final int ACCRUAL_SCALE = 12;

    private Rounding() {}

    /** {@code numerator / denominator} in the currency's minor unit, half up, rounded once from the exact quotient. */
    public static BigDecimal toMinorUnit(BigDecimal numerator, BigDecimal denominator, String currency) {
        return numerator.divide(denominator, CurrencyUnit.of(currency).getDecimalPlaces(), RoundingMode.HALF_UP);
    }

    /** An exact amount in the currency's minor unit, half up. */
    public static BigDecimal toMinorUnit(BigDecimal amount, String currency) {
        return toMinorUnit(amount, BigDecimal.ONE, currency);
    }

    /** What of an exact amount is whole minor units. */
    public static BigDecimal floor(BigDecimal amount, String currency) {
        return amount.setScale(CurrencyUnit.of(currency).getDecimalPlaces(), RoundingMode.DOWN);
    }

    /** A quotient as it accrues: exact where it ends within {@link #ACCRUAL_SCALE} decimals, else cut half up there. */
    public static BigDecimal toAccrual(BigDecimal numerator, BigDecimal denominator) {
        return numerator.divide(denominator, ACCRUAL_SCALE, RoundingMode.HALF_UP);
    }
}
