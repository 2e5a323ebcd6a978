package io.postpaid.payments.stripe;

import io.postpaid.platform.money.Currencies;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** Amounts as Stripe counts them: whole minor units. */
public final class MinorUnits {
    private MinorUnits() {}

    /** @throws ArithmeticException if the amount has a fraction that Stripe cannot charge */
    public static long of(BigDecimal amount, String currency) {
        var unit = Currencies.get(currency).unit();
        if (amount.remainder(unit).signum() != 0) {
            throw new ArithmeticException(
                    amount.toPlainString() + " " + currency + ": only multiples of " + unit + " can be charged");
        }
        return amount.setScale(decimals(currency), RoundingMode.UNNECESSARY)
                .unscaledValue()
                .longValueExact();
    }

    public static boolean chargeable(BigDecimal amount, String currency) {
        try {
            return of(amount, currency) > 0;
        } catch (ArithmeticException fraction) {
            return false;
        }
    }

    public static BigDecimal toAmount(long minor, String currency) {
        return BigDecimal.valueOf(minor, decimals(currency));
    }

    private static int decimals(String currency) {
        return Currencies.get(currency).stripeDecimals();
    }
}
