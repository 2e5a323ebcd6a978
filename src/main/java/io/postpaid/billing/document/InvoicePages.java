package io.postpaid.billing.document;

import static io.postpaid.billing.document.Pen.PT;

import io.postpaid.billing.document.Flow.Block;
import io.postpaid.billing.document.Flow.Placed;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.openpdf.text.Image;

/** One document, cut into blocks and laid out on pages; drawing it is another matter. */
final class InvoicePages extends Part {
    InvoicePages(InvoiceDocument document, Stationery stationery, Stationery.Letters letters) {
        super(document, stationery, letters);
    }

    String title() {
        return isInvoice() ? texts.invoice() : texts.creditNote();
    }

    List<List<Placed>> layOut() {
        int top = look.page().top().thousandths();
        int bottom = look.page().size().height - look.page().bottom().thousandths();
        return Flow.pages(blocks(), top, top + 26 * PT, bottom);
    }

    private List<Block> blocks() {
        var blocks = new ArrayList<Block>();
        blocks.add(letterhead());
        blocks.add(facts());
        blocks.add(parties());
        blocks.addAll(new LinesTable(document, stationery, letters).blocks());
        blocks.add(new Totals(document, stationery, letters).block());
        var chart = Chart.of(document.dailyCost());
        if (look.chart() && chart.isWorthDrawing()) {
            blocks.add(costPerDay(chart));
        }
        blocks.add(notes());
        return blocks;
    }

    // ---- the head

    private Block letterhead() {
        int tall = look.logo().tall().thousandths();
        int title = look.sizes().title().thousandths();
        int name = look.sizes().name().thousandths();
        return Block.of(Math.max(tall, title) + 22 * PT, (pen, top) -> {
            int[] after = {left};
            pen.artifact(() -> after[0] += logo(pen, left, top, tall));
            int baseline = top + tall / 2 + name * 36 / 100;
            var names = bold.wrap(seller.name(), name, width * 55 / 100 - (after[0] - left));
            pen.tagged("P", () -> {
                int y = baseline - (names.size() - 1) * name * 6 / 10;
                pen.lines(bold, name, colours.ink(), after[0], y, name * 12 / 10, names);
            });
            pen.tagged(
                    "H1", () -> pen.textEndingAt(bold, title, colours.accent(), right, top + title * 9 / 10, title()));
        });
    }

    private int logo(Pen pen, int x, int y, int tall) {
        var logo = look.logo();
        Image image = stationery.logo();
        if (image != null) {
            int wide = Math.round(image.getWidth() * tall / image.getHeight());
            pen.image(image, x, y, wide, tall);
            return wide + 10 * PT;
        }
        if (logo.shapes().isEmpty()) {
            return 0;
        }
        int unit = tall * PT / logo.height().thousandths();
        for (var shape : logo.shapes()) {
            pen.path(shape.fill(), shape.path(), x, y, unit);
        }
        return Math.toIntExact((long) logo.width().thousandths() * unit / PT) + 9 * PT;
    }

    /** The strip that answers which, when and how much before anything else. */
    private Block facts() {
        int pad = 10 * PT;
        int due = Math.max(width * 26 / 100, bold.width(amountDue(), 12 * PT) + 2 * pad);
        int room = width - due - 2 * pad;
        var facts = Stream.of(
                        new Fact(texts.number(), document.number()),
                        new Fact(texts.corrects(), document.corrects()),
                        new Fact(texts.issuedOn(), document.issuedOn()),
                        new Fact(texts.taxPoint(), document.taxPoint()),
                        new Fact(texts.dueOn(), document.dueOn()),
                        new Fact(texts.period(), document.period()))
                .filter(fact -> !fact.value().isEmpty())
                .toList();
        int[] cells = facts.stream()
                .mapToInt(fact ->
                        Math.max(regular.width(fact.label(), small), bold.width(Typeface.clean(fact.value()), body)))
                .toArray();
        int natural = IntStream.of(cells).sum();
        int gaps = facts.size() - 1;
        // Wide facts share what there is; narrow ones stand apart by what is left.
        int between = gaps == 0 ? 0 : Math.clamp((room - natural) / gaps, 10 * PT, 28 * PT);
        int usable = room - between * gaps;
        if (natural > usable) {
            // A number stays in one piece where that leaves enough for what has several words.
            int pieces = IntStream.range(0, cells.length)
                    .filter(i -> facts.get(i).isOnePiece())
                    .map(i -> cells[i])
                    .sum();
            int fixed = pieces * 2 < usable ? pieces : 0;
            for (int i = 0; i < cells.length; i++) {
                if (fixed > 0 && facts.get(i).isOnePiece()) continue;
                cells[i] = Math.toIntExact((long) cells[i] * (usable - fixed) / (natural - fixed));
            }
        }
        var values = new ArrayList<List<String>>();
        for (int i = 0; i < cells.length; i++) {
            values.add(bold.wrap(facts.get(i).value(), body, cells[i] + PT));
        }
        int rows = values.stream().mapToInt(List::size).max().orElseThrow();
        int height = 30 * PT + rows * 12 * PT;
        return Block.of(height + GAP, (pen, top) -> {
            pen.artifact(() -> {
                pen.roundBox(colours.panel(), left, top, width, height);
                pen.roundBox(colours.accent(), right - due, top, due, height);
            });
            int x = left + pad;
            for (int i = 0; i < cells.length; i++) {
                int at = x;
                var label = facts.get(i).label();
                var lines = values.get(i);
                pen.tagged("P", () -> {
                    pen.text(regular, small, colours.muted(), at, top + 16 * PT, label);
                    pen.lines(bold, body, colours.ink(), at, top + 30 * PT, 12 * PT, lines);
                });
                x += cells[i] + between;
            }
            pen.tagged("P", () -> {
                int at = right - due + pad;
                pen.text(regular, small, colours.onAccent(), at, top + 16 * PT, dueLabel());
                pen.text(bold, 12 * PT, colours.onAccent(), at, top + 31 * PT, amountDue());
            });
        });
    }

