package io.postpaid.sandbox;

import static java.math.BigDecimal.ONE;
import static java.math.BigDecimal.ZERO;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Rates of a few places, as a fictitious seller from Sweden who is registered in the EU and in some states would have them. */
final class TaxPlaces {
    /** Services that are delivered electronically. */
    static final String SERVICES = "txcd_10000000";

    private static final String BOOKS = "txcd_35010000";
    private static final String HOME = "SE";
    /** Standard rates and those of books. */
    private static final Map<String, List<String>> EU = Map.of(
            "SE", List.of("25", "6"),
            "FI", List.of("25.5", "14"),
            "DE", List.of("19", "7"),
            "FR", List.of("20", "5.5"),
            "IT", List.of("22", "4"),
            "IE", List.of("23", "0"),
            "GR", List.of("24", "6"));

    private static final Set<String> STATES = Set.of("WA", "NY", "TX", "CA", "OR", "FL");

    private TaxPlaces() {}

    /**
     * What one jurisdiction says of a line.
     *
     * @param share of the amount that it taxes
     * @param type such as vat; empty where it has no rate
     */
    record Part(
            String country,
            String place,
            String level,
            @Nullable String state,
            String type,
            String name,
            BigDecimal percent,
            BigDecimal share,
            String reason) {
        private static Part rate(
                String country,
                String place,
                String level,
                @Nullable String state,
                String type,
                String name,
                String percent) {
            return new Part(country, place, level, state, type, name, new BigDecimal(percent), ONE, "standard_rated");
        }

        private static Part none(String country, String place, @Nullable String state, String reason) {
            return new Part(country, place, state == null ? "country" : "state", state, "", "", ZERO, ONE, reason);
        }

        private Part of(String portion) {
            return new Part(
                    country,
                    place,
                    level,
                    state,
                    type,
                    name,
                    percent,
                    new BigDecimal(portion),
                    "taxable_basis_reduced");
        }

        /** With its rate, and nothing charged. */
        private Part free(String because) {
            return new Part(country, place, level, state, type, name, ZERO, ONE, because);
        }
    }

    /** In the US the rate follows the street. */
    static boolean known(JsonNode address) {
        var country = Tree.text(address, "country");
        if (!country.matches("[A-Z]{2}")) return false;
        return !country.equals("US")
                || Tree.text(address, "postal_code").matches("[0-9]{5}(-[0-9]{4})?")
                        && Tree.text(address, "state").matches("[A-Z]{2}");
    }

    static List<Part> parts(JsonNode customer, String code) {
        var address = customer.path("address");
        var parts = rates(address, code);
        var override = Tree.text(customer, "taxability_override");
        if (override.equals("customer_exempt")) return free(parts, "customer_exempt");
        var country = Tree.text(address, "country");
        boolean business = customer.path("tax_ids")
                .valueStream()
                .anyMatch(id -> Tree.text(id, "type").equals("eu_vat"));
        boolean reverse =
                override.equals("reverse_charge") || business && EU.containsKey(country) && !country.equals(HOME);
        return reverse ? free(parts, "reverse_charge") : parts;
    }

    private static List<Part> free(List<Part> parts, String reason) {
        return parts.stream().map(part -> part.free(reason)).toList();
    }

    private static List<Part> rates(JsonNode address, String code) {
        var country = Tree.text(address, "country");
        var rates = EU.get(country);
        if (rates != null) {
            var percent = rates.get(code.equals(BOOKS) ? 1 : 0);
            var vat = Part.rate(country, country, "country", null, "vat", "VAT", percent);
            return List.of(percent.equals("0") ? vat.free("zero_rated") : vat);
        }
        return switch (country) {
            case "CA" -> canada(Tree.text(address, "state"));
            case "US" -> state(Tree.text(address, "state"), Tree.text(address, "postal_code"), code);
            default -> List.of(Part.none(country, country, null, "not_collecting"));
        };
    }

    private static List<Part> canada(String province) {
        return switch (province) {
            case "ON" -> List.of(Part.rate("CA", "Ontario", "state", "ON", "hst", "HST", "13"));
            case "QC" ->
                List.of(
                        Part.rate("CA", "Canada", "country", null, "gst", "GST", "5"),
                        Part.rate("CA", "Quebec", "state", "QC", "qst", "QST", "9.975"));
            default -> List.of(Part.rate("CA", "Canada", "country", null, "gst", "GST", "5"));
        };
    }

    private static List<Part> state(String state, String zip, String code) {
        if (!STATES.contains(state)) return List.of(Part.none("US", state, state, "not_collecting"));
        return switch (state) {
            case "WA" ->
                Stream.concat(
                                Stream.of(us("state", state, "Washington", "6.5")),
                                zip.startsWith("981") ? Stream.of(us("city", state, "Seattle", "3.85")) : Stream.of())
                        .toList();
            case "NY" ->
                zip.startsWith("100")
                        ? List.of(
                                us("state", state, "New York", "4"),
                                us("city", state, "New York City", "4.5"),
                                us("district", state, "Metropolitan Commuter Transportation District", "0.375"))
                        : List.of(us("state", state, "New York", "4"), us("county", state, "County", "4"));
            case "TX" ->
                Stream.of(us("state", state, "Texas", "6.25"), us("city", state, "Austin", "2"))
                        .map(part -> part.of("0.8"))
                        .toList();
            case "CA" ->
                code.equals(BOOKS)
                        ? List.of(us("state", state, "California", "7.25"))
                        : List.of(us("state", state, "California", "7.25").free("product_exempt"));
            case "OR" -> List.of(Part.none("US", "Oregon", state, "not_subject_to_tax"));
            default -> List.of(Part.none("US", state, state, "not_collecting"));
        };
    }

    private static Part us(String level, String state, String place, String percent) {
        return Part.rate("US", place, level, state, "sales_tax", "Sales tax", percent);
    }
}
