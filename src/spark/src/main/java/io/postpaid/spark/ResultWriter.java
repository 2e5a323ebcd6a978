package io.postpaid.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.to_date;

import io.postpaid.usage.aggregate.RunResult;
import io.postpaid.usage.aggregate.RunResult.CorrectionLine;
import io.postpaid.usage.aggregate.RunResult.FileLine;
import io.postpaid.usage.aggregate.RunResult.HeldLine;
import io.postpaid.usage.aggregate.RunResult.SumLine;
import io.postpaid.usage.record.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/** Writes what is to be imported. All of it is counted from what was kept, and nothing from what was on its way. */
record ResultWriter(RunResult result, Job job, SparkSession spark) {
    /** So many lines can be looked for again. */
    private static final int CONFLICTS_MAX = 5_000_000;

    private static final int READERS = 4;

    /** The counts of a file, by what its rows are. */
    private static final class Counts {
        final long[] lines = new long[Lines.CONFLICT + 1];
        long correctionsAccepted;
        long correctionsRefused;
        long copiesRefused;
    }

    List<FileLine> files(Dataset<Row> lines, Corrections corrections) throws IOException {
        var counts = new HashMap<Integer, Counts>();
        lines.groupBy("file", "verdict", "corrects").count().collectAsList().forEach(row -> {
            var of = counts.computeIfAbsent(row.getInt(0), _ -> new Counts());
            int verdict = row.getByte(1);
            // Those that are accepted are counted below.
            if (verdict == Lines.ACCEPTED && row.getBoolean(2)) return;
            of.lines[verdict] += row.getLong(3);
        });
        for (var each : corrections.accepted()) counts.get(each.file()).correctionsAccepted++;
        for (var each : corrections.refused()) counts.get(each.file()).correctionsRefused++;
        for (var each : corrections.refusedCopies()) counts.get(each.file()).copiesRefused++;
        var files = lines.filter(col("verdict").equalTo(Lines.FILE))
                .select("file", "reason", "raw", "line", "left_out", "content")
                .collectAsList()
                .stream()
                .map(row -> tied(row, counts.get(row.getInt(0))))
                .sorted(Comparator.comparingInt(FileLine::number))
                .toList();
        if (files.size() != job.files().size()) {
            throw new IllegalStateException(
                    "%d files were given, and %d are counted".formatted(job.files().size(), files.size()));
        }
        write(result.files(), files.iterator());
        return files;
    }

    private FileLine tied(Row row, Counts counts) {
        long accepted = counts.lines[Lines.ACCEPTED] + counts.correctionsAccepted;
        long duplicates = counts.lines[Lines.DUPLICATE] - counts.copiesRefused;
        long held = counts.lines[Lines.REFUSED] + counts.lines[Lines.CONFLICT] + counts.correctionsRefused;
        var file = job.files().get(row.getInt(0));
        long lines = row.getLong(3);
        long leftOut = row.getLong(4);
        if (lines != accepted + duplicates + held + leftOut) {
            throw new IllegalStateException(
                    "%s does not tie out: %d lines, but %d accepted, %d duplicates, %d quarantined, %d left out"
                            .formatted(file.name(), lines, accepted, duplicates, held, leftOut));
        }
        return new FileLine(
                file.number(),
                file.name(),
                row.getString(1),
                row.getString(2),
                lines,
                accepted,
                accepted,
                duplicates,
                held,
                leftOut,
                row.getLong(5));
    }

    /** Gives how many records are accepted. */
    static long sums(RunResult result, Dataset<Row> accepted, @Nullable Dataset<Row> matched) throws IOException {
        var counted = of(accepted, true);
        var sums = (matched == null ? counted : counted.union(of(matched, false)))
                .groupBy("account", "product", "day", "failed", "billable")
                .agg(
                        sum("records").as("records"),
                        sum("quantity").as("quantity"),
                        sum("voided").as("voided"),
                        sum("voided_quantity").as("voided_quantity"));
        var records = new long[1];
        write(result.sums(), sums.coalesce(READERS).toLocalIterator(), row -> {
            records[0] += row.getLong(5);
            return new SumLine(
                    row.getString(0),
                    row.getString(1),
                    row.getDate(2).toLocalDate(),
                    row.getBoolean(3),
                    row.getBoolean(4),
                    row.getLong(5),
                    row.getDecimal(6),
                    row.getLong(7),
                    row.getDecimal(8));
        });
        return records[0];
    }

