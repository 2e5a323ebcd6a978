package io.postpaid.usage.archive;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** Reads an archive file from its beginning to its end; only lines that are asked for are parsed. */
final class ArchiveReader implements Iterator<RawRecord>, AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    private final Path file;
    private final BufferedReader lines;
    private final String wanted;
    private @Nullable RawRecord next;

    /** All of its records. */
    ArchiveReader(Path file) {
        this(file, "");
    }

    /** Those of an account and product. A line begins with both, and they stand together. */
    ArchiveReader(Path file, String account, String product) {
        this(
                file,
                "{\"account\":" + JSON.writeValueAsString(account) + ",\"product\":" + JSON.writeValueAsString(product)
                        + ",");
    }

    /** Those of an account, of all products. */
    static ArchiveReader of(Path file, String account) {
        return new ArchiveReader(file, "{\"account\":" + JSON.writeValueAsString(account) + ",");
    }

    private ArchiveReader(Path file, String wanted) {
        this.file = file;
        this.wanted = wanted;
        try {
            lines = new BufferedReader(
                    new InputStreamReader(
                            new GZIPInputStream(Files.newInputStream(file), 1 << 16), StandardCharsets.UTF_8),
                    1 << 16);
        } catch (IOException e) {
            throw unreadable(e);
        }
        next = read();
    }

    private UncheckedIOException unreadable(IOException e) {
        return new UncheckedIOException(
                "The archive " + file + " cannot be read (" + e.getMessage() + "): put it back from a backup", e);
    }

    private @Nullable RawRecord read() {
        try {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(wanted)) return JSON.readValue(line, RawRecord.class);
            }
            return null;
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    @Override
    public boolean hasNext() {
        return next != null;
    }

    @Override
    public RawRecord next() {
        var record = next;
        if (record == null) throw new NoSuchElementException();
        next = read();
        return record;
    }

    @Override
    public void close() {
        try {
            lines.close();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }
}
