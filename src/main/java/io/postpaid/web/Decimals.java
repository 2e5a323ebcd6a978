package io.postpaid.web;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Numbers of a request, which may be JSON numbers or strings, and are exact as both. */
public final class Decimals {
    private static final int INTEGERS_MAX = 19;
    private static final int DECIMALS_MAX = 12;

    private Decimals() {}

    /** @throws HttpRefusal if it is missing, negative, or has more digits than any amount or quantity */
    public static BigDecimal amount(String field, @Nullable BigDecimal number) {
        if (number == null) throw HttpRefusal.invalid(field, "The field '" + field + "' is missing");
        // The digits are counted, not written out: 1e999999999 is a short text.
        if (number.signum() < 0
                || number.scale() > DECIMALS_MAX
                || (long) number.precision() - number.scale() > INTEGERS_MAX) {
            throw HttpRefusal.invalid(
                    field,
                    "The field '" + field + "' must be from 0, with at most " + INTEGERS_MAX + " digits and "
                            + DECIMALS_MAX + " decimals");
        }
        return number;
    }
}
