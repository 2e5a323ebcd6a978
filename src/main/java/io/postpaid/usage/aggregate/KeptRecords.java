package io.postpaid.usage.aggregate;

import static dev.hardwood.reader.FilterPredicate.eq;

import dev.hardwood.InputFile;
import dev.hardwood.reader.FilterPredicate;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.reader.RowReader;
import io.postpaid.platform.home.Home;
import io.postpaid.usage.archive.RawRecord;
import io.postpaid.usage.format.UnreadableUsage;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Single records that runs have aggregated, read from the files that they keep, where these are reached from this machine. */
@Component
public class KeptRecords {
    /** As Spark's job writes it. */
    private static final int ACCEPTED = 2;

    private final JdbcClient jdbc;
    private final Home home;

    KeptRecords(JdbcClient jdbc, Home home) {
        this.jdbc = jdbc;
        this.home = home;
    }

    /** Where a run has kept its records; empty if that is not reached from here. */
    public Optional<Path> folder(String folder) {
        var located = SnapshotStore.located(folder, home.path());
        if (located.startsWith("file:")) located = URI.create(located).getPath();
        return located.startsWith("/")
                ? Optional.of(Path.of(located, "lines")).filter(Files::isDirectory)
                : Optional.empty();
    }

    /**
     * Gives records of a day in the order in which they lie, one at a time.
     *
     * @param most after so many it ends
     */
    public void each(
            String run,
            Path lines,
            String account,
            String product,
            LocalDate day,
            long most,
            Consumer<RawRecord> reader) {
        var wanted = FilterPredicate.and(
                eq("verdict", ACCEPTED), eq("corrects", false), eq("account", account), eq("product", product));
        var origins = new HashMap<Integer, Origin>();
        long left = most;
        try (var files = Files.newDirectoryStream(lines, "*.parquet")) {
            for (var file : files) {
                if (left <= 0) return;
                left -= each(file, wanted, day, left, row -> {
                    var origin = origins.computeIfAbsent(row.getInt("file"), number -> origin(run, number));
                    reader.accept(record(row, origin));
                });
            }
        } catch (IOException | RuntimeException e) {
            throw new UnreadableUsage("%s can't be read: %s".formatted(lines, e.getMessage()), e);
        }
    }

    private static long each(Path file, FilterPredicate wanted, LocalDate day, long most, Consumer<RowReader> reader)
            throws IOException {
        long given = 0;
        try (var parquet = ParquetFileReader.open(InputFile.of(file));
                var rows = parquet.buildRowReader().filter(wanted).build()) {
            while (given < most && rows.hasNext()) {
                rows.next();
                if (!rows.getTimestamp("at")
                        .atOffset(ZoneOffset.UTC)
                        .toLocalDate()
                        .equals(day)) continue;
                reader.accept(rows);
                given++;
            }
        }
        return given;
    }

    private record Origin(long id, String name) {}

    /** Files are numbered in the order in which they were imported. */
    private Origin origin(String run, int number) {
        return jdbc.sql("select id, name from usage_file where run = :run order by id offset :number limit 1")
                .param("run", run)
                .param("number", number)
                .query(Origin.class)
                .single();
    }

    private RawRecord record(RowReader row, Origin origin) {
        boolean voided = jdbc.sql(
                        "select exists (select from usage_void where voided_key = :key and applied_at is not null)")
                .param("key", new UUID(row.getLong("k1"), row.getLong("k2")))
                .query(Boolean.class)
                .single();
        return new RawRecord(
                row.getString("account"),
                row.getString("product"),
                row.getTimestamp("at"),
                row.getString("source"),
                row.getString("id"),
                row.getDecimal("quantity").stripTrailingZeros(),
                row.getBoolean("failed"),
                row.getBoolean("billable"),
                row.isNull("operation") ? null : row.getString("operation"),
                origin.id(),
                origin.name(),
                row.getLong("line"),
                voided);
    }
}
