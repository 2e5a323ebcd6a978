package io.postpaid.web.portal;

import io.postpaid.mail.Wording;
import io.postpaid.platform.money.Amounts;
import io.postpaid.pricing.pricebook.Price;
import java.math.BigDecimal;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/** How quantities are written for people. */
public final class Figures {
    private static final int DECIMALS = 12;
    private static final DateTimeFormatter HOUR = DateTimeFormatter.ofPattern("HH:mm", Locale.ENGLISH);

    private Figures() {}

    /** An amount as it was typed, in digits and a point; it is checked further where it is used. */
    public static Optional<BigDecimal> amount(String typed) {
        return typed.matches("[0-9]{1,12}(\\.[0-9]{1,3})?") ? Optional.of(new BigDecimal(typed)) : Optional.empty();
    }

    /** Such as {@code 3 October 2026, 12:30:00.5 UTC}. */
    public static String moment(Instant at) {
        return Wording.day(LocalDate.ofInstant(at, ZoneOffset.UTC)) + ", " + time(at) + " UTC";
    }

    /** The UTC time of a day: {@code 12:30:00.5}. */
    public static String time(Instant at) {
        return DateTimeFormatter.ISO_LOCAL_TIME.format(at.atOffset(ZoneOffset.UTC));
    }

    /** Such as {@code 12:00}: the UTC hour that begins then. */
    public static String hour(Instant at) {
        return HOUR.format(at.atOffset(ZoneOffset.UTC));
    }

    /** Such as {@code 0.06 / minute}. */
    public static String listed(Price.Listed price) {
        return price.amount().toPlainString() + " / " + price.unit();
    }

    /** A cost for reading: to the currency's minor unit, and never 0 where there is one. */
    public static String cost(BigDecimal cost, String currency) {
        var rounded = Amounts.plain(cost, currency);
        if (cost.signum() == 0 || new BigDecimal(rounded).signum() != 0) return rounded;
        return cost.signum() < 0 ? Amounts.exact(cost, currency) : "< " + Amounts.smallest(currency);
    }

    /** All digits, the thousands apart: {@code 81,930}. */
    public static String quantity(BigDecimal quantity) {
        var format = new DecimalFormat("#,##0", DecimalFormatSymbols.getInstance(Locale.ENGLISH));
        format.setMaximumFractionDigits(DECIMALS);
        return format.format(quantity);
    }
}
