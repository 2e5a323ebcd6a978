package io.postpaid.pricing.tax;

import java.util.List;
import java.util.Set;

/**
 * Where a business abroad accounts for the tax itself.
 *
 * @param regions within which it does, such as EU
 * @param seller the seller's own tax id, whose first two letters say from where it sells
 * @param note printed where it applies
 */
public record ReverseCharge(List<String> regions, String seller, String note) {
    /** The countries of a region by their ISO codes. Greece is GR here and EL in tax ids; XI is not a part of it for services. */
    public static final Set<String> EU = Set.of(
            "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU",
            "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK");

    public ReverseCharge {
        regions = List.copyOf(regions);
    }

    public static boolean isInEu(String country) {
        return EU.contains(country);
    }

    boolean includes(String country) {
        return regions.contains("EU") && EU.contains(country);
    }

    String sellerCountry() {
        return Countries.iso(seller.substring(0, 2));
    }
}
