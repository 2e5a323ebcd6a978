package io.postpaid.platform.template;

import io.postpaid.platform.money.Currencies;
import io.postpaid.platform.money.Payable;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/**
 * What the seller sets per currency: {@code templates/currencies.yaml}.
 *
 * @param monthlyLimit the limit of an account that names none
 * @param freeCredit the allowance of an account that names none
 * @param minimumCharge what is not charged but carried to the next invoice, where it is not Stripe's published minimum
 * @param ceiling what an invoice or a top-up may be at most, where it is not what Stripe takes at once
 */
public record CurrencySettings(
        Map<String, BigDecimal> monthlyLimit,
        Map<String, BigDecimal> freeCredit,
        Map<String, BigDecimal> minimumCharge,
        Map<String, BigDecimal> ceiling) {
    private static final String FILE = "currencies.yaml";

    public CurrencySettings {
        monthlyLimit = Map.copyOf(monthlyLimit);
        freeCredit = Map.copyOf(freeCredit);
        minimumCharge = Map.copyOf(minimumCharge);
        ceiling = Map.copyOf(ceiling);
        for (var amounts : List.of(monthlyLimit, freeCredit, minimumCharge, ceiling)) {
            amounts.forEach((currency, amount) -> {
                try {
                    Payable.checkOrZero(amount, currency);
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException("templates/" + FILE + ": " + e.getMessage(), e);
                }
            });
        }
    }

    /** Less is carried to the next invoice. */
    public BigDecimal leastCharge(String currency) {
        return minimumCharge.getOrDefault(currency, Currencies.get(currency).minimum());
    }

    /** The most of an invoice, and of a top-up. */
    public BigDecimal mostCharge(String currency) {
        return ceiling.getOrDefault(currency, Currencies.get(currency).maximum());
    }

    public static CurrencySettings load(TemplateFiles files) {
        return files.yaml(FILE, CurrencySettings.class);
    }
}
