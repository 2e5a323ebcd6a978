package io.postpaid.sandbox;

import java.math.BigDecimal;
import java.util.Currency;
import java.util.Locale;

/** What Stripe charges in: the minor units, and the least that it charges. */
final class ChargeableAmounts {
    private ChargeableAmounts() {}

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
        mustBePositive(amount);
        long minimum = Catalog.STRIPE.minimum().getOrDefault(currency, 1L);
        if (amount < minimum) {
            var words =
                    BigDecimal.valueOf(minimum, Catalog.STRIPE.withoutDecimals().contains(currency) ? 0 : 2);
            throw Refusal.badRequest("amount_too_small", "Amount must be at least " + words + " " + currency, "amount");
        }
    }

    static void mustBePositive(long amount) {
        if (amount >= 1) return;
        throw Refusal.badRequest(
                "parameter_invalid_integer", "This value must be greater than or equal to 1.", "amount");
    }
}
