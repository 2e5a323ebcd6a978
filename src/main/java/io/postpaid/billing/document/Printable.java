package io.postpaid.billing.document;

import java.util.List;

/** Looks at every text before anything is drawn: a character without a glyph would otherwise vanish from the page. */
final class Printable {
    private final Stationery.Letters letters;

    private Printable(Stationery.Letters letters) {
        this.letters = letters;
    }

    static void check(InvoiceDocument document, Stationery.Letters letters) {
        new Printable(letters).document(document);
    }

    private void document(InvoiceDocument document) {
        text("number", document.number());
        text("issuedOn", document.issuedOn());
        text("dueOn", document.dueOn());
        text("period", document.period());
        text("taxPoint", document.taxPoint());
        text("currency", document.currency());
        text("customer.name", document.customer().name());
        texts("customer.address", document.customer().address());
        text("customer.taxId", document.customer().taxId());
        text("customer.email", document.customer().email());
        text("customer.account", document.customer().account());
        text("customer.purchaseOrder", document.customer().purchaseOrder());
        text("customer.buyerReference", document.customer().buyerReference());
        text("corrects", document.corrects());
        for (int i = 0; i < document.lines().size(); i++) {
            line("lines[" + (i + 1) + "].", document.lines().get(i));
        }
        text("subtotal", document.subtotal());
        amounts("credits", document.credits());
        for (var tax : document.taxes()) {
            text("taxes.name", tax.name());
            text("taxes.base", tax.base());
            text("taxes.amount", tax.amount());
            text("taxes.note", tax.note());
        }
        texts("localTaxes", document.localTaxes());
        text("taxNote", document.taxNote());
        text("total", document.total());
        amounts("carried", document.carried());
        text("amountDue", document.amountDue());
        text("payment", document.payment());
    }

    private void line(String at, InvoiceDocument.Line line) {
        text(at + "product", line.product());
        text(at + "description", line.description());
        text(at + "note", line.note());
        text(at + "quantity", line.quantity());
        text(at + "unit", line.unit());
        text(at + "unitPrice", line.unitPrice());
        text(at + "amount", line.amount());
        text(at + "tax", line.tax());
    }

    private void amounts(String field, List<InvoiceDocument.Amount> amounts) {
        for (var amount : amounts) {
            text(field + ".label", amount.label());
            text(field + ".amount", amount.amount());
        }
    }

    private void texts(String field, List<String> texts) {
        for (var text : texts) {
            text(field, text);
        }
    }

    private void text(String field, String text) {
        letters.check(field, text);
    }
}
