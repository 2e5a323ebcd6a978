package io.postpaid.pricing.calculation;

import java.util.Arrays;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whether Stripe Tax decides.
 *
 * @param codes Stripe's codes by the categories of products
 */
public record StripeTaxSettings(boolean on, Map<String, String> codes) {
    /** What Stripe takes for services that are delivered electronically. */
    static final String DEFAULT_CODES = "standard=txcd_10000000";

    private static final Pattern CODE = Pattern.compile("txcd_[0-9]{8}");

    public StripeTaxSettings {
        codes = Map.copyOf(codes);
    }

    static StripeTaxSettings of(String source, String codes) {
        if (!source.matches("table|stripe")) {
            throw new IllegalArgumentException("POSTPAID_TAX is " + source + ", which is neither table nor stripe");
        }
        return new StripeTaxSettings(
                source.equals("stripe"),
                Arrays.stream(codes.strip().split("[\\s,]+"))
                        .map(pair -> pair.split("=", 2))
                        .peek(StripeTaxSettings::check)
                        .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1])));
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
