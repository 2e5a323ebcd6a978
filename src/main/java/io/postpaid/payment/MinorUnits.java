package io.postpaid.payment;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Set;

/** Amounts as Stripe counts them: whole minor units. */
final class MinorUnits {
    private static final Set<String> WITHOUT_DECIMALS = Set.of(
            "BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF");
    private static final Set<String> WITH_THREE = Set.of("BHD", "JOD", "KWD", "OMR", "TND");

    private MinorUnits() {}

    /** @throws ArithmeticException if the amount has a fraction that Stripe cannot charge */
    static long of(BigDecimal amount, String currency) {
        long minor = amount.setScale(decimals(currency), RoundingMode.UNNECESSARY)
                .unscaledValue()
                .longValueExact();
        if (WITH_THREE.contains(currency) && minor % 10 != 0) {
            throw new ArithmeticException(amount + " " + currency + ": Stripe charges multiples of 0.010 only");
        }
        return minor;
    }

    static boolean chargeable(BigDecimal amount, String currency) {
        try {
            return of(amount, currency) > 0;
        } catch (ArithmeticException fraction) {
            return false;
        }
    }

    /** What of an exact amount can be paid out. */
    static BigDecimal floor(BigDecimal amount, String currency) {
        return amount.setScale(decimals(currency), RoundingMode.DOWN);
    }

    static BigDecimal toAmount(long minor, String currency) {
        return BigDecimal.valueOf(minor, decimals(currency));
    }

    private static int decimals(String currency) {
        return WITHOUT_DECIMALS.contains(currency) ? 0 : WITH_THREE.contains(currency) ? 3 : 2;
    }
}
