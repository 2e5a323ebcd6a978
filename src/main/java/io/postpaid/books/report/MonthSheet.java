package io.postpaid.books.report;

import java.util.List;

/**
 * A report of a month's books: a CSV file, and a sheet of the workbook. All of them are matters of days up to the last of the
 * month, so that those of a closed month never change.
 */
record MonthSheet(String name, String title, String about) {
    static final List<MonthSheet> ALL = List.of(
            new MonthSheet("trial-balance", "Trial balance", "Every account: opening, debits, credits, closing."),
            new MonthSheet(
                    "revenue-waterfall",
                    "Revenue waterfall",
                    "Gross revenue by product and day, less promotional credit and credit notes: net revenue."),
            new MonthSheet(
                    "receivables-aging",
                    "Receivables aging",
                    "What each customer owes on the last day, by the days that it is overdue."),
            new MonthSheet(
                    "unbilled-receivables",
                    "Unbilled receivables",
                    "Opening + rated − covered by credit − invoiced ± rounding = closing."),
            new MonthSheet(
                    "deferred-credit",
                    "Deferred credit",
                    "Credit that was bought: opening + sold − used − expired − refunded = closing."),
            new MonthSheet(
                    "promotional-credit",
                    "Promotional credit",
                    "Credit that was given: opening + given − used − expired − taken back = closing."),
            new MonthSheet(
                    "provider-clearing",
                    "Provider clearing",
                    "Opening + received − refunded − disputed − fees − paid out = closing."),
            new MonthSheet("fees-and-payouts", "Fees and payouts", "Fees by day, each payout, each line of the bank."),
            new MonthSheet(
                    "bad-debt", "Bad debt", "What was written off or lost in disputes, and what was paid after all."),
            new MonthSheet(
                    "tax-payable", "Tax payable", "Opening + charged − returned = closing, by country and rate."),
            new MonthSheet(
                    "invoices-issued", "Invoices issued", "Invoices of usage and of top-ups, by the day of issue."),
            new MonthSheet("credit-note-register", "Credit notes", "Credit notes, by the day of issue."));

    /** What each figure ties to; the first sheet of the workbook shows it. */
    static final MonthSheet TIES = new MonthSheet("ties", "Contents", "Each figure, and what it ties to.");

    String file() {
        return name + ".csv";
    }

    String sql() {
        return new Sheet(name).sql();
    }
}
