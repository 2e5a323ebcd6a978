package io.postpaid.billing.document;

import io.postpaid.billing.document.InvoiceDocument.Amount;
import io.postpaid.billing.document.InvoiceDocument.Kind;
import io.postpaid.billing.document.InvoiceDocument.Line;
import io.postpaid.billing.einvoice.EInvoices;
import io.postpaid.billing.receipt.TopUpDocument;
import java.math.BigDecimal;
import java.util.List;
import org.springframework.stereotype.Component;

/** Says the invoice of a top-up, or a credit note of it, in words and figures. */
@Component
class TopUpPrinting {
    private final InvoicePrinting invoices;
    private final EInvoices electronic;
    private final LineWords words;
    private final Phrases phrases;
    private final Figures figures;

    TopUpPrinting(InvoicePrinting invoices, EInvoices electronic, LineWords words) {
        this.invoices = invoices;
        this.electronic = electronic;
        this.words = words;
        this.phrases = words.phrases();
        this.figures = words.figures();
    }

    Paper of(TopUpDocument document) {
        var paper = document(document);
        var line = paper.lines().getFirst();
        var terms = document.isInvoice() ? paid(document) : phrases.creditNoteTerms();
        return new Paper(paper, electronic.of(document, line.description(), line.note(), terms));
    }

    /** An invoice is paid when it is written; a credit note has one line: why, and how much. */
    private InvoiceDocument document(TopUpDocument document) {
        boolean invoice = document.isInvoice();
        var net = amount(document.net(), document);
        var total = amount(document.total(), document);
        var taxes = List.of(document.tax());
        var corrects = document.corrects();
        return new InvoiceDocument(
                invoice ? Kind.INVOICE : Kind.CREDIT_NOTE,
                words.language(),
                document.number(),
                document.issuedOn(),
                figures.date(document.issuedOn()),
                "",
                "",
                document.currency(),
                invoices.customer(document.customer(), document.account()),
                corrects == null ? "" : corrects.number(),
                List.of(line(document, net)),
                net,
                List.of(),
                invoices.taxes(taxes, document.currency()),
                document.tax().remark(),
                total,
                invoice
                        ? List.of(new Amount(
                                paid(document), amount(document.total().negate(), document)))
                        : List.of(),
                invoice ? amount(BigDecimal.ZERO, document) : total,
                "",
                List.of());
    }

    private Line line(TopUpDocument document, String net) {
        return new Line(
                "",
                document.isInvoice() ? phrases.serviceCredit() : phrases.creditBoughtBack(),
                document.isInvoice() ? topUp(document.reference()) : document.reason(),
                "1",
                "",
                net,
                net);
    }

    /** A program may have named it by what no font prints. */
    private String topUp(String reference) {
        return reference.chars().allMatch(letter -> letter < 0x7f)
                ? phrases.topUp().replace("{reference}", reference)
                : "";
    }

    private String paid(TopUpDocument document) {
        var card = document.customer().card();
        return card.isEmpty() ? phrases.paidByCard() : phrases.paid().replace("{card}", card);
    }

    private String amount(BigDecimal amount, TopUpDocument document) {
        return figures.amount(amount, document.currency());
    }
}
