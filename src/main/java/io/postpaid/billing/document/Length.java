package io.postpaid.billing.document;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** A length in whole thousandths of a point, so that the same page comes out on every machine. */
record Length(int thousandths) {
    @JsonCreator
    static Length ofPoints(BigDecimal points) {
        if (points.signum() < 0) {
            throw new IllegalArgumentException("a length is not negative: " + points);
        }
        return new Length(
                points.movePointRight(3).setScale(0, RoundingMode.HALF_UP).intValueExact());
    }
}
