package io.postpaid.books.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.springframework.core.io.ClassPathResource;

/**
 * A query of the report in {@code jobs/monthly/finance-report}, over the views report_*: given {@code :period}, {@code :from},
 * {@code :to} (instants) and {@code :as_of}, and for the page {@code :currency} and {@code :rows}, the most that it shows.
 */
record Sheet(String name) {
    /** Those whose rows are a CSV file, in an order that is always the same. */
    static final List<Sheet> FILES = List.of(
                    "invoice-register",
                    "invoice-lines",
                    "revenue-by-product",
                    "revenue-by-account",
                    "revenue-by-day",
                    "payments",
                    "settlements",
                    "unpaid",
                    "credit-roll-forward",
                    "account-balances",
                    "dispute-losses",
                    "usage-tie-out",
                    "holds",
                    "late-usage",
                    "tax",
                    "tax-invoices",
                    "oss",
                    "oss-evidence")
            .stream()
            .map(Sheet::new)
            .toList();

    String file() {
        return name + ".csv";
    }

    String sql() {
        try {
            return new ClassPathResource("jobs/monthly/finance-report/" + name + ".sql")
                    .getContentAsString(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
