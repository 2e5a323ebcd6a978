package io.postpaid.keeping;

import io.postpaid.platform.home.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The list of contents of a backup. It is written when all else is there, and a file with its hash after it: without both there
 * is no backup.
 *
 * @param application the version that made it
 * @param schema the latest migration, such as 043
 * @param migrations each migration with its checksum
 * @param sequences the last value of each sequence that was used
 * @param files the list of the files of POSTPAID_HOME, which has a hash for each
 */
record Manifest(
        int format,
        String application,
        String schema,
        Map<String, Integer> migrations,
        Instant takenAt,
        List<Table> tables,
        Map<String, Long> sequences,
        HomeList files) {
    static final int FORMAT = 1;
    private static final String NAME = "manifest.json";
    private static final String HASH = "manifest.sha256";
    private static final JsonMapper JSON = JsonMapper.shared();

    /** A table in a file of its own, as PostgreSQL's COPY in text writes it, compressed by gzip. */
    record Table(String name, List<String> columns, long rows, String sha256) {
        Path in(Path folder) {
            return folder.resolve("tables").resolve(name + ".copy.gz");
        }
    }

    /** How many files, of how many bytes, and the hash of their list. */
    record HomeList(long count, long bytes, String sha256) {}

    long rows() {
        return tables.stream().mapToLong(Table::rows).sum();
    }

    void write(Path folder) throws IOException {
        var json = JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(this);
        WholeFile.write(folder.resolve(NAME), json);
        WholeFile.write(folder.resolve(HASH), (Hashed.of(json) + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    /** @throws IllegalArgumentException if there is none, or another one than was written */
    static Manifest read(Path folder) throws IOException {
        var file = folder.resolve(NAME);
        if (!Files.isRegularFile(file) || !Files.isRegularFile(folder.resolve(HASH))) {
            throw new IllegalArgumentException(folder + " is no backup, or one that did not come to its end: it has no "
                    + NAME + " or no " + HASH);
        }
        var json = Files.readAllBytes(file);
        if (!Hashed.of(json).equals(Files.readString(folder.resolve(HASH)).strip())) throw damaged(file);
        try {
            var manifest = JSON.readValue(json, Manifest.class);
            if (manifest.format != FORMAT) {
                throw new IllegalArgumentException(
                        folder + " is a backup of format " + manifest.format + ", and this version knows " + FORMAT);
            }
            return manifest;
        } catch (JacksonException e) {
            throw new IllegalArgumentException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    static IllegalArgumentException damaged(Path file) {
        return new IllegalArgumentException(
                file + " is damaged or was changed: its hash is another one. Nothing was restored; use another backup");
    }
}
