package io.postpaid.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

    void printJson(PrintStream out, JsonMapper mapper) {
        whole(out, file -> {
            try (var values = mapper.writer().writeValuesAsArray(file.toFile())) {
                items.accept(item -> values.write(fields.json(item)));
            }
            return true;
        });
    }

    /** Writes one document. */
    interface Writing {
        boolean to(Path file) throws IOException;
    }

    /** Through a file, so that there is either one whole document on standard output or none of it. */
    static boolean whole(PrintStream out, Writing writing) {
        try {
            var file = Files.createTempFile("postpaid-", ".json");
            try {
                boolean well = writing.to(file);
                Files.copy(file, out);
                out.println();
                return well;
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The answer cannot be written: " + e.getMessage(), e);
        }
    }
}
