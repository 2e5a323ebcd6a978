package io.postpaid.web.portal;

import io.postpaid.pricing.pricebook.Price;
import java.math.BigDecimal;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;
import java.util.Optional;

/** How quantities are written for people. */
final class Figures {
    private static final int DECIMALS = 12;

    private Figures() {}

    /** An amount as it was typed, in digits and a point; it is checked further where it is used. */
    static Optional<BigDecimal> amount(String typed) {
        return typed.matches("[0-9]{1,12}(\\.[0-9]{1,3})?") ? Optional.of(new BigDecimal(typed)) : Optional.empty();
    }

    /** Such as {@code 0.06 / minute}. */
    static String listed(Price.Listed price) {
        return price.amount().toPlainString() + " / " + price.unit();
    }

    /** All digits, the thousands apart: {@code 81,930}. */
    static String quantity(BigDecimal quantity) {
        var format = new DecimalFormat("#,##0", DecimalFormatSymbols.getInstance(Locale.ENGLISH));
        format.setMaximumFractionDigits(DECIMALS);
        return format.format(quantity);
    }
}
