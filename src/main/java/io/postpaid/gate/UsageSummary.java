package io.postpaid.gate;

import java.time.LocalDate;
import java.util.List;

/**
 * What an account has used in 30 days, today included, up to its last settled call; numbers are text, exact.
 *
 * @param calls those that cost something or might have, failed and free ones left out
 * @param products those that were used, by id
 * @param daily the last seven, the earliest first, with zeros where nothing was used
 */
public record UsageSummary(
        String account,
        String currency,
        LocalDate from,
        LocalDate to,
        long calls,
        String cost,
        List<OfProduct> products,
        List<OfDay> daily) {

    public UsageSummary {
        products = List.copyOf(products);
        daily = List.copyOf(daily);
    }

    /** One product's part. */
    public record OfProduct(String product, String unit, String quantity, long calls, String cost) {}

    /** One UTC day's part. */
    public record OfDay(LocalDate day, long calls, String cost) {}
}
