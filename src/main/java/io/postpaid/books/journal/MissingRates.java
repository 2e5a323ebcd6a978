package io.postpaid.books.journal;

import java.time.LocalDate;

/**
 * Days on which a currency has no rate into that of the books, nor in the week before.
 *
 * @param days how many, from the first to the last
 */
public record MissingRates(String currency, String into, LocalDate first, LocalDate last, int days) {
    /** What is missing, and what to do. */
    public String sentence() {
        return "There is no rate from %s to %s of the week up to %s: ./postpaid rates import a file of the European Central Bank with %s"
                .formatted(currency, into, when(), missing());
    }

    private String when() {
        return days == 1 ? first.toString() : "any of " + days + " days from " + first + " to " + last;
    }

    private String missing() {
        return currency.equals("EUR") ? into : into.equals("EUR") ? currency : currency + " and " + into;
    }
}
