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

    TopUpPrinting(InvoicePrinting invoices, EInvoices electronic) {
        this.invoices = invoices;
        this.electronic = electronic;
    }

    Paper of(TopUpDocument document) {
        var text = invoices.text(document.customer());
        var phrases = text.language().phrases();
        var paper = document(document, text);
        var line = paper.lines().getFirst();
        var terms = document.isInvoice() ? paid(document, phrases) : phrases.creditNoteTerms();
        return new Paper(paper, electronic.of(document, line.description(), line.note(), terms));
    }

    /** An invoice is paid when it is written; a credit note has one line: why, and how much. */
    private static InvoiceDocument document(TopUpDocument document, InvoiceText text) {
        boolean invoice = document.isInvoice();
        var phrases = text.language().phrases();
        var figures = text.language().figures();
        var currency = document.currency();
        var net = figures.amount(document.net(), currency);
        var total = figures.amount(document.total(), currency);
        var taxes = List.of(document.tax());
        var corrects = document.corrects();
        return new InvoiceDocument(
                invoice ? Kind.INVOICE : Kind.CREDIT_NOTE,
                text.language().code(),
                document.number(),
                document.issuedOn(),
                figures.date(document.issuedOn()),
                "",
                "",
                currency,
                text.customer(document.customer(), document.account()),
                corrects == null ? "" : corrects.number(),
                List.of(line(document, net, phrases)),
                net,
                List.of(),
                text.taxes(taxes, currency),
                document.tax().evidence(),
                total,
                invoice
                        ? List.of(new Amount(
                                paid(document, phrases),
                                figures.amount(document.total().negate(), currency)))
                        : List.of(),
                invoice ? figures.amount(BigDecimal.ZERO, currency) : total,
                "",
                List.of(),
                "",
                text.localTaxes(taxes));
    }

    private static Line line(TopUpDocument document, String net, Phrases phrases) {
        return new Line(
                "",
                document.isInvoice() ? phrases.serviceCredit() : phrases.creditBoughtBack(),
                document.isInvoice() ? topUp(document.reference(), phrases) : document.reason(),
                "1",
                "",
                net,
                net);
    }

    /** A program may have named it by what no font prints. */
    private static String topUp(String reference, Phrases phrases) {
        return reference.chars().allMatch(letter -> letter < 0x7f)
                ? phrases.topUp().replace("{reference}", reference)
                : "";
    }

    private static String paid(TopUpDocument document, Phrases phrases) {
        var card = document.customer().card();
        return card.isEmpty() ? phrases.paidByCard() : phrases.paid().replace("{card}", card);
    }
}
