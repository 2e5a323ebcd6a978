package io.postpaid.usage.archive;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * A usage record as it was taken in, and where it came from.
 *
 * @param billable false if it costs zero: it failed, its operation is free, or its product is not billable
 * @param fileName what the file was called that brought it, or null if that is not known
 * @param voided whether a correction has taken it back
 */
public record RawRecord(
        String account,
        String product,
        Instant occurredAt,
        String source,
        String id,
        BigDecimal quantity,
        boolean failed,
        boolean billable,
        @Nullable String operation,
        long file,
        @Nullable String fileName,
        long line,
        boolean voided) {

    /** The order within an account and product. */
    static final Comparator<RawRecord> BY_TIME = Comparator.comparing(RawRecord::occurredAt)
            .thenComparing(RawRecord::source)
            .thenComparing(RawRecord::id);

    RawRecord told(@Nullable String name, boolean takenBack) {
        return new RawRecord(
                account,
                product,
                occurredAt,
                source,
                id,
                quantity,
                failed,
                billable,
                operation,
                file,
                name,
                line,
                takenBack);
    }

    /** The UTC day. */
    public LocalDate day() {
        return LocalDate.ofInstant(occurredAt, ZoneOffset.UTC);
    }
}
