package io.postpaid.usage.admission;

import io.postpaid.platform.batch.CopyRows;
import io.postpaid.usage.admission.Verdict.Refused;
import io.postpaid.usage.admission.Verdict.Taken;
import io.postpaid.usage.format.RawLines.RawBatch;
import io.postpaid.usage.record.ParsedLine;
import io.postpaid.usage.record.ParsedLine.Fact;
import io.postpaid.usage.record.Reason;
import io.postpaid.usage.record.UsageRecord;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.util.PSQLException;

/** The tables of usage, written by COPY in the transaction of a connection. */
public final class UsageCopies {
    /** What PostgreSQL says where a row has no partition; then no constraint is named. */
    private static final String CHECK_VIOLATED = "23514";

    private final PGConnection postgres;

    public UsageCopies(Connection connection) throws SQLException {
        postgres = connection.unwrap(PGConnection.class);
    }

    /** A key that was written is somebody else's, and the transaction is void. */
    public static final class KeyTaken extends RuntimeException {
        private static final long serialVersionUID = 1;

        public KeyTaken(@Nullable Throwable cause) {
            super("a key was seen before", cause, false, false);
        }
    }

    /** The month of a record was archived while the record waited for it, and the transaction is void. */
    public static final class MonthGone extends RuntimeException {
        private static final long serialVersionUID = 1;

        MonthGone(Throwable cause) {
            super("a month was archived meanwhile", cause, false, false);
        }
    }

    /**
     * Keys in their order, so that the index is filled page by page, and two writers never wait for each other in a circle.
     * A writer that comes upon a key of another waits until that one has committed, and then fails.
     */
    public void keys(CopyRows.RowWriter writer) throws SQLException {
        try {
            CopyRows.copy(
                    postgres, "copy usage_key (key, content, file, line, day) from stdin (format binary)", writer);
        } catch (PSQLException e) {
            var error = e.getServerErrorMessage();
            if (error != null && "usage_key_pkey".equals(error.getConstraint())) {
                throw new KeyTaken(e);
            }
            throw e;
        }
    }

    /** Records that are accepted, which are also added to the arrivals. */
    public void records(KeyedBatch batch, Verdict[] verdicts, Admission admission, Arrivals arrivals)
            throws SQLException {
        try {
            CopyRows.copy(postgres, """
                copy usage_record (key, source, id, account, product, quantity, occurred_at, failed, billable, operation,
                                   metadata, file, line)
                from stdin (format binary)
                """, rows -> {
                for (int i = 0; i < verdicts.length; i++) {
                    if (verdicts[i] == Taken.ACCEPTED && batch.line(i) instanceof UsageRecord usage) {
                        boolean billable = admission.billable(usage);
                        rows.row(13).uuid(batch.key(i)).text(usage.source()).text(usage.id());
                        rows.text(usage.account()).text(usage.product()).numeric(usage.quantity());
                        rows.timestamp(usage.occurredAt()).bool(usage.failed()).bool(billable);
                        rows.text(usage.operation()).text(usage.metadata());
                        rows.int8(batch.file(i)).int8(batch.number(i));
                        arrivals.add(batch.file(i), usage, day(usage.occurredAt()), billable);
                    }
                }
            });
        } catch (PSQLException e) {
            var error = e.getServerErrorMessage();
            if (error != null && CHECK_VIOLATED.equals(error.getSQLState()) && error.getConstraint() == null) {
                throw new MonthGone(e);
            }
            throw e;
        }
    }

    /** Those of an account side by side, as metering will take them. */
    public void arrivals(Arrivals arrivals) throws SQLException {
        if (arrivals.cells().isEmpty()) {
            return;
        }
        var cells = arrivals.cells().entrySet().stream()
                .sorted(Map.Entry.comparingByKey(Comparator.comparing(Arrivals.Cell::account)))
                .toList();
        CopyRows.copy(postgres, """
                copy usage_arrival (file, account, product, day, quantity, records, free_quantity, free_records)
                from stdin (format binary)
                """, rows -> {
            for (Map.Entry<Arrivals.Cell, Arrivals.Sums> entry : cells) {
                Arrivals.Cell cell = entry.getKey();
                Arrivals.Sums sums = entry.getValue();
                rows.row(8)
                        .int8(cell.file())
                        .text(cell.account())
                        .text(cell.product())
                        .date(cell.day());
                rows.numeric(sums.quantity).int8(sums.records);
                rows.numeric(sums.freeQuantity).int8(sums.freeRecords);
            }
        });
    }

    /** The lines that were refused, with their text. */
    public void quarantine(KeyedBatch batch, Verdict[] verdicts, Admission admission, RawBatch raw)
            throws SQLException {
        int[] refused = IntStream.range(0, verdicts.length)
                .filter(i -> verdicts[i] instanceof Refused)
                .toArray();
        if (refused.length == 0) {
            return;
        }
        CopyRows.copy(postgres, """
                copy usage_quarantine (file, line, reason, detail, account, raw, line_id, retry_at)
                from stdin (format binary)
                """, rows -> {
            for (int i : refused) {
                if (verdicts[i] instanceof Refused(Reason reason, String detail)) {
                    rows.row(8).int8(batch.file(i)).int8(batch.number(i)).text(reason.name());
                    rows.text(storable(detail))
                            .text(account(batch.line(i)))
                            .text(raw.text(i))
                            .text(raw.id(i))
                            .timestamp(retryAt(batch, i, reason, admission));
                }
            }
        });
    }

    /** When a record that is a little early will be usage like any other. */
    public static @Nullable Instant retryAt(KeyedBatch batch, int i, Reason reason, Admission admission) {
        return reason == Reason.IN_FUTURE && admission.triedAgain(batch.occurredAt(i)) ? batch.occurredAt(i) : null;
    }

    public static @Nullable String account(ParsedLine line) {
        return line instanceof Fact fact ? fact.account() : null;
    }

    /** Details quote the line, which may hold by an escape what it cannot hold as it is. */
    public static String storable(String detail) {
        return detail.replace("\0", "\\0");
    }

    public static LocalDate day(Instant instant) {
        return LocalDate.EPOCH.plusDays(Math.floorDiv(instant.getEpochSecond(), 86_400L));
    }
}
