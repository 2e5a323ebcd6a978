package io.postpaid.pricing.tax;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * The tax that amounts bear; those with the same are taxed together.
 *
 * @param rate the imported rate, null where it is none of these
 * @param name such as VAT; empty where no tax is printed
 * @param note what the law wants said of it, or empty
 * @param evidence what another service said that it follows from, such as a consultation number of VIES, or empty
 */
public record Tax(
        TaxReason reason, @Nullable Long rate, String name, BigDecimal percent, String note, String evidence) {
    public Tax(TaxReason reason, @Nullable Long rate, String name, BigDecimal percent, String note) {
        this(reason, rate, name, percent, note, "");
    }
}
