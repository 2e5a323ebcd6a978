package io.postpaid.usage.admission;

import io.postpaid.usage.admission.OwnConnection.Work;
import io.postpaid.usage.format.LineBatch;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Many batches of a file in one transaction, in the hope that none of their keys was ever seen. Records are copied as they
 * come; their keys and sums wait until there are so many that the order of keys and of accounts pays.
 *
 * <p>Where the hope fails, {@link KeyTaken} is thrown, and nothing since the last commit was taken.
 */
public final class BulkLoad implements AutoCloseable {
    /** Bounds the memory for the sums, where nearly every line is of another account, product or day. */
    private static final int CELLS = 200_000;

    private final OwnConnection connection;
    private final UsageCopies copies;
    private final long file;
    private Arrivals arrivals = new Arrivals();
    private final WaitingKeys keys = new WaitingKeys();

    public BulkLoad(DataSource database, long file) {
        this.file = file;
        connection = new OwnConnection(database, true);
        copies = new UsageCopies(connection);
    }

    public JdbcClient jdbc() {
        return connection.jdbc();
    }

    /** True if a day ends before or in the batch: a day in two bulks is summed up twice. */
    public boolean endsADay(List<Claim> batch) {
        return !keys.isEmpty()
                && !batch.getLast().stated.isEmpty()
                && batch.getLast().stated.getLast().epochDay > keys.lastDay();
    }

    public boolean isFull() {
        return arrivals.size() >= CELLS;
    }

    public void add(List<Claim> batch, LineBatch raw, Admission admission) {
        connection.run(() -> {
            copies.records(batch, admission, arrivals);
            copies.quarantine(batch, raw);
            return true;
        });
        for (Claim claim : batch) {
            for (var stated : claim.taken()) keys.add(stated, claim.line);
        }
    }

    /** Takes all that was added, with what follows. */
    public void commit(Work<?> with) {
        var ordered = keys.rows(file);
        connection.commit(() -> {
            copies.keys(ordered);
            copies.arrivals(arrivals);
            return with.run();
        });
        arrivals = new Arrivals();
        keys.clear();
    }

    @Override
    public void close() {
        try (connection) {
            copies.close();
        }
    }
}
