package io.postpaid.pricing.vies;

import io.postpaid.pricing.vies.Confirmation.Confirmed;
import io.postpaid.pricing.vies.Confirmation.Unknown;
import java.util.Map;

/**
 * What counts of some tax ids, as it was loaded.
 *
 * @param wanted whether the form of an id is not enough
 * @param known by ids with the letters of their country in front
 */
public record ConfirmedIds(boolean wanted, Map<String, Confirmation> known) {
    /** The form of an id is enough. */
    public static final ConfirmedIds BY_FORM = new ConfirmedIds(false, Map.of());

    public ConfirmedIds {
        known = Map.copyOf(known);
    }

    public Confirmation of(String wholeId) {
        if (!wanted) return new Confirmed("");
        return known.getOrDefault(wholeId, new Unknown("VIES has not been asked for it"));
    }
}
