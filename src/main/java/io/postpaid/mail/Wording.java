package io.postpaid.mail;

import io.postpaid.calendar.BillingPeriod;
import java.math.BigDecimal;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.joda.money.CurrencyUnit;

/** How amounts and dates are written in mails. */
public final class Wording {
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d MMMM uuuu", Locale.ENGLISH);
    private static final DateTimeFormatter MONTH = DateTimeFormatter.ofPattern("MMMM uuuu", Locale.ENGLISH);

    private Wording() {}

    /** {@code USD 1,234.50} */
    public static String money(BigDecimal amount, String currency) {
        var format = new DecimalFormat("#,##0", DecimalFormatSymbols.getInstance(Locale.ROOT));
        format.setMinimumFractionDigits(Math.max(
                amount.stripTrailingZeros().scale(), CurrencyUnit.of(currency).getDecimalPlaces()));
        return currency + " " + format.format(amount);
    }

    /** {@code 8 November 2026} */
    public static String day(LocalDate day) {
        return DAY.format(day);
    }

    /** {@code October 2026} */
    public static String month(BillingPeriod period) {
        return MONTH.format(period.month());
    }
}
