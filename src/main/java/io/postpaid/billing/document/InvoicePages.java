package io.postpaid.billing.document;

import static io.postpaid.billing.document.Pen.PT;

import io.postpaid.billing.document.Flow.Block;
import io.postpaid.billing.document.Flow.Placed;
import io.postpaid.billing.document.InvoiceDocument.Kind;
import io.postpaid.platform.template.Seller;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.openpdf.text.Image;

/** One document, cut into blocks and laid out on pages; drawing it is another matter. */
final class InvoicePages {
    private static final int GAP = 22 * PT;
    private static final int CELL = LinesTable.CELL;

    private final InvoiceDocument document;
    private final Stationery stationery;
    private final Stationery.Letters letters;
    private final Look look;
    private final Look.Colours colours;
    private final Seller seller;
    private final Texts texts;
    private final Typeface regular;
    private final Typeface bold;
    private final int body;
    private final int small;
    private final int left;
    private final int right;
    private final int width;

    InvoicePages(InvoiceDocument document, Stationery stationery, Stationery.Letters letters) {
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

    String title() {
        return document.kind() == Kind.INVOICE ? texts.invoice() : texts.creditNote();
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
        blocks.add(settlement());
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
                for (var line : names) {
                    pen.text(bold, name, colours.ink(), after[0], y, line);
                    y += name * 12 / 10;
                }
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
            for (int i = 0; i < cells.length; i++) {
                cells[i] = Math.toIntExact((long) cells[i] * usable / natural);
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
                    int y = top + 30 * PT;
                    for (var line : lines) {
                        pen.text(bold, body, colours.ink(), at, y, line);
                        y += 12 * PT;
                    }
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

    private String dueLabel() {
        return document.kind() == Kind.INVOICE ? texts.amountDue() : texts.amountCredited();
    }

    private String amountDue() {
        return Typeface.clean(document.currency() + " " + document.amountDue());
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
                        customer.account().isEmpty() ? "" : texts.account().replace("{value}", customer.account())),
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

    // ---- the sums, and how they are settled

    private Block settlement() {
        int sums = width * 46 / 100;
        int words = width * 47 / 100;
        record Row(String label, String amount, boolean strong, boolean ruled) {}
        var rows = new ArrayList<Row>();
        rows.add(new Row(texts.subtotal(), document.subtotal(), false, false));
        document.credits().forEach(credit -> rows.add(new Row(credit.label(), credit.amount(), false, false)));
        document.taxes()
                .forEach(tax -> rows.add(new Row(
                        texts.tax().replace("{name}", tax.name()).replace("{base}", tax.base()),
                        tax.amount(),
                        false,
                        false)));
        rows.add(new Row(texts.total(), document.total(), true, true));
        document.carried().forEach(carried -> rows.add(new Row(carried.label(), carried.amount(), false, false)));

        int start = right - sums;
        var labels = new ArrayList<List<String>>();
        int sumsHeight = 8 * PT;
        for (var row : rows) {
            int room = sums - 2 * CELL - 12 * PT - bold.width(Typeface.clean(row.amount()), body);
            labels.add((row.strong() ? bold : regular).wrap(row.label(), body, room));
            sumsHeight += 3 * PT + labels.getLast().size() * 12 * PT;
        }
        int bar = 30 * PT;
        int rowsHeight = sumsHeight;
        sumsHeight += 6 * PT + bar;

        var payment = new Paragraph();
        if (!document.payment().isEmpty()) {
            payment.add(regular, small, colours.muted(), texts.payment(), words, 14 * PT);
            payment.add(bold, body, colours.ink(), document.payment(), words, 12_500);
        }
        if (document.kind() == Kind.INVOICE && !seller.bank().isEmpty()) {
            payment.add(regular, small, colours.muted(), texts.bank(), words, 16 * PT);
            seller.bank().forEach(line -> payment.add(regular, small, colours.ink(), line, words, 11 * PT));
        }
        if (!document.taxNote().isEmpty()) {
            payment.space(6 * PT);
            payment.add(regular, small, colours.muted(), document.taxNote(), words, 11 * PT);
        }
        int height = Math.max(sumsHeight, payment.height() + 12 * PT);
        return Block.of(height + GAP, (pen, top) -> {
            pen.open("Table");
            int y = top + 8 * PT;
            for (int i = 0; i < rows.size(); i++) {
                var row = rows.get(i);
                var label = labels.get(i);
                var face = row.strong() ? bold : regular;
                int first = y + 11 * PT;
                if (row.ruled()) {
                    int rule = y;
                    pen.artifact(() -> pen.box(colours.muted(), start, rule, sums, 600));
                }
                pen.open("TR");
                pen.heading("Row", () -> {
                    int baseline = first;
                    for (var line : label) {
                        pen.text(
                                face,
                                body,
                                row.strong() ? colours.ink() : colours.muted(),
                                start + CELL,
                                baseline,
                                line);
                        baseline += 12 * PT;
                    }
                });
                pen.tagged(
                        "TD",
                        () -> pen.textEndingAt(
                                face, body, colours.ink(), right - CELL, first, Typeface.clean(row.amount())));
                pen.close();
                y += 3 * PT + label.size() * 12 * PT;
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

    private record Fact(String label, String value) {}
}
