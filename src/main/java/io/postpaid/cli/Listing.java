package io.postpaid.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.function.Consumer;
import tools.jackson.databind.json.JsonMapper;

/**
 * A list that may be too long for the memory: it is printed as it is read.
 *
 * @param items hands over the items one by one
 * @param none the text where there is no item
 */
record Listing<T>(Consumer<Consumer<T>> items, Fields<T> fields, String none) {
    /** Rows that are aligned with each other. */
    private static final int PAGE = 1_000;

    void print(PrintStream out) {
        var table = new Table[] {fields.table()};
        items.accept(item -> {
            if (table[0].size() == PAGE) {
                out.println(table[0]);
                table[0] = fields.table().withoutHead();
            }
            table[0].row(fields.cells(item));
        });
        out.println(table[0].orElse(none));
    }

    /** Through a file, so that there is either one whole document on standard output or none of it. */
    void printJson(PrintStream out, JsonMapper mapper) {
        try {
            var file = Files.createTempFile("list-", ".json");
            try {
                try (var values = mapper.writer().writeValuesAsArray(file.toFile())) {
                    items.accept(item -> values.write(fields.json(item)));
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
