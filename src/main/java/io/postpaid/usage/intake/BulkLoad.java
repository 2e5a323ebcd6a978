package io.postpaid.usage.intake;

import io.postpaid.usage.admission.Admission;
import io.postpaid.usage.admission.Arrivals;
import io.postpaid.usage.admission.KeyOrder;
import io.postpaid.usage.admission.KeyedBatch;
import io.postpaid.usage.admission.UsageCopies;
import io.postpaid.usage.admission.UsageCopies.KeyTaken;
import io.postpaid.usage.admission.UsageStore;
import io.postpaid.usage.admission.Verdict;
import io.postpaid.usage.intake.FileLog.Entry;
import io.postpaid.usage.record.UsageRecord;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.stream.IntStream;
import javax.sql.DataSource;

/**
 * Many batches of a file in one transaction, in the hope that none of their keys was ever seen. Records are copied as they
 * come; their keys and sums wait until there are so many that the order of keys and of accounts pays.
 *
 * <p>Where the hope fails, {@link KeyTaken} is thrown, and nothing since the last commit was taken.
 */
final class BulkLoad implements AutoCloseable {
    /** Bounds the memory for the sums, where nearly every line is of another account, product or day. */
    private static final int CELLS = 200_000;

    private final Connection connection;
    private final UsageCopies copies;
    private final int lines;
    private Entry committed;
    private Entry reached;
    private Arrivals arrivals = new Arrivals();

    private long[] first = new long[1 << 12];
    private long[] last = first.clone();
    private long[] content = first.clone();
    private long[] line = first.clone();
    private int[] day = new int[first.length];
    private int size;

    /** @param lines after so many, or a few more, what was added is committed */
    BulkLoad(DataSource database, Entry from, int lines) {
        this.lines = lines;
        this.committed = from;
        this.reached = from;
        try {
            connection = database.getConnection();
            UsageStore.lockTimeout(connection, "set lock_timeout = 0");
            connection.setAutoCommit(false);
            copies = new UsageCopies(connection);
        } catch (SQLException e) {
            throw UsageStore.failed(e);
        }
    }

    /** How far the file is added, committed or not. */
    Entry reached() {
        return reached;
    }

    /** True if nothing was added since the last commit. */
    boolean isEmpty() {
        return reached.lines() == committed.lines();
    }

    /** True if the bulk is nearly full and a day ends before or in the batch: a day in two bulks is summed up twice. */
    boolean endsBefore(KeyedBatch batch) {
        return size > 0
                && batch.size() > 0
                && reached.lines() - committed.lines() >= lines * 3L / 4
                && batch.line(batch.size() - 1) instanceof UsageRecord usage
                && UsageCopies.day(usage.occurredAt()).toEpochDay() > day[size - 1];
    }

    void add(ParsePipeline.Parsed parsed, Verdict[] verdicts, Admission admission) {
        var batch = parsed.batch();
        try {
            copies.records(batch, verdicts, admission, arrivals);
            copies.quarantine(batch, verdicts, admission, parsed.raw());
        } catch (SQLException e) {
            throw UsageStore.failed(e);
        }
        for (int i : UsageStore.accepted(verdicts)) {
            key(batch, i);
        }
        reached = reached.plus(verdicts, parsed.raw().fingerprint());
        if (reached.lines() - committed.lines() >= lines || arrivals.cells().size() >= CELLS) {
            commit();
        }
    }

    private void key(KeyedBatch batch, int i) {
        if (size == first.length) {
            first = Arrays.copyOf(first, 2 * size);
            last = Arrays.copyOf(last, 2 * size);
            content = Arrays.copyOf(content, 2 * size);
            line = Arrays.copyOf(line, 2 * size);
            day = Arrays.copyOf(day, 2 * size);
        }
        var key = batch.key(i);
        first[size] = key.getMostSignificantBits();
        last[size] = key.getLeastSignificantBits();
        content[size] = batch.content(i);
        line[size] = batch.number(i);
        day[size] = Math.toIntExact(UsageCopies.day(batch.occurredAt(i)).toEpochDay());
        size++;
    }

    /** Takes all that was added, with the file's tie-out. */
    void commit() {
        if (isEmpty()) {
            return;
        }
        int[] order = KeyOrder.of(IntStream.range(0, size).toArray(), i -> first[i], i -> last[i]);
        for (int n = 1; n < size; n++) {
            if (first[order[n]] == first[order[n - 1]] && last[order[n]] == last[order[n - 1]]) {
                throw new KeyTaken(null);
            }
        }
        try {
            copies.keys(rows -> {
                for (int i : order) {
                    rows.row(5).uuid(first[i], last[i]).int8(content[i]);
                    rows.int8(committed.id()).int8(line[i]).date(day[i]);
                }
            });
            copies.arrivals(arrivals);
            FileLog.advance(connection, committed, reached);
            connection.commit();
        } catch (SQLException e) {
            throw UsageStore.failed(e);
        }
        committed = reached;
        arrivals = new Arrivals();
        size = 0;
    }

    /** Goes on behind what was taken outside of it. */
    void resume(Entry from) {
        committed = from;
        reached = from;
    }

    @Override
    public void close() {
        try (connection) {
            connection.rollback();
            connection.setAutoCommit(true);
            UsageStore.lockTimeout(connection, "reset lock_timeout");
        } catch (SQLException e) {
            throw UsageStore.failed(e);
        }
    }
}
