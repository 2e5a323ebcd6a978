package io.postpaid.money;

import java.math.BigDecimal;
import java.util.Map;

/** What a card cannot be charged less than, per currency, as Stripe publishes it. Less is carried to the next invoice. */
public final class MinimumCharge {
    private static final BigDecimal COMMON = new BigDecimal("0.50");
    private static final Map<String, BigDecimal> OTHERS = Map.ofEntries(
            Map.entry("GBP", new BigDecimal("0.30")),
            Map.entry("JPY", new BigDecimal("50")),
            Map.entry("SEK", new BigDecimal("3.00")),
            Map.entry("NOK", new BigDecimal("3.00")),
            Map.entry("DKK", new BigDecimal("2.50")),
            Map.entry("PLN", new BigDecimal("2.00")),
            Map.entry("MXN", new BigDecimal("10.00")),
            Map.entry("HKD", new BigDecimal("4.00")),
            Map.entry("AED", new BigDecimal("2.00")),
            Map.entry("CZK", new BigDecimal("15.00")),
            Map.entry("HUF", new BigDecimal("175.00")),
            Map.entry("RON", new BigDecimal("2.00")),
            Map.entry("MYR", new BigDecimal("2.00")),
            Map.entry("THB", new BigDecimal("10.00")));

    private MinimumCharge() {}

    public static BigDecimal of(String currency) {
        return OTHERS.getOrDefault(currency, COMMON);
    }
}
