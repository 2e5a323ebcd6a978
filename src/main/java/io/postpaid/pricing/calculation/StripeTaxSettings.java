package io.postpaid.pricing.calculation;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whether Stripe Tax decides.
 *
 * @param countries of the customers for whom it does; all where there is none
 * @param codes Stripe's codes by the categories of products
 */
public record StripeTaxSettings(boolean on, Set<String> countries, Map<String, String> codes) {
    /** What Stripe takes for services that are delivered electronically. */
    static final String DEFAULT_CODES = "standard=txcd_10000000";

    private static final Pattern CODE = Pattern.compile("txcd_[0-9]{8}");

    public StripeTaxSettings {
        countries = Set.copyOf(countries);
        codes = Map.copyOf(codes);
    }

    static StripeTaxSettings of(String source, String countries, String codes) {
        if (!source.matches("table|stripe")) {
            throw new IllegalArgumentException("POSTPAID_TAX is " + source + ", which is neither table nor stripe");
        }
        return new StripeTaxSettings(
                source.equals("stripe"),
                countries(countries),
                Arrays.stream(codes.strip().split("[\\s,]+"))
                        .map(pair -> pair.split("=", 2))
                        .peek(StripeTaxSettings::check)
                        .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1])));
    }

    private static Set<String> countries(String countries) {
        if (countries.isBlank()) return Set.of();
        var codes = Set.of(countries.strip().split("[\\s,]+"));
        if (!Set.of(Locale.getISOCountries()).containsAll(codes)) {
            throw new IllegalArgumentException("POSTPAID_STRIPE_TAX_COUNTRIES has " + countries
                    + ", which are not codes of countries, such as US CA");
        }
        return codes;
    }

    boolean decides(String country) {
        return on && (countries.isEmpty() || countries.contains(country));
    }

    private static void check(String[] pair) {
        if (pair.length != 2 || !CODE.matcher(pair[1]).matches()) {
            throw new IllegalArgumentException("POSTPAID_STRIPE_TAX_CODES has " + String.join("=", pair)
                    + ", which is not a category with a code, such as " + DEFAULT_CODES);
        }
    }

    /** Of a category of products, which may be a code itself. */
    @Nullable
    String code(String category) {
        return CODE.matcher(category).matches() ? category : codes.get(category);
    }
}
