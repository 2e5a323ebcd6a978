package io.postpaid.billing.invoicing;

import io.postpaid.platform.calendar.BillingPeriod;
import java.time.LocalDate;

/** Which day decides by which rates usage is taxed: {@code POSTPAID_TAX_POINT}. */
enum TaxPoint {
    /** The last day of the month of use. */
    SERVICE,
    /** The day on which the invoice is drawn up. */
    ISSUE;

    static TaxPoint of(String setting) {
        return switch (setting) {
            case "service" -> SERVICE;
            case "issue" -> ISSUE;
            default ->
                throw new IllegalArgumentException(
                        "POSTPAID_TAX_POINT must be service or issue, not '" + setting + "'");
        };
    }

    static LocalDate lastDay(BillingPeriod used) {
        return used.month().atEndOfMonth();
    }
}
