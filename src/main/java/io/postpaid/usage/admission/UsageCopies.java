package io.postpaid.usage.admission;

import io.postpaid.platform.batch.CopyRows;
import io.postpaid.usage.admission.OwnConnection.Work;
import io.postpaid.usage.admission.Verdict.Refused;
import io.postpaid.usage.format.LineBatch;
import io.postpaid.usage.record.UsageRecord;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * The tables of usage, written by COPY in the transaction of a connection. The COPY of records goes on from batch to batch
 * until another table is written: the server works on one batch while the next is made.
 */
final class UsageCopies implements AutoCloseable {
    /** What PostgreSQL says where a row has no partition; then no constraint is named. */
    private static final String CHECK_VIOLATED = "23514";

    private final OwnConnection connection;
    private final int arrivedDay;
    private @Nullable CopyRows records;

    UsageCopies(OwnConnection connection) {
        this.connection = connection;
        this.arrivedDay = connection
                .jdbc()
                .sql("select 'arrived_day'::regtype::oid::int")
                .query(Integer.class)
                .single();
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
        run(() -> {
            var rows = records;
            if (rows == null) {
                rows = CopyRows.begin(connection.postgres(), """
                        copy usage_record (key, source, id, account, product, quantity, occurred_at, failed, billable,
                                           operation, metadata, file, line)
                        from stdin (format binary)""");
                records = rows;
            }
            for (Claim claim : batch) {
                for (var stated : claim.taken()) {
                    if (!(stated.fact instanceof UsageRecord usage)) continue;
                    boolean billable = admission.billable(usage);
                    rows.row(13).uuid(stated.key).text(usage.source()).text(usage.id());
                    rows.text(usage.account()).text(usage.product()).numeric(usage.quantity());
                    rows.timestamp(usage.occurredAt()).bool(usage.failed()).bool(billable);
                    rows.text(usage.operation()).text(usage.metadata());
                    rows.int8(claim.file).int8(claim.line);
                    arrivals.add(claim.file, usage, stated.epochDay, billable);
                }
            }
            return true;
        });
    }

    void arrivals(Arrivals arrivals) throws SQLException {
        copy("copy arrived_batch (file, account, days) from stdin (format binary)", arrivals.rows(arrivedDay));
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
        run(() -> {
            var before = records;
            if (before != null) before.end();
            records = null;
            return CopyRows.copy(connection.postgres(), statement, rows);
        });
    }

    private void run(Work<?> work) throws SQLException {
        boolean whole = false;
        try {
            work.run();
            whole = true;
        } catch (PSQLException e) {
            ServerErrorMessage error = e.getServerErrorMessage();
            if (error != null && "usage_key_pkey".equals(error.getConstraint())) throw new KeyTaken(e);
            if (error != null && CHECK_VIOLATED.equals(error.getSQLState()) && error.getConstraint() == null) {
                throw new MonthGone(e);
            }
            throw e;
        } finally {
            if (!whole) close();
        }
    }

    /** Gives up the records that are on their way: nothing else could be said on the connection before. */
    @Override
    public void close() {
        try (var _ = records) {
            records = null;
        } catch (SQLException _) {
            // The connection is broken, which whoever says the next thing on it is told.
        }
    }
}
