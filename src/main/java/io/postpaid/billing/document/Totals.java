package io.postpaid.billing.document;

import static io.postpaid.billing.document.Pen.PT;

import io.postpaid.billing.document.Flow.Block;
import io.postpaid.billing.invoicing.PaymentReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** From the subtotal to the amount due at the right; how it is paid at the left. */
final class Totals extends Part {
    Totals(InvoiceDocument document, Stationery stationery, Stationery.Letters letters) {
        super(document, stationery, letters);
    }

    /** @param notes in small letters below the label */
    private record Row(String label, String amount, List<String> notes, boolean total) {
        Row(String label, String amount) {
            this(label, amount, List.of(), false);
        }
    }

    private List<Row> rows() {
        var rows = new ArrayList<Row>();
        rows.add(new Row(texts.subtotal(), document.subtotal()));
        document.credits().forEach(credit -> rows.add(new Row(credit.label(), credit.amount())));
        for (int i = 0; i < document.taxes().size(); i++) {
            var tax = document.taxes().get(i);
            var label = texts.tax().replace("{name}", tax.name()).replace("{base}", tax.base());
            var notes = new ArrayList<String>();
            if (!tax.note().isEmpty()) notes.add(tax.note());
            if (i == document.taxes().size() - 1) notes.addAll(document.localTaxes());
            rows.add(new Row(label, tax.amount(), notes, false));
        }
        rows.add(new Row(texts.total(), document.total(), List.of(), true));
        document.carried().forEach(carried -> rows.add(new Row(carried.label(), carried.amount())));
        return rows;
    }

    private Paragraph payment() {
        int words = width * 47 / 100;
        var payment = new Paragraph();
        if (!document.payment().isEmpty()) {
            payment.add(regular, small, colours.muted(), texts.payment(), words, 14 * PT);
            payment.add(bold, body, colours.ink(), document.payment(), words, 12_500);
        }
        if (isInvoice() && !seller.bank().isEmpty()) {
            payment.add(regular, small, colours.muted(), texts.bank(), words, 16 * PT);
            seller.bank().forEach(line -> payment.add(regular, small, colours.ink(), line, words, 11 * PT));
            reference().ifPresent(line -> payment.add(bold, small, colours.ink(), line, words, 12 * PT));
        }
        if (!document.taxNote().isEmpty()) {
            payment.space(6 * PT);
            payment.add(regular, small, colours.muted(), document.taxNote(), words, 11 * PT);
        }
        return payment;
    }

    /** What is paid already has no day on which it is due. */
    private Optional<String> reference() {
        if (document.dueOn().isEmpty()) return Optional.empty();
        var reference = PaymentReference.of(document.number()).printed();
        return Optional.of(texts.bankReference().replace("{value}", reference));
    }

    private static int height(List<String> label, List<String> note) {
        return 3 * PT + label.size() * 12 * PT + note.size() * 10 * PT + (note.isEmpty() ? 0 : 4 * PT);
    }

    Block block() {
        int sums = width * 46 / 100;
        var rows = rows();
        int start = right - sums;
        var labels = new ArrayList<List<String>>();
        var notes = new ArrayList<List<String>>();
        int sumsHeight = 8 * PT;
        for (var row : rows) {
            int room = sums - 2 * CELL - 12 * PT - bold.width(Typeface.clean(row.amount()), body);
            labels.add((row.total() ? bold : regular).wrap(row.label(), body, room));
            notes.add(row.notes().stream()
                    .flatMap(note -> regular.wrap(note, small, sums - 2 * CELL).stream())
                    .toList());
            sumsHeight += height(labels.getLast(), notes.getLast());
        }
        int bar = 30 * PT;
        int rowsHeight = sumsHeight;
        sumsHeight += 6 * PT + bar;

        var payment = payment();
        int height = Math.max(sumsHeight, payment.height() + 12 * PT);
        return Block.of(height + GAP, (pen, top) -> {
            pen.open("Table");
            int y = top + 8 * PT;
            for (int i = 0; i < rows.size(); i++) {
                var row = rows.get(i);
                var label = labels.get(i);
                var note = notes.get(i);
                var face = row.total() ? bold : regular;
                int first = y + 11 * PT;
                if (row.total()) {
                    int rule = y;
                    pen.artifact(() -> pen.box(colours.muted(), start, rule, sums, 600));
                }
                pen.open("TR");
                var colour = row.total() ? colours.ink() : colours.muted();
                pen.heading("Row", () -> {
                    pen.lines(face, body, colour, start + CELL, first, 12 * PT, label);
                    int below = first + label.size() * 12 * PT - PT;
                    pen.lines(regular, small, colours.muted(), start + CELL, below, 10 * PT, note);
                });
                pen.tagged(
                        "TD",
                        () -> pen.textEndingAt(
                                face, body, colours.ink(), right - CELL, first, Typeface.clean(row.amount())));
                pen.close();
                y += height(label, note);
            }
            int box = top + rowsHeight + 6 * PT;
            pen.artifact(() -> pen.roundBox(colours.accent(), start, box, sums, bar));
            pen.open("TR");
            pen.heading(
                    "Row", () -> pen.text(bold, body, colours.onAccent(), start + 10 * PT, box + 18_500, dueLabel()));
            pen.tagged(
                    "TD",
                    () -> pen.textEndingAt(
                            bold, 13 * PT, colours.onAccent(), right - 10 * PT, box + 19_800, amountDue()));
            pen.close();
            pen.close();
            payment.paint(pen, left, top + 12 * PT);
        });
    }
}
