package io.postpaid.pricing.tax;

import static java.util.Map.entry;

import java.util.Map;
import java.util.Optional;

/** In which currency the law of a country wants the amount of its tax, beside that of the invoice. */
public final class TaxCurrencies {
    /** All countries of the EU (article 230 of directive 2006/112/EC; Bulgaria has the euro since 2026), and some beside it. */
    private static final Map<String, String> BY_COUNTRY = Map.ofEntries(
            entry("AT", "EUR"),
            entry("BE", "EUR"),
            entry("BG", "EUR"),
            entry("CY", "EUR"),
            entry("CZ", "CZK"),
            entry("DE", "EUR"),
            entry("DK", "DKK"),
            entry("EE", "EUR"),
            entry("ES", "EUR"),
            entry("FI", "EUR"),
            entry("FR", "EUR"),
            entry("GR", "EUR"),
            entry("HR", "EUR"),
            entry("HU", "HUF"),
            entry("IE", "EUR"),
            entry("IT", "EUR"),
            entry("LT", "EUR"),
            entry("LU", "EUR"),
            entry("LV", "EUR"),
            entry("MT", "EUR"),
            entry("NL", "EUR"),
            entry("PL", "PLN"),
            entry("PT", "EUR"),
            entry("RO", "RON"),
            entry("SE", "SEK"),
            entry("SI", "EUR"),
            entry("SK", "EUR"),
            entry("CH", "CHF"),
            entry("GB", "GBP"),
            entry("NO", "NOK"));

    private TaxCurrencies() {}

    /** Nothing for countries whose law does not ask for it, or is not known here. */
    public static Optional<String> of(String country) {
        return Optional.ofNullable(BY_COUNTRY.get(country));
    }
}
