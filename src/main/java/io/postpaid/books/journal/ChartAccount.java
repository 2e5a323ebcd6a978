package io.postpaid.books.journal;

import io.postpaid.books.ledger.GeneralAccount;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An account of the user's chart, and for which lines of journals it stands.
 *
 * @param from the first day that it holds for; null for all days
 * @param number empty where the chart has none
 * @param options what single programs want besides, by the keys of {@link ChartFile}
 * @param line of the file, for messages
 */
record ChartAccount(
        GeneralAccount account,
        @Nullable String product,
        @Nullable String country,
        @Nullable BigDecimal percent,
        @Nullable LocalDate from,
        String number,
        String name,
        Map<String, String> options,
        int line) {

    ChartAccount {
        options = Map.copyOf(options);
    }

    /** How many conditions it has: one with more of them comes first. */
    int conditions() {
        return (int) Stream.of(product, country, percent)
                .filter(condition -> condition != null)
                .count();
    }

    boolean holds(JournalLine of) {
        return account == of.account()
                && holdsOn(of.date())
                && (product == null || product.equals(of.product()))
                && (country == null || country.equals(of.taxCountry()))
                && (percent == null || of.taxPercent() != null && percent.compareTo(of.taxPercent()) == 0);
    }

    boolean holdsOn(LocalDate day) {
        return from == null || !from.isAfter(day);
    }

    /** Empty where it has none. */
    String option(String key) {
        return options.getOrDefault(key, "");
    }

    /** What two of them must not have in common. */
    String key() {
        return account
                + (product == null ? "" : " of product " + product)
                + (country == null ? "" : " in " + country)
                + (percent == null ? "" : " at " + percent.stripTrailingZeros().toPlainString() + " %")
                + (from == null ? "" : " from " + from);
    }
}
