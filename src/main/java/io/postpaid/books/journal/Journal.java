package io.postpaid.books.journal;

import io.postpaid.platform.calendar.BillingPeriod;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What one close of a month adds to the books.
 *
 * @param version 1, and one more for each time that the month was closed again: it has the differences only
 * @param bookCurrency null where each currency is booked by itself
 * @param sums by currency of the books: the sum of its debits, which is that of its credits
 */
public record Journal(
        long id,
        BillingPeriod period,
        int version,
        Instant writtenAt,
        @Nullable String bookCurrency,
        int entries,
        int lines,
        SortedMap<String, BigDecimal> sums) {

    /** The day of all of its entries. */
    public LocalDate date() {
        return period.month().atEndOfMonth();
    }
}
