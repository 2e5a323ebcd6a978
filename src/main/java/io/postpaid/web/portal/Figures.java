package io.postpaid.web.portal;

import java.math.BigDecimal;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;

/** How quantities are written for people. */
final class Figures {
    private static final int DECIMALS = 12;

    private Figures() {}

    /** All digits, the thousands apart: {@code 81,930}. */
    static String quantity(BigDecimal quantity) {
        var format = new DecimalFormat("#,##0", DecimalFormatSymbols.getInstance(Locale.ENGLISH));
        format.setMaximumFractionDigits(DECIMALS);
        return format.format(quantity);
    }
}
