package io.postpaid.pricing.pricebook;

import java.util.Locale;

/** How a quantity turns into money. */
public enum PriceModel {
    /** Every unit costs the same. */
    PER_UNIT,
    /** Each tier prices the units that fall into it. */
    GRADUATED,
    /** The tier that the whole quantity reaches prices all of it. */
    VOLUME,
    /** Every begun package of units costs the same. */
    PACKAGE;

    public boolean tiered() {
        return this == GRADUATED || this == VOLUME;
    }

    /** Whether what a day costs may depend on what is used on other days of the month. */
    public boolean countsOverTheMonth() {
        return this != PER_UNIT;
    }

    static PriceModel of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }

    /** As files and tables write it: {@code per_unit}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
