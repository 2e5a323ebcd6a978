package io.postpaid.money;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.joda.money.CurrencyUnit;

/** Amounts as people read them. */
public final class Amounts {
    private Amounts() {}

    /** Such as {@code USD 12.30}: for information, rounded half up where it is an exact cost. */
    public static String text(BigDecimal amount, String currency) {
        return currency + " " + plain(amount, currency);
    }

    /** The same without the currency. */
    public static String plain(BigDecimal amount, String currency) {
        return amount.setScale(CurrencyUnit.of(currency).getDecimalPlaces(), RoundingMode.HALF_UP)
                .toPlainString();
    }
}
