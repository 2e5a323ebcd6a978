package io.postpaid.usage.archive;

import io.postpaid.platform.file.Sha256;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Writes the records of a partition into a file, and sees that they are on the disk. */
final class ArchiveWriter {
    private static final int FETCHED = 5_000;

    private ArchiveWriter() {}

    record Written(long records, String sha256) {}

    /** All records in one order, so that the same records give the same bytes, and an account's stand together. */
    static Written write(JdbcClient jdbc, String table, Path file) throws IOException {
        var records = new long[1];
        var sha256 = Sha256.digest();
        try (var channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            var gzip = new GZIPOutputStream(new DigestOutputStream(Channels.newOutputStream(channel), sha256), 1 << 16);
            var out = new BufferedOutputStream(gzip, 1 << 16);
            jdbc.sql("""
                            select row_to_json(r)::text
                              from (select t.account, t.product,
                                           to_char(t.occurred_at at time zone 'UTC',
                                                   'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as occurred_at,
                                           t.source, t.id, t.quantity::text as quantity, t.failed, t.billable, t.operation,
                                           t.metadata, t.file, t.line
                                      from %s t
                                     order by t.account collate "C", t.product collate "C", t.occurred_at,
                                              t.source collate "C", t.id collate "C") r
                            """.formatted(table)).withFetchSize(FETCHED).query(row -> {
                put(out, row.getString(1));
                records[0]++;
            });
            out.flush();
            gzip.finish();
            channel.force(true);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return new Written(records[0], HexFormat.of().formatHex(sha256.digest()));
    }

    private static void put(OutputStream out, String line) {
        try {
            out.write(line.getBytes(StandardCharsets.UTF_8));
            out.write('\n');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is about to be the only copy must be readable to its end. */
    static void readAgain(Path file, long records) throws IOException {
        long lines = 0;
        var buffer = new byte[1 << 16];
        try (var in = new GZIPInputStream(Files.newInputStream(file), 1 << 16)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                for (int i = 0; i < read; i++) if (buffer[i] == '\n') lines++;
            }
        }
        if (lines != records) throw new IOException(file + " has " + lines + " lines for " + records + " records");
    }

    static void force(Path folder) throws IOException {
        try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
