package io.postpaid.billing.document;

import io.postpaid.account.Address;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.money.Currencies;
import java.math.BigDecimal;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How amounts, dates and places are written for a reader. */
final class Figures {
    private static final int DECIMALS_MAX = 12;

    private final Locale locale;
    private final DecimalFormatSymbols symbols;
    private final DateTimeFormatter dates;
    private final DateTimeFormatter months;
    private final Map<String, String> countries = new ConcurrentHashMap<>();

    /** @param date the pattern of a date */
    Figures(Locale locale, String date) {
        this.locale = locale;
        this.symbols = DecimalFormatSymbols.getInstance(locale);
        this.dates = DateTimeFormatter.ofPattern(date, locale);
        this.months = DateTimeFormatter.ofPattern("MMMM yyyy", locale);
    }

    String amount(BigDecimal amount, String currency) {
        int decimals = Currencies.get(currency).decimals();
        return written(amount, decimals, decimals);
    }

    /** All of its decimals, and at least those of the currency. */
    String price(BigDecimal price, String currency) {
        return written(price, Currencies.get(currency).decimals(), DECIMALS_MAX);
    }

    /** With all of its decimals and no others. */
    String exact(BigDecimal number) {
        return written(number, number.scale(), number.scale());
    }

    String number(BigDecimal number) {
        return written(number, 0, DECIMALS_MAX);
    }

    private String written(BigDecimal number, int least, int most) {
        var format = new DecimalFormat("#,##0", symbols);
        format.setMinimumFractionDigits(least);
        format.setMaximumFractionDigits(most);
        return format.format(number).replace('-', '−');
    }

    String date(LocalDate date) {
        return dates.format(date);
    }

    String month(BillingPeriod period) {
        return months.format(period.firstDay());
    }

    /** From the first day to the last. */
    String days(BillingPeriod period) {
        return period.firstDay().getDayOfMonth() + " – "
                + date(period.issuedOn().minusDays(1));
    }

    /** Town and code in the order of the country. */
    static String place(Address address) {
        boolean codeLast = Set.of("US", "CA", "AU", "GB", "IN").contains(address.country());
        var parts = codeLast
                ? Stream.of(
                        address.city() + (address.state().isBlank() ? "" : ","), address.state(), address.postalCode())
                : Stream.of(address.postalCode(), address.city(), address.state());
        return parts.filter(part -> !part.isBlank()).collect(Collectors.joining(" "));
    }

    /** The country's name for its code; anything else is printed as it is. */
    String country(String country) {
        return countries.computeIfAbsent(
                country, code -> code.matches("[A-Z]{2}") ? Locale.of("", code).getDisplayCountry(locale) : code);
    }
}
