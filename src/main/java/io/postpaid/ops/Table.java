package io.postpaid.ops;

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

    Table(String... head) {
        this.head = List.of(head);
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
        var columns = IntStream.range(0, head.size())
                .mapToObj(i -> rows.stream().map(row -> row.get(i)).toList())
                .toList();
        var lines = new ArrayList<List<String>>(List.of(head));
        lines.addAll(rows);
        return lines.stream()
                .map(line -> IntStream.range(0, head.size())
                        .mapToObj(i -> cell(line.get(i), head.get(i), columns.get(i)))
                        .collect(Collectors.joining(GAP))
                        .stripTrailing())
                .collect(Collectors.joining("\n"));
    }

    private static String cell(String text, String head, List<String> column) {
        int width = column.stream().mapToInt(String::length).max().orElse(0);
        var padding = " ".repeat(Math.max(0, Math.max(width, head.length()) - text.length()));
        boolean numbers = column.stream().allMatch(cell -> NUMBER.matcher(cell).matches());
        return numbers ? padding + text : text + padding;
    }
}
