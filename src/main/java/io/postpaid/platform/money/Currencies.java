package io.postpaid.platform.money;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** Every currency of ISO 4217, and what an account may be billed in: {@code currency/currencies.csv}. */
public final class Currencies {
    private static final String FILE = "/currency/currencies.csv";
    private static final Map<String, Currency> ALL = read();

    private Currencies() {}

    /**
     * A currency as Stripe charges it.
     *
     * @param unit the smallest amount that can be charged; its scale is what is printed
     * @param stripeDecimals the decimals of the integers that Stripe counts in, which differ from those of the unit
     * @param minimum the least that Stripe charges; zero where the currency cannot be billed
     * @param maximum the most that every payment method takes at once; zero where the currency cannot be billed
     * @param refusedBecause why no account is billed in it; empty where it can be billed
     */
    public record Currency(
            String code,
            BigDecimal unit,
            int stripeDecimals,
            BigDecimal minimum,
            BigDecimal maximum,
            String refusedBecause) {

        public boolean billable() {
            return refusedBecause.isEmpty();
        }

        public int decimals() {
            return unit.scale();
        }

        /** Whether an amount exists as money: a bank moves KWD 12.345, though no card is charged less than 0.010 of it. */
        public boolean fits(BigDecimal amount) {
            return amount.stripTrailingZeros().scale() <= decimals();
        }
    }

    public static Optional<Currency> find(String code) {
        return Optional.ofNullable(ALL.get(code));
    }

    /** @throws IllegalArgumentException if ISO 4217 does not have it */
    public static Currency get(String code) {
        return find(code).orElseThrow(() -> new IllegalArgumentException("'" + code + "' is not a currency"));
    }

    public static Collection<Currency> all() {
        return ALL.values();
    }

    private static Map<String, Currency> read() {
        var currencies = new TreeMap<String, Currency>();
        try (var in = Objects.requireNonNull(Currencies.class.getResourceAsStream(FILE), FILE);
                var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            lines.readLine();
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                // Only the last column, which is text, may hold a comma.
                var cells = line.split(",", 6);
                currencies.put(
                        cells[0],
                        new Currency(
                                cells[0],
                                new BigDecimal(cells[1]),
                                Integer.parseInt(cells[2]),
                                amount(cells[3]),
                                amount(cells[4]),
                                cells[5].replace("\"", "")));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(FILE, e);
        }
        return currencies;
    }

    private static BigDecimal amount(String cell) {
        return cell.isEmpty() ? BigDecimal.ZERO : new BigDecimal(cell);
    }
}
