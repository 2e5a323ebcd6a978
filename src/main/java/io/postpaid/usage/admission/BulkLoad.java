package io.postpaid.usage.admission;

import io.postpaid.usage.admission.OwnConnection.Work;
import io.postpaid.usage.format.LineBatch;
import java.util.ArrayList;
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

    /** Kept small: there are a million of them. */
    private record Key(long first, long last, long content, long line, int day) {}

    private final OwnConnection connection;
    private final UsageCopies copies;
    private final long file;
    private Arrivals arrivals = new Arrivals();
    private List<Key> keys = new ArrayList<>();

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
                && batch.getLast().stated.getLast().day().toEpochDay()
                        > keys.getLast().day();
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
            for (var stated : claim.taken()) {
                keys.add(new Key(
                        stated.key.getMostSignificantBits(),
                        stated.key.getLeastSignificantBits(),
                        stated.content,
                        claim.line,
                        Math.toIntExact(stated.day().toEpochDay())));
            }
        }
    }

    /** Takes all that was added, with what follows. */
    public void commit(Work<?> with) {
        var ordered = KeyOrder.of(keys, Key::first, Key::last);
        for (int i = 1; i < ordered.size(); i++) {
            Key key = ordered.get(i);
            Key before = ordered.get(i - 1);
            if (key.first() == before.first() && key.last() == before.last()) throw new KeyTaken(null);
        }
        connection.commit(() -> {
            copies.keys(rows -> {
                for (Key key : ordered) {
                    rows.row(5).uuid(key.first(), key.last()).int8(key.content());
                    rows.int8(file).int8(key.line()).date(key.day());
                }
            });
            copies.arrivals(arrivals);
            return with.run();
        });
        arrivals = new Arrivals();
        keys = new ArrayList<>();
    }

    @Override
    public void close() {
        connection.close();
    }
}
