package io.postpaid.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import tools.jackson.databind.json.JsonMapper;

/**
 * A list that may be too long for the memory: it is printed as it is read.
 *
 * @param items hands over the items one by one
 * @param json a record for each, whose names become snake_case
 * @param none the text where there is no item
 */
record Listing<T>(
        Consumer<Consumer<T>> items,
        Function<T, Object> json,
        List<String> head,
        Function<T, List<?>> row,
        String none) {
    /** Rows that are aligned with each other. */
    private static final int PAGE = 1_000;

    void print(PrintStream out) {
        var table = new Table[] {new Table(head)};
        items.accept(item -> {
            if (table[0].size() == PAGE) {
                out.println(table[0]);
                table[0] = new Table(head).withoutHead();
            }
            table[0].row(row.apply(item).toArray());
        });
        out.println(table[0].orElse(none));
    }

    /** Through a file, so that there is either one whole document on standard output or none of it. */
    void printJson(PrintStream out, JsonMapper mapper) {
        try {
            var file = Files.createTempFile("list-", ".json");
            try {
                try (var values = mapper.writer().writeValuesAsArray(file.toFile())) {
                    items.accept(item -> values.write(json.apply(item)));
                }
                Files.copy(file, out);
                out.println();
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The list cannot be written: " + e.getMessage(), e);
        }
    }
}
