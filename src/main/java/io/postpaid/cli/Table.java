package io.postpaid.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Rows with aligned columns; columns of numbers are set flush right. */
final class Table {
    private static final Pattern NUMBER = Pattern.compile("-?[0-9][0-9,.]*( [A-Z]{3})?|-?");
    private static final String GAP = "  ";
    /** More of a cell is not read in a table; the JSON has all of it. */
    private static final int WIDEST = 200;

    private final List<String> head;
    private final List<List<String>> rows = new ArrayList<>();

    private boolean headed = true;

    Table(String... head) {
        this(List.of(head));
    }

    Table(List<String> head) {
        this.head = head;
    }

    /** As the page after another one; its columns are at least as wide as their heads. */
    Table withoutHead() {
        headed = false;
        return this;
    }

    int size() {
        return rows.size();
    }

    Table row(Object... cells) {
        if (cells.length != head.size()) throw new IllegalArgumentException(Arrays.toString(cells));
        rows.add(Arrays.stream(cells)
                .map(cell -> shown(String.valueOf(cell), WIDEST))
                .toList());
        return this;
    }

    /** A text of whatever origin as a part of one line, of so many characters at most. */
    static String shown(String text, int most) {
        var cut = text.length() <= most ? text : text.substring(0, most - 1) + "…";
        return cut.replaceAll("\\p{Cc}", "·");
    }

    /** @param none what is said when there is no row */
    String orElse(String none) {
        return rows.isEmpty() ? none : toString();
    }

    @Override
    public String toString() {
        var columns = IntStream.range(0, head.size()).mapToObj(this::column).toList();
        var lines = new ArrayList<List<String>>();
        if (headed) lines.add(head);
        lines.addAll(rows);
        return lines.stream()
                .map(line -> IntStream.range(0, head.size())
                        .mapToObj(i -> columns.get(i).cell(line.get(i)))
                        .collect(Collectors.joining(GAP))
                        .stripTrailing())
                .collect(Collectors.joining("\n"));
    }

    private Aligned column(int i) {
        int width = rows.stream().mapToInt(row -> row.get(i).length()).max().orElse(0);
        return new Aligned(
                Math.max(head.get(i).length(), width),
                rows.stream().allMatch(row -> NUMBER.matcher(row.get(i)).matches()));
    }

    private record Aligned(int width, boolean numbers) {
        String cell(String text) {
            var padding = " ".repeat(Math.max(0, width - text.length()));
            return numbers ? padding + text : text + padding;
        }
    }
}