    private Block parties() {
        int column = width * 47 / 100;
        var customer = document.customer();
        var from =
                party(texts.from(), seller.name(), seller.address(), seller.taxId(), Stream.of(seller.email()), column);
        var to = party(
                texts.billTo(),
                customer.name(),
                customer.address(),
                customer.taxId(),
                Stream.of(
                        customer.email(),
                        customer.account().isEmpty() ? "" : texts.account().replace("{value}", customer.account()),
                        customer.purchaseOrder().isEmpty()
                                ? ""
                                : texts.purchaseOrder().replace("{value}", customer.purchaseOrder()),
                        customer.buyerReference().isEmpty()
                                ? ""
                                : texts.buyerReference().replace("{value}", customer.buyerReference())),
                column);
        int height = Math.max(from.height(), to.height());
        return Block.of(height + GAP, (pen, top) -> {
            from.paint(pen, left, top);
            to.paint(pen, left + width * 53 / 100, top);
        });
    }

    private Paragraph party(
            String heading, String name, List<String> address, String taxId, Stream<String> more, int column) {
        var paragraph = new Paragraph();
        paragraph.add(regular, small, colours.muted(), heading, column, 14 * PT);
        paragraph.add(bold, body + PT, colours.ink(), name, column, 14 * PT);
        address.forEach(line -> paragraph.add(regular, body, colours.ink(), line, column, 12_500));
        if (!taxId.isEmpty()) {
            paragraph.add(regular, small, colours.muted(), texts.taxId().replace("{value}", taxId), column, 12 * PT);
        }
        more.filter(line -> !line.isEmpty())
                .forEach(line -> paragraph.add(regular, small, colours.muted(), line, column, 11 * PT));
        return paragraph;
    }

    private Block costPerDay(Chart chart) {
        int tall = 92 * PT;
        var separator = texts.decimalSeparator().charAt(0);
        var heading = Typeface.clean(texts.chart().replace("{currency}", document.currency()));
        var described = texts.chartDescribed()
                .replace("{period}", document.period())
                .replace(
                        "{highest}",
                        chart.highest()
                                .setScale(2, RoundingMode.HALF_UP)
                                .toPlainString()
                                .replace('.', separator))
                .replace("{currency}", document.currency());
        return Block.of(tall + 16 * PT + GAP, (pen, top) -> {
            pen.tagged("P", () -> pen.text(bold, body, colours.ink(), left, top + 8 * PT, heading));
            pen.figure(
                    described,
                    left,
                    top + 16 * PT,
                    width,
                    tall,
                    () -> chart.draw(pen, regular, colours, separator, left, top + 16 * PT, width, tall));
        });
    }

    private Block notes() {
        var notes = new Paragraph();
        texts.notes().forEach(note -> notes.add(regular, small, colours.muted(), placeholders(note), width, 11 * PT));
        return Block.of(notes.height(), (pen, top) -> notes.paint(pen, left, top));
    }

    // ---- what stands on every page

    void pageMarks(Pen pen, int page, int pages) {
        pen.artifact(() -> {
            int height = look.page().size().height;
            pen.box(colours.accent(), 0, 0, look.page().size().width, 5 * PT);
            if (page > 1) {
                int top = look.page().top().thousandths();
                var running = texts.continued().replace("{title}", title()).replace("{number}", document.number());
                pen.text(bold, small, colours.ink(), left, top + 8 * PT, Typeface.clean(seller.name()));
                pen.textEndingAt(regular, small, colours.muted(), right, top + 8 * PT, Typeface.clean(running));
                pen.box(colours.rule(), left, top + 14 * PT, width, 400);
            }
            int baseline = height - look.page().bottom().thousandths() + 30 * PT;
            pen.box(colours.rule(), left, baseline - 14 * PT, width, 400);
            var number =
                    texts.page().replace("{page}", Integer.toString(page)).replace("{pages}", Integer.toString(pages));
            pen.textEndingAt(regular, small, colours.muted(), right, baseline, Typeface.clean(number));
            var footer = regular.wrap(placeholders(look.footer()), small, width - regular.width(number, small) - GAP);
            pen.text(regular, small, colours.muted(), left, baseline, footer.getFirst());
        });
    }

    private String placeholders(String text) {
        return text.replace("{name}", seller.name())
                .replace("{tax_id}", seller.taxId())
                .replace("{email}", seller.email())
                .replace("{web}", seller.web())
                .replace("{number}", document.number());
    }

    private record Fact(String label, String value) {
        boolean isOnePiece() {
            return !value.contains(" ");
        }
    }
}
