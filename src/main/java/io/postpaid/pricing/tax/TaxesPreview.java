package io.postpaid.pricing.tax;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an import would do, or has done. */
public record TaxesPreview(Taxes.Imported counts, List<Change> changes) {
    public TaxesPreview {
        changes = List.copyOf(changes);
    }

    /** @param before empty where it is new */
    public record Change(String what, String before, String after) {}

    static String text(@Nullable TaxRate rate) {
        if (rate == null) return "";
        return rate.name() + " " + rate.percent().stripTrailingZeros().toPlainString() + " %"
                + (rate.registration().isEmpty() ? "" : ", declared by " + rate.registration());
    }

    static String text(@Nullable ReverseCharge reverse) {
        if (reverse == null) return "";
        return "in " + String.join(", ", reverse.regions()) + " by " + reverse.seller() + ": " + reverse.note();
    }

    static String text(@Nullable Exemption exemption) {
        if (exemption == null) return "";
        return exemption.reason() + (exemption.until() == null ? "" : ", until " + exemption.until());
    }
}
