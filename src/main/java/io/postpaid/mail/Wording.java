package io.postpaid.mail;

import io.postpaid.platform.calendar.BillingPeriod;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** How dates are written in mails. */
public final class Wording {
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d MMMM uuuu", Locale.ENGLISH);
    private static final DateTimeFormatter MONTH = DateTimeFormatter.ofPattern("MMMM uuuu", Locale.ENGLISH);

    private Wording() {}

    /** {@code 8 November 2026} */
    public static String day(LocalDate day) {
        return DAY.format(day);
    }

    /** {@code October 2026} */
    public static String month(BillingPeriod period) {
        return MONTH.format(period.month());
    }
}
