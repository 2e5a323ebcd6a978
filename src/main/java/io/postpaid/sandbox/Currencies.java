package io.postpaid.sandbox;

import java.math.BigDecimal;
import java.util.Currency;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What Stripe charges in: the minor units, and the least that it charges. */
final class Currencies {
    private static final Set<String> WITHOUT_DECIMALS = Set.of(
            "bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "vnd", "vuv", "xaf", "xof", "xpf");

    private static final Map<String, Long> MINIMA = minima();

    private Currencies() {}

    /** In lower case, as Stripe writes them. */
    static String checked(String code) {
        try {
            return Currency.getInstance(code.toUpperCase(Locale.ROOT))
                    .getCurrencyCode()
                    .toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            throw Refusal.badRequest("", "Invalid currency: " + code.toLowerCase(Locale.ROOT) + ".", "currency");
        }
    }

    static void mustBeChargeable(long amount, String currency) {
        if (amount < 1) {
            throw Refusal.badRequest(
                    "parameter_invalid_integer", "This value must be greater than or equal to 1.", "amount");
        }
        long minimum = MINIMA.getOrDefault(currency, 1L);
        if (amount < minimum) {
            var words = BigDecimal.valueOf(minimum, WITHOUT_DECIMALS.contains(currency) ? 0 : 2);
            throw Refusal.badRequest("amount_too_small", "Amount must be at least " + words + " " + currency, "amount");
        }
    }

    private static Map<String, Long> minima() {
        var minima = new HashMap<String, Long>();
        for (var code : Set.of("usd", "eur", "aud", "cad", "chf", "brl", "inr", "nzd", "sgd", "jpy")) {
            minima.put(code, 50L);
        }
        minima.putAll(Map.of("gbp", 30L, "sek", 300L, "nok", 300L, "dkk", 250L, "pln", 200L, "mxn", 1_000L));
        minima.putAll(Map.of("hkd", 400L, "aed", 200L, "czk", 1_500L, "huf", 17_500L));
        minima.putAll(Map.of("ron", 200L, "myr", 200L, "thb", 1_000L));
        // Stripe publishes none for these: it is the worth of its minimum in the seller's own currency.
        minima.putAll(Map.of("krw", 700L, "vnd", 12_500L, "clp", 450L, "cop", 200_000L, "idr", 800_000L));
        return Map.copyOf(minima);
    }
}
