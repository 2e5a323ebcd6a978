package io.postpaid.usage.admission;

import io.postpaid.platform.batch.CopyRows;
import io.postpaid.usage.admission.Verdict.Refused;
import io.postpaid.usage.format.LineBatch;
import io.postpaid.usage.record.UsageRecord;
import java.sql.SQLException;
import java.util.List;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** The tables of usage, written by COPY in the transaction of a connection. */
final class UsageCopies {
    /** What PostgreSQL says where a row has no partition; then no constraint is named. */
    private static final String CHECK_VIOLATED = "23514";

    private final OwnConnection connection;

    UsageCopies(OwnConnection connection) {
        this.connection = connection;
    }

    /**
     * Keys in their order, so that the index is filled page by page, and two writers never wait for each other in a circle.
     * A writer that comes upon a key of another waits until that one has committed, and then fails.
     */
    void keys(CopyRows.RowWriter rows) throws SQLException {
        copy("copy usage_key (key, content, file, line, day) from stdin (format binary)", rows);
    }

    /** Records that are accepted, which are also added to the arrivals. */
    void records(List<Claim> batch, Admission admission, Arrivals arrivals) throws SQLException {
        copy("""
                copy usage_record (key, source, id, account, product, quantity, occurred_at, failed, billable, operation,
                                   metadata, file, line)
                from stdin (format binary)
                """, rows -> {
            for (Claim claim : batch) {
                for (var stated : claim.taken()) {
                    if (!(stated.fact instanceof UsageRecord usage)) continue;
                    boolean billable = admission.billable(usage);
                    rows.row(13).uuid(stated.key).text(usage.source()).text(usage.id());
                    rows.text(usage.account()).text(usage.product()).numeric(usage.quantity());
                    rows.timestamp(usage.occurredAt()).bool(usage.failed()).bool(billable);
                    rows.text(usage.operation()).text(usage.metadata());
                    rows.int8(claim.file).int8(claim.line);
                    arrivals.add(claim.file, usage, billable);
                }
            }
        });
    }

    void arrivals(Arrivals arrivals) throws SQLException {
        if (arrivals.size() == 0) return;
        copy("""
                copy usage_arrival (file, account, product, day, quantity, records, free_quantity, free_records)
                from stdin (format binary)
                """, rows -> {
            for (var entry : arrivals.byAccount()) {
                Arrivals.Cell cell = entry.getKey();
                Arrivals.Sums sums = entry.getValue();
                rows.row(8).int8(cell.file()).text(cell.account());
                rows.text(cell.product()).date(cell.day());
                rows.numeric(sums.quantity).int8(sums.records);
                rows.numeric(sums.freeQuantity).int8(sums.freeRecords);
            }
        });
    }

    /** The lines that were refused, with their text. */
    void quarantine(List<Claim> batch, LineBatch raw) throws SQLException {
        if (batch.stream().noneMatch(claim -> claim.verdict instanceof Refused)) return;
        copy("""
                copy usage_quarantine (file, line, reason, detail, account, raw, line_id, retry_at)
                from stdin (format binary)
                """, rows -> {
            for (int i = 0; i < batch.size(); i++) {
                Claim claim = batch.get(i);
                if (claim.verdict instanceof Refused refused) {
                    rows.row(8)
                            .int8(claim.file)
                            .int8(claim.line)
                            .text(refused.reason().name());
                    rows.text(refused.detail()).text(claim.account());
                    rows.text(raw.text(i)).text(raw.id(i)).timestamp(refused.retryAt());
                }
            }
        });
    }

    private void copy(String statement, CopyRows.RowWriter rows) throws SQLException {
        try {
            CopyRows.copy(connection.postgres(), statement, rows);
        } catch (PSQLException e) {
            ServerErrorMessage error = e.getServerErrorMessage();
            if (error != null && "usage_key_pkey".equals(error.getConstraint())) throw new KeyTaken(e);
            if (error != null && CHECK_VIOLATED.equals(error.getSQLState()) && error.getConstraint() == null) {
                throw new MonthGone(e);
            }
            throw e;
        }
    }
}
