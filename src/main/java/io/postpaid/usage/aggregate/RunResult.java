package io.postpaid.usage.aggregate;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a run leaves in its folder to be imported: a JSON object a line in each file, and the summary, which is written last. */
public record RunResult(Path folder) {
    public Path summary() {
        return folder.resolve("summary.json");
    }

    public Path files() {
        return folder.resolve("files.ndjson");
    }

    public Path sums() {
        return folder.resolve("sums.ndjson");
    }

    public Path held() {
        return folder.resolve("quarantine.ndjson");
    }

    public Path corrections() {
        return folder.resolve("corrections.ndjson");
    }

    /**
     * @param content the SHA-256 of what all files say
     * @param snapshot the SHA-256 of the snapshot
     * @param folder where the records lie
     * @param sources of all records and corrections that are accepted
     * @param applied keys of the records that corrections took back, of this run or of earlier ones
     */
    public record Summary(
            String run,
            String content,
            String snapshot,
            String folder,
            long records,
            List<String> sources,
            List<UUID> applied) {
        Summary in(String other) {
            return new Summary(run, content, snapshot, other, records, sources, applied);
        }
    }

    /** The tie-out of a file; {@code number} is its place in the run. */
    public record FileLine(
            int number,
            String name,
            String format,
            @Nullable String header,
            long lines,
            long records,
            long accepted,
            long duplicates,
            long quarantined,
            long leftOut,
            long fingerprint) {}

    /** What the records of a day add up to, and those that are taken back. */
    public record SumLine(
            String account,
            String product,
            LocalDate day,
            boolean failed,
            boolean billable,
            long records,
            BigDecimal quantity,
            long voidedRecords,
            BigDecimal voidedQuantity) {}

    public record HeldLine(
            int file,
            long line,
            String reason,
            String detail,
            @Nullable String account,
            String raw,
            @Nullable String lineId) {}

    public record CorrectionLine(int file, long line, UUID key, UUID voided, String account) {}
}
