package io.postpaid.money;

import java.math.BigDecimal;
import org.joda.money.CurrencyUnit;

/** How amounts are written. */
public final class Amounts {
    private Amounts() {}

    /** All decimals that an amount has, and at least those of its currency: {@code 20.00}, {@code 0.0639}. */
    public static String exact(BigDecimal amount, String currency) {
        var plain = amount.stripTrailingZeros();
        return plain.setScale(Math.max(plain.scale(), CurrencyUnit.of(currency).getDecimalPlaces()))
                .toPlainString();
    }
}
