package io.postpaid.billing.document;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;

/**
 * Everything that stands on one invoice or credit note, formatted for its reader. Empty strings and lists are not printed.
 *
 * @param language chooses {@code templates/invoice/texts.<language>.yaml}
 * @param date the day of issue, for the file's own metadata
 * @param corrects the invoice that a credit note corrects
 * @param carried what earlier invoices left to this one, and what this one leaves to the next
 * @param payment one sentence: how the amount is paid
 * @param dailyCost the cost of each day of the period, for the chart
 * @param taxPoint the day that the taxes are of, where it is another than that of issue
 * @param localTaxes a sentence for each other currency that the taxes are due in
 */
public record InvoiceDocument(
        Kind kind,
        String language,
        String number,
        LocalDate date,
        String issuedOn,
        String dueOn,
        String period,
        String currency,
        Customer customer,
        String corrects,
        List<Line> lines,
        String subtotal,
        List<Amount> credits,
        List<TaxAmount> taxes,
        String taxNote,
        String total,
        List<Amount> carried,
        String amountDue,
        String payment,
        List<BigDecimal> dailyCost,
        String taxPoint,
        List<String> localTaxes) {
    public InvoiceDocument {
        if (number.isBlank()) {
            throw new IllegalArgumentException("a document without a number");
        }
        if (lines.isEmpty()) {
            throw new IllegalArgumentException(number + ": a document without lines");
        }
        lines = List.copyOf(lines);
        credits = List.copyOf(credits);
        taxes = List.copyOf(taxes);
        carried = List.copyOf(carried);
        dailyCost = List.copyOf(dailyCost);
        localTaxes = List.copyOf(localTaxes);
    }

    /** One whose taxes are of the day of issue, and due in its own currency. */
    public InvoiceDocument(
            Kind kind,
            String language,
            String number,
            LocalDate date,
            String issuedOn,
            String dueOn,
            String period,
            String currency,
            Customer customer,
            String corrects,
            List<Line> lines,
            String subtotal,
            List<Amount> credits,
            List<TaxAmount> taxes,
            String taxNote,
            String total,
            List<Amount> carried,
            String amountDue,
            String payment,
            List<BigDecimal> dailyCost) {
        this(
                kind, language, number, date, issuedOn, dueOn, period, currency, customer, corrects, lines, subtotal,
                credits, taxes, taxNote, total, carried, amountDue, payment, dailyCost, "", List.of());
    }

    /** What the document is. */
    public enum Kind {
        INVOICE,
        CREDIT_NOTE
    }

    /**
     * Whom it is addressed to.
     *
     * @param country its code, not printed: it chooses between the forms of Chinese characters
     */
    public record Customer(
            String name,
            List<String> address,
            String taxId,
            String email,
            String account,
            String country,
            String purchaseOrder,
            String buyerReference) {
        public Customer {
            address = List.copyOf(address);
        }

        public Customer(String name, List<String> address, String taxId, String email, String account) {
            this(name, address, taxId, email, account, "", "", "");
        }
    }

    /**
     * One charged line.
     *
     * @param note the other period of late usage, or the days at this price
     * @param tax which of several taxes it bears, such as {@code 25.5 %}
     */
    public record Line(
            String product,
            String description,
            String note,
            String quantity,
            String unit,
            String unitPrice,
            String amount,
            String tax) {
        /** A line of a document that has one tax. */
        public Line(
                String product,
                String description,
                String note,
                String quantity,
                String unit,
                String unitPrice,
                String amount) {
            this(product, description, note, quantity, unit, unitPrice, amount, "");
        }
    }

    /** A named amount: a credit applied, or an amount carried over. */
    public record Amount(String label, String amount) {}

    /**
     * One tax rate, what it is due on, and how much it is.
     *
     * @param note what the law wants said of it
     */
    public record TaxAmount(String name, String base, String amount, String note) {
        public TaxAmount(String name, String base, String amount) {
            this(name, base, amount, "");
        }
    }
}
