package io.postpaid.billing.document;

import static io.postpaid.billing.document.Pen.PT;

import io.postpaid.billing.document.Flow.Block;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What was used and what it costs: a head, repeated on every page, and a row for each line. */
final class LinesTable extends Part {
    /** Without that of the taxes, where all lines bear the same. */
    private final List<Look.Column> shown;

    LinesTable(InvoiceDocument document, Stationery stationery, Stationery.Letters letters) {
        super(document, stationery, letters);
        boolean taxed = document.lines().stream().anyMatch(line -> !line.tax().isEmpty());
        this.shown = look.columns().stream()
                .filter(column -> taxed || column != Look.Column.TAX)
                .toList();
    }

    List<Block> blocks() {
        var columns = new Grid();
        var head = head(columns, false);
        var repeated = head(columns, true);
        var blocks = new ArrayList<Block>();
        blocks.add(head.keepWithNext());
        int last = document.lines().size() - 1;
        for (int i = 0; i <= last; i++) {
            var row = row(columns, i).under(repeated);
            // The totals take the last two lines with them to a new page: sums alone on a page tell nothing.
            blocks.add(i >= last - 1 ? row.keepWithNext() : row);
        }
        return blocks;
    }

    private Block head(Grid columns, boolean repeated) {
        int height = 20 * PT;
        return Block.of(height, (pen, top) -> {
            pen.artifact(() -> {
                pen.box(colours.accent(), left, top, width, height);
                if (repeated) {
                    shown.forEach(column -> columnHead(pen, columns, column, top));
                }
            });
            if (!repeated) {
                pen.open("Table");
                pen.open("TR");
                for (var column : shown) {
                    pen.heading("Column", () -> columnHead(pen, columns, column, top));
                }
                pen.close();
            }
        });
    }

    private void columnHead(Pen pen, Grid columns, Look.Column column, int top) {
        var label = columns.label(column);
        int baseline = top + 13_300;
        if (column.isNumber() && column != Look.Column.UNIT_PRICE) {
            pen.textEndingAt(bold, small, colours.onAccent(), columns.end(column) - CELL, baseline, label);
        } else {
            pen.text(bold, small, colours.onAccent(), columns.start(column) + CELL, baseline, label);
        }
    }

    private Block row(Grid columns, int index) {
        var cells = new EnumMap<Look.Column, List<String>>(Look.Column.class);
        for (var column : shown) {
            cells.put(column, regular.wrap(cell(index, column), body, columns.room(column)));
        }
        var note = document.lines().get(index).note();
        var notes =
                note.isEmpty() ? List.<String>of() : regular.wrap(note, small, columns.room(Look.Column.DESCRIPTION));
        int described = cells.getOrDefault(Look.Column.DESCRIPTION, List.of()).size();
        int rows = cells.values().stream().mapToInt(List::size).max().orElseThrow();
        int height = Math.max(rows * 12 * PT, described * 12 * PT + notes.size() * 10_500) + 7 * PT;
        boolean last = index == document.lines().size() - 1;
        return Block.of(height, (pen, top) -> {
            pen.artifact(() -> {
                if (look.zebra() && index % 2 == 1) {
                    pen.box(colours.zebra(), left, top, width, height);
                }
                if (last || !look.zebra()) {
                    pen.box(colours.rule(), left, top + height - 400, width, 400);
                }
            });
            pen.open("TR");
            for (var column : shown) {
                pen.tagged("TD", () -> {
                    int y = top + 12_600;
                    for (var line : cells.getOrDefault(column, List.of())) {
                        int x = column.isNumber()
                                ? columns.aligned(column, line)
                                : columns.start(column) + CELL + indent(column, cells, line);
                        pen.text(regular, body, colours.ink(), x, y, line);
                        y += 12 * PT;
                    }
                    if (column == Look.Column.DESCRIPTION) {
                        pen.lines(regular, small, colours.muted(), columns.start(column) + CELL, y - PT, 10_500, notes);
                    }
                });
            }
            pen.close();
            if (last) {
                pen.close(); // the table, opened by its head
            }
        });
    }

    /** What is read from right to left ends where the longest line of its cell ends. */
    private int indent(Look.Column column, Map<Look.Column, List<String>> cells, String line) {
        if (!regular.isRightToLeft(line)) return 0;
        return cells.getOrDefault(column, List.of()).stream()
                        .mapToInt(each -> regular.width(each, body))
                        .max()
                        .orElse(0)
                - regular.width(line, body);
    }

    private String cell(int index, Look.Column column) {
        var line = document.lines().get(index);
        return switch (column) {
            case POSITION -> Integer.toString(index + 1);
            case PRODUCT -> line.product();
            case DESCRIPTION -> line.description().isEmpty() ? line.product() : line.description();
            case QUANTITY -> line.quantity();
            case UNIT -> line.unit();
            case UNIT_PRICE -> line.unitPrice();
            case TAX -> line.tax();
            case AMOUNT -> line.amount();
        };
    }

    /** Where each column begins and ends: as wide as its widest cell, the description takes what is left. */
    private final class Grid {
        private final Map<Look.Column, Integer> starts = new EnumMap<>(Look.Column.class);
        private final Map<Look.Column, Integer> widths = new EnumMap<>(Look.Column.class);
        private final Map<Look.Column, Integer> tails = new EnumMap<>(Look.Column.class);

        Grid() {
            int rest = width;
            for (var column : shown) {
                if (column == Look.Column.DESCRIPTION) {
                    continue;
                }
                int widest = bold.width(label(column), small);
                int head = 0;
                int tail = 0;
                for (int i = 0; i < document.lines().size(); i++) {
                    var text = Typeface.clean(cell(i, column));
                    int cut = column.isNumber() ? cut(column, text) : 0;
                    head = Math.max(head, regular.width(text.substring(0, cut), body));
                    tail = Math.max(tail, regular.width(text.substring(cut), body));
                }
                // No column starves the description, whatever stands in it: beyond this its cells wrap.
                int take = Math.min(Math.max(widest, head + tail) + 2 * CELL, width * 24 / 100);
                widths.put(column, take);
                tails.put(column, tail);
                rest -= take;
            }
            widths.put(Look.Column.DESCRIPTION, rest);
            int x = left;
            for (var column : shown) {
                starts.put(column, x);
                x += widths.getOrDefault(column, 0);
            }
        }

        String label(Look.Column column) {
            return Typeface.clean(texts.columns().of(column).replace("{currency}", document.currency()));
        }

        int start(Look.Column column) {
            return starts.getOrDefault(column, left);
        }

        int end(Look.Column column) {
            return start(column) + widths.getOrDefault(column, 0);
        }

        int room(Look.Column column) {
            return widths.getOrDefault(column, 0) - 2 * CELL;
        }

        int aligned(Look.Column column, String text) {
            int cut = cut(column, text);
            int point = end(column) - CELL - tails.getOrDefault(column, 0);
            int x = point - regular.width(text.substring(0, cut), body);
            boolean fits = x >= start(column) && point + regular.width(text.substring(cut), body) <= end(column);
            return fits ? x : end(column) - CELL - regular.width(text, body);
        }

        /** Where a number's whole part ends, as in 1,234|.5 or 12| / minute. Percentages end below each other. */
        private int cut(Look.Column column, String text) {
            if (column == Look.Column.TAX) return text.length();
            int separator = text.indexOf(texts.decimalSeparator());
            int words = text.indexOf(" / ");
            if (words >= 0 && (separator < 0 || separator > words)) {
                return words;
            }
            return separator >= 0 ? separator : text.length();
        }
    }
}