    private static Dataset<Row> of(Dataset<Row> rows, boolean taken) {
        var none = lit(0L);
        var nothing = lit(0).cast("decimal(38,9)");
        return rows.groupBy(
                        col("account"), col("product"), to_date(col("at")).as("day"), col("failed"), col("billable"))
                .agg(count(lit(1)).as("n"), sum("quantity").as("q"))
                .select(
                        col("account"),
                        col("product"),
                        col("day"),
                        col("failed"),
                        col("billable"),
                        (taken ? col("n") : none).as("records"),
                        (taken ? col("q") : nothing).as("quantity"),
                        (taken ? none : col("n")).as("voided"),
                        (taken ? nothing : col("q")).as("voided_quantity"));
    }

    /** What was refused, with its text. That of a conflict was not carried along with all lines, and is read again. */
    void held(Dataset<Row> lines, Corrections corrections) throws IOException {
        var conflicts = conflicts(lines);
        for (var each : corrections.refused()) {
            conflicts.put(
                    new Corrections.Place(each.file(), each.line()),
                    new Why(Reason.ALREADY_VOIDED, "the record that it corrects is already taken back", each.account()));
        }
        var refused = lines.filter(col("verdict").equalTo(Lines.REFUSED))
                .select("file", "line", "reason", "detail", "account", "raw", "line_id")
                .coalesce(READERS)
                .toLocalIterator();
        try (var out = new JsonLinesFile(result.held())) {
            while (refused.hasNext()) {
                var row = refused.next();
                out.write(new HeldLine(
                        row.getInt(0),
                        row.getLong(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5),
                        row.getString(6)));
            }
            if (!conflicts.isEmpty()) again(conflicts, out::write);
        }
    }

    private record Why(Reason reason, String detail, @Nullable String account) {}

    private Map<Corrections.Place, Why> conflicts(Dataset<Row> lines) {
        var rows = lines.filter(col("verdict").equalTo(Lines.CONFLICT))
                .select("file", "line", "account", "first_file", "first_line")
                .limit(CONFLICTS_MAX + 1)
                .collectAsList();
        if (rows.size() > CONFLICTS_MAX) {
            throw new IllegalArgumentException(
                    "More than %,d lines have the source and id of another with other content: these are no ids"
                            .formatted(CONFLICTS_MAX));
        }
        var conflicts = new HashMap<Corrections.Place, Why>();
        for (var row : rows) {
            var where = row.isNullAt(3)
                    ? "an earlier run"
                    : "%s line %d".formatted(job.files().get(row.getInt(3)).name(), row.getLong(4));
            conflicts.put(
                    new Corrections.Place(row.getInt(0), row.getLong(1)),
                    new Why(
                            Reason.CONFLICT,
                            "the same source and id came with other content in " + where,
                            row.getString(2)));
        }
        return conflicts;
    }

    private void again(Map<Corrections.Place, Why> why, Consumer<HeldLine> out) {
        var wanted = new HashMap<Integer, List<Long>>();
        why.keySet().forEach(
                place -> wanted.computeIfAbsent(place.file(), _ -> new ArrayList<>()).add(place.line()));
        var numbers = new HashMap<Integer, long[]>();
        wanted.forEach((file, lines) ->
                numbers.put(file, lines.stream().mapToLong(line -> line).sorted().toArray()));
        var only = new Job(
                job.snapshot(),
                job.files().stream().filter(file -> numbers.containsKey(file.number())).toList(),
                Job.Reading.RAW,
                numbers,
                job.hadoop(),
                job.taskBytes());
        Set<Corrections.Place> found = new HashSet<>();
        Tally.read(spark, only).select("file", "line", "raw", "line_id").collectAsList().forEach(row -> {
            var place = new Corrections.Place(row.getInt(0), row.getLong(1));
            var reason = why.get(place);
            found.add(place);
            out.accept(new HeldLine(
                    place.file(),
                    place.line(),
                    reason.reason().name(),
                    reason.detail(),
                    reason.account(),
                    row.getString(2),
                    row.getString(3)));
        });
        if (found.size() != why.size()) throw new IllegalStateException("A file changed while it was read");
    }

    void corrections(Corrections corrections) throws IOException {
        write(result.corrections(), corrections.accepted().iterator());
    }

    private static void write(Path file, Iterator<?> lines) throws IOException {
        try (var out = new JsonLinesFile(file)) {
            lines.forEachRemaining(out::write);
        }
    }

    private interface Line {
        Object of(Row row);
    }

    private static void write(Path file, Iterator<Row> rows, Line line) throws IOException {
        try (var out = new JsonLinesFile(file)) {
            rows.forEachRemaining(row -> out.write(line.of(row)));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
