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
        rows.add(Arrays.stream(cells).map(String::valueOf).toList());
        return this;
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

    private Column column(int i) {
        int width = rows.stream().mapToInt(row -> row.get(i).length()).max().orElse(0);
        return new Column(
                Math.max(head.get(i).length(), width),
                rows.stream().allMatch(row -> NUMBER.matcher(row.get(i)).matches()));
    }

    private record Column(int width, boolean numbers) {
        String cell(String text) {
            var padding = " ".repeat(Math.max(0, width - text.length()));
            return numbers ? padding + text : text + padding;
        }
    }
}
