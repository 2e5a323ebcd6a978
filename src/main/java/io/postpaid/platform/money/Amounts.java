package io.postpaid.platform.money;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** How amounts are written. */
public final class Amounts {
    private Amounts() {}

    /** Such as {@code USD 12.30}: for information, rounded half up where it is an exact cost. */
    public static String text(BigDecimal amount, String currency) {
        return currency + " " + plain(amount, currency);
    }

    /** The same without the currency. */
    public static String plain(BigDecimal amount, String currency) {
        return amount.setScale(decimals(currency), RoundingMode.HALF_UP).toPlainString();
    }

    /** All decimals that an amount has, and at least those of its currency: {@code 20.00}, {@code 0.0639}. */
    public static String exact(BigDecimal amount, String currency) {
        var plain = amount.stripTrailingZeros();
        return plain.setScale(Math.max(plain.scale(), decimals(currency))).toPlainString();
    }

    /** The least amount above nothing: {@code 0.01}. */
    public static String smallest(String currency) {
        return BigDecimal.ONE.movePointLeft(decimals(currency)).toPlainString();
    }

    static int decimals(String currency) {
        return Currencies.get(currency).decimals();
    }
}
