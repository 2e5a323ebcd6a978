package io.postpaid.pricing.tax;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * Why an account pays no tax.
 *
 * @param until the last day that it holds, null for ever
 */
public record Exemption(
        String account, String reason, @Nullable LocalDate until) {
    boolean holds(LocalDate day) {
        return until == null || !day.isAfter(until);
    }
}
