package io.postpaid.platform.calendar;

import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;

/** One UTC calendar month, half-open: from its first instant to before the first instant of the next. */
public record BillingPeriod(YearMonth month) implements Comparable<BillingPeriod> {

    /** @throws java.time.format.DateTimeParseException if the text is not like {@code 2026-10} */
    public static BillingPeriod parse(String text) {
        return new BillingPeriod(YearMonth.parse(text));
    }

    public static BillingPeriod of(LocalDate day) {
        return new BillingPeriod(YearMonth.from(day));
    }

    public LocalDate firstDay() {
        return month.atDay(1);
    }

    /** The day its invoices are issued on: the first of the next month. */
    public LocalDate issuedOn() {
        return month.plusMonths(1).atDay(1);
    }

    public Instant from() {
        return firstDay().atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    public Instant to() {
        return issuedOn().atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    public BillingPeriod next() {
        return new BillingPeriod(month.plusMonths(1));
    }

    public BillingPeriod previous() {
        return new BillingPeriod(month.minusMonths(1));
    }

    @Override
    public int compareTo(BillingPeriod other) {
        return month.compareTo(other.month);
    }

    @Override
    public String toString() {
        return month.toString();
    }
}
