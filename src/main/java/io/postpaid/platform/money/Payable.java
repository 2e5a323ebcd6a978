package io.postpaid.platform.money;

import java.math.BigDecimal;
import java.math.MathContext;

/**
 * Amounts that people give to commands, files and calls: above zero, with no more decimals than the currency has, and no slip
 * of the hand. What goes through a card has to be a multiple of the unit that is charged, too.
 */
public final class Payable {
    /** More digits before the decimal point than this no account has. */
    private static final int DIGITS_MAX = 12;

    private Payable() {}

    /** @throws IllegalArgumentException which says what is wrong with the amount */
    public static BigDecimal check(BigDecimal amount, String currency) {
        if (amount.signum() <= 0) throw refused(amount, currency, "must be above zero");
        checkSize(amount, currency);
        return amount;
    }

    /** The same for what may be nothing, such as a limit. */
    public static BigDecimal checkOrZero(BigDecimal amount, String currency) {
        if (amount.signum() < 0) throw refused(amount, currency, "cannot be below zero");
        if (amount.signum() > 0) checkSize(amount, currency);
        return amount.signum() == 0 ? BigDecimal.ZERO : amount;
    }

    /** Digits are counted, and never written out: 1e999999999 is a short text. */
    private static void checkSize(BigDecimal amount, String currency) {
        if ((long) amount.precision() - amount.scale() > DIGITS_MAX) {
            throw refused(amount, currency, "has more than " + DIGITS_MAX + " digits");
        }
        if (!Currencies.get(currency).fits(amount)) {
            throw refused(amount, currency, decimals(currency));
        }
    }

    private static String decimals(String currency) {
        int most = Amounts.decimals(currency);
        return most == 0 ? "has decimals, which the currency has not" : "has more than " + most + " decimals";
    }

    private static IllegalArgumentException refused(BigDecimal amount, String currency, String why) {
        var written = (long) amount.precision() + Math.abs((long) amount.scale()) > 2L * DIGITS_MAX + 12
                ? amount.round(new MathContext(6)).toString()
                : amount.toPlainString();
        return new IllegalArgumentException(
                written + " " + currency + " " + why + ": give an amount such as " + example(currency));
    }

    private static String example(String currency) {
        return Amounts.plain(new BigDecimal(25), currency);
    }
}
