package io.postpaid.books.report;

import java.util.List;

/**
 * One period on one page, every figure formatted for its reader.
 *
 * @param figures the headline: a handful of label and value
 * @param chart the revenue of each day
 */
public record FinanceSummary(
        String seller,
        String period,
        String prepared,
        String currency,
        List<Figure> figures,
        List<Status> statuses,
        List<Product> products,
        String revenue,
        RevenueChart chart,
        List<Outcome> payments,
        List<Outcome> failures,
        List<Unpaid> unpaid,
        String outstanding,
        RollForward credit,
        TieOut usage,
        List<Held> held) {
    public FinanceSummary {
        figures = List.copyOf(figures);
        statuses = List.copyOf(statuses);
        products = List.copyOf(products);
        payments = List.copyOf(payments);
        failures = List.copyOf(failures);
        unpaid = List.copyOf(unpaid);
        held = List.copyOf(held);
    }

    /** A headline figure, with a few words on what it is or compares to. */
    public record Figure(String label, String value, String note) {}

    /** How many invoices have a status, and what they come to. */
    public record Status(String status, String count, String amount) {}

    /** What one product brought in, and its share of the whole, such as "63.2 %". */
    public record Product(String product, String quantity, String unit, String revenue, String share) {}

    /** Payment attempts with one outcome, or failures for one reason. */
    public record Outcome(String outcome, String count, String amount) {}

    /** An open invoice and for how long it has been one, such as "12 days". */
    public record Unpaid(String invoice, String account, String due, String age, String amount) {}

    /** Opening + granted − consumed − expired − refunded = closing; {@code ties} says whether it does. */
    public record RollForward(
            String opening,
            String granted,
            String consumed,
            String expired,
            String refunded,
            String closing,
            boolean ties) {}

    /** Lines = accepted + duplicates + quarantined; {@code ties} says whether it does. */
    public record TieOut(String lines, String accepted, String duplicates, String quarantined, boolean ties) {}

    /** An account whose invoice waits for a person. */
    public record Held(String account, String reason) {}
}
