package io.postpaid.spark;

import static org.apache.spark.sql.functions.col;

import io.postpaid.usage.aggregate.RunResult.CorrectionLine;
import io.postpaid.usage.aggregate.Snapshot.Corrected;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The corrections of a run: one for each record, ever, the first of them. There are few, so that they are decided on in their
 * order in one place.
 *
 * @param refused second ones for a record, with their copies
 */
record Corrections(List<CorrectionLine> accepted, List<CorrectionLine> refused, Set<Place> refusedCopies) {
    private static final int MOST = 2_000_000;

    /** Of a line. */
    record Place(int file, long line) {}

    static Corrections decide(Dataset<Row> lines, List<Corrected> before) {
        var rows = lines.filter(col("corrects")
                        .equalTo(true)
                        .and(col("verdict").isInCollection(List.of(Lines.ACCEPTED, Lines.DUPLICATE))))
                .select("file", "line", "k1", "k2", "voided1", "voided2", "account", "verdict")
                .orderBy("file", "line")
                .limit(MOST + 1)
                .collectAsList();
        if (rows.size() > MOST) {
            throw new IllegalArgumentException("There are more than %,d corrections: give them in several runs".formatted(MOST));
        }
        var voided = before.stream().map(Corrected::voided).collect(Collectors.toCollection(HashSet::new));
        var accepted = new ArrayList<CorrectionLine>();
        var refused = new ArrayList<CorrectionLine>();
        var refusedKeys = new HashSet<UUID>();
        var copies = new HashSet<Place>();
        for (var row : rows) {
            var correction = new CorrectionLine(
                    row.getInt(0),
                    row.getLong(1),
                    new UUID(row.getLong(2), row.getLong(3)),
                    new UUID(row.getLong(4), row.getLong(5)),
                    row.getString(6));
            boolean copy = row.getByte(7) == Lines.DUPLICATE;
            if (copy && !refusedKeys.contains(correction.key())) continue;
            if (!copy && voided.add(correction.voided())) {
                accepted.add(correction);
                continue;
            }
            refusedKeys.add(correction.key());
            refused.add(correction);
            if (copy) copies.add(new Place(correction.file(), correction.line()));
        }
        return new Corrections(accepted, refused, copies);
    }
}
