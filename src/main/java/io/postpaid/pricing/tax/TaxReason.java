package io.postpaid.pricing.tax;

import java.util.Arrays;
import java.util.Locale;

/** Why an amount bears the tax that it does, with the code of EN 16931. */
public enum TaxReason {
    STANDARD("S"),
    ZERO_RATED("Z"),
    EXEMPT("E"),
    REVERSE_CHARGE("AE"),
    EXPORT("G"),
    NOT_REGISTERED("O");

    private final String code;

    TaxReason(String code) {
        this.code = code;
    }

    public String code() {
        return code;
    }

    public static TaxReason of(String code) {
        return Arrays.stream(values())
                .filter(reason -> reason.code.equals(code))
                .findFirst()
                .orElseThrow();
    }

    /** As files and messages write it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
