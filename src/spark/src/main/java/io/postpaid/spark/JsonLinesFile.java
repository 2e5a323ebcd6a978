package io.postpaid.spark;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A JSON object a line. */
final class JsonLinesFile implements AutoCloseable {
    private final BufferedWriter out;

    JsonLinesFile(Path file) throws IOException {
        out = Files.newBufferedWriter(file);
    }

    void write(Object line) {
        try {
            out.write(Decided.JSON.writeValueAsString(line));
            out.write('\n');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
