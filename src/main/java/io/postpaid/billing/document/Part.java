package io.postpaid.billing.document;

import static io.postpaid.billing.document.Pen.PT;

import io.postpaid.billing.document.InvoiceDocument.Kind;
import io.postpaid.platform.template.Seller;

/** What each part of one document is laid out with: its words, colours and letters, and the width that it has. */
abstract class Part {
    static final int GAP = 22 * PT;
    static final int CELL = 6 * PT;

    final InvoiceDocument document;
    final Stationery stationery;
    final Stationery.Letters letters;
    final Look look;
    final Look.Colours colours;
    final Seller seller;
    final Texts texts;
    final Typeface regular;
    final Typeface bold;
    final int body;
    final int small;
    final int left;
    final int right;
    final int width;

    Part(InvoiceDocument document, Stationery stationery, Stationery.Letters letters) {
        this.document = document;
        this.stationery = stationery;
        this.letters = letters;
        this.look = stationery.look();
        this.colours = look.colours();
        this.seller = stationery.seller();
        this.texts = stationery.texts(document.language());
        this.regular = letters.regular();
        this.bold = letters.bold();
        this.body = look.sizes().body().thousandths();
        this.small = look.sizes().small().thousandths();
        this.left = look.page().left().thousandths();
        this.right = look.page().size().width - look.page().right().thousandths();
        this.width = right - left;
    }

    boolean isInvoice() {
        return document.kind() == Kind.INVOICE;
    }

    String dueLabel() {
        return isInvoice() ? texts.amountDue() : texts.amountCredited();
    }

    String amountDue() {
        return Typeface.clean(document.currency() + " " + document.amountDue());
    }
}
