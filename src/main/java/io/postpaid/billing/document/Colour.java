package io.postpaid.billing.document;

import com.fasterxml.jackson.annotation.JsonCreator;

/** An opaque colour; PDF/A-3 as drawn here knows no transparency. */
record Colour(int red, int green, int blue) {
    @JsonCreator
    static Colour of(String hex) {
        if (!hex.matches("#[0-9A-Fa-f]{6}")) {
            throw new IllegalArgumentException("a colour is written #RRGGBB, not '" + hex + "'");
        }
        var rgb = Integer.parseInt(hex.substring(1), 16);
        return new Colour(rgb >> 16, rgb >> 8 & 0xff, rgb & 0xff);
    }
}
