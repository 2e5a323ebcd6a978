package io.postpaid.web.portal;

import io.postpaid.billing.document.LineWords;
import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.billing.invoicing.InvoiceLine;
import io.postpaid.billing.invoicing.InvoiceStatus;
import io.postpaid.billing.invoicing.InvoiceTax;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.mail.Wording;
import io.postpaid.platform.money.Amounts;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.stereotype.Component;

/** An invoice as pages show it: as a row of a list, by its lines, and by its sums. */
@Component
@ConditionalOnWebApplication
class InvoiceFigures {
    private final Invoices invoices;
    private final LineWords words;

    InvoiceFigures(Invoices invoices, LineWords words) {
        this.invoices = invoices;
        this.words = words;
    }

    /** An invoice as a row of a list. */
    Map<String, ?> row(Invoice invoice) {
        var open = invoice.status() == InvoiceStatus.OPEN ? invoices.openAmount(invoice) : BigDecimal.ZERO;
        return Map.of(
                "number", invoice.issuedNumber(),
                "month", Wording.month(invoice.period()),
                "issued", Wording.day(invoice.issuedOn()),
                "due", Wording.day(invoice.dueOn()),
                "total", Amounts.text(invoice.total(), invoice.currency()),
                "status", status(invoice),
                "class", invoice.status().name().toLowerCase(Locale.ROOT),
                "open", open.signum() > 0 ? Amounts.text(open, invoice.currency()) : "");
    }

    private static String status(Invoice invoice) {
        return switch (invoice.status()) {
            case DRAFT -> "Draft";
            case OPEN -> "Open";
            case PAID -> invoice.amountDue().signum() > 0 ? "Paid" : "Nothing to pay";
            case VOID -> "Void";
            case UNCOLLECTIBLE -> "Written off";
        };
    }

    /** The figures between the lines of an invoice and what is to be paid. */
    Map<String, Object> sums(Invoice invoice, List<InvoiceTax> taxes) {
        Function<BigDecimal, Object> shown =
                amount -> amount.signum() == 0 ? "" : Amounts.plain(amount, invoice.currency());
        return Map.of(
                "subtotal", Amounts.plain(invoice.subtotal(), invoice.currency()),
                "credits", shown.apply(invoice.credits().negate()),
                "taxes",
                        taxes.stream()
                                .filter(InvoiceTax::printed)
                                .map(tax -> Map.of(
                                        "label", tax.label(),
                                        "base", Amounts.plain(tax.base(), invoice.currency()),
                                        "amount", Amounts.plain(tax.tax(), invoice.currency()),
                                        "note", tax.note()))
                                .toList(),
                "total", Amounts.plain(invoice.total(), invoice.currency()),
                "carried_in", shown.apply(invoice.carriedIn()),
                "carried_forward", shown.apply(invoice.carriedForward().negate()),
                "from_balance", shown.apply(invoice.fromBalance().negate()),
                "amount_due", Amounts.plain(invoice.amountDue(), invoice.currency()));
    }

    /** The lines, named as the document names them. */
    List<Map<String, Object>> lines(Invoice invoice, List<InvoiceLine> lines) {
        var said = words.of(invoice, lines);
        return IntStream.range(0, lines.size())
                .mapToObj(n -> line(invoice, lines.get(n), said.get(n)))
                .toList();
    }

    private static Map<String, Object> line(Invoice invoice, InvoiceLine line, LineWords.Words said) {
        return Map.of(
                "href",
                        invoice.number() == null
                                ? ""
                                : "/billing/invoices/" + invoice.number() + "/lines/" + line.position(),
                "product", said.name(),
                "note", said.note(),
                "month", Wording.month(line.usagePeriod()),
                "quantity", Figures.quantity(line.quantity()) + " " + line.unit(),
                "price", line.unitPrice().toPlainString() + " / " + line.listedUnit(),
                "amount", Amounts.plain(line.amount(), invoice.currency()));
    }
}
