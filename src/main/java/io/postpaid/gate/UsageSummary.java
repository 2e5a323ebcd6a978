package io.postpaid.gate;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;

/**
 * What an account has used in 30 days, today included, up to its last settled call.
 *
 * @param calls those that cost something or might have, failed and free ones left out
 * @param products those that were used, by id
 * @param days the last seven, the earliest first, with zeros where nothing was used
 */
public record UsageSummary(
        String account,
        String currency,
        LocalDate from,
        LocalDate to,
        long calls,
        BigDecimal cost,
        List<OfProduct> products,
        List<OfDay> days) {

    public UsageSummary {
        products = List.copyOf(products);
        days = List.copyOf(days);
    }

    /** One product's part. */
    public record OfProduct(String product, String unit, BigDecimal quantity, long calls, BigDecimal cost) {}

    /** One UTC day's part. */
    public record OfDay(LocalDate day, long calls, BigDecimal cost) {}
}
