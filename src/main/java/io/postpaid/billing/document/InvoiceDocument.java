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
        List<BigDecimal> dailyCost) {
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

    /** One charged line; {@code note} tells the other period of late usage, or the days at this price. */
    public record Line(
            String product,
            String description,
            String note,
            String quantity,
            String unit,
            String unitPrice,
            String amount) {}

    /** A named amount: a credit applied, or an amount carried over. */
    public record Amount(String label, String amount) {}

    /** One tax rate, what it is due on, and how much it is. */
    public record TaxAmount(String name, String base, String amount) {}
}
