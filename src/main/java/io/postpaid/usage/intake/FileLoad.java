package io.postpaid.usage.intake;

import io.postpaid.usage.admission.Admission;
import io.postpaid.usage.admission.BulkLoad;
import io.postpaid.usage.admission.Claim;
import io.postpaid.usage.admission.UsageStore;
import io.postpaid.usage.intake.FileLog.Entry;
import io.postpaid.usage.intake.ParsePipeline.Parsed;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How far a file is taken: batch by batch, or in bulk, many batches in a transaction. A batch with corrections is always taken
 * by itself: what they take back must be there, and their own keys may have to be given back.
 */
final class FileLoad implements AutoCloseable {
    private final UsageStore store;
    private final @Nullable BulkLoad bulk;
    private final int bulkLines;
    private Entry committed;
    private Entry reached;
    private @Nullable UUID lastKey;
    /** The first batch of what is not committed yet. */
    private List<Claim> first = List.of();

    /**
     * @param bulk null to take it batch by batch
     * @param bulkLines after so many lines, or a few more, what was added in bulk is committed
     */
    FileLoad(UsageStore store, Entry from, @Nullable BulkLoad bulk, int bulkLines) {
        this.store = store;
        this.committed = from;
        this.reached = from;
        this.bulk = bulk;
        this.bulkLines = bulkLines;
    }

    /** How far the file is added, committed or not. */
    Entry reached() {
        return reached;
    }

    /** Null when none of the lines that were added last states usage. */
    @Nullable
    UUID lastKey() {
        return lastKey;
    }

    void add(Parsed parsed) {
        lastKey = parsed.lastKey();
        if (bulk == null || parsed.corrects()) {
            commit();
            committed = write(store, committed, parsed);
            reached = committed;
            return;
        }
        if (waiting() >= bulkLines * 3L / 4 && bulk.endsADay(parsed.claims())) commit();
        Admission admission = store.admission(parsed.claims(), false);
        store.admit(parsed.claims(), admission, this::commit);
        bulk.add(parsed.claims(), parsed.raw(), admission);
        if (first.isEmpty()) first = parsed.claims();
        reached = reached.plus(parsed.claims(), parsed.raw().fingerprint());
        if (waiting() >= bulkLines || bulk.isFull()) commit();
    }

    private long waiting() {
        return reached.lines() - committed.lines();
    }

    void commit() {
        if (bulk == null || waiting() == 0) return;
        bulk.commit(() -> {
            new FileLog(bulk.jdbc()).advance(committed, reached);
            store.heard(bulk.jdbc(), first);
            return reached;
        });
        first = List.of();
        committed = reached;
    }

    /** Takes a batch in a transaction of its own, with the tie-out up to it. */
    static Entry write(UsageStore store, Entry before, Parsed parsed) {
        var admission = store.admission(parsed.claims(), false);
        return store.settle(parsed.claims(), admission, () -> {
            store.take(parsed.claims(), admission);
            store.quarantine(parsed.claims(), parsed.raw());
            store.heard(store.connection().jdbc(), parsed.claims());
            Entry after = before.plus(parsed.claims(), parsed.raw().fingerprint());
            new FileLog(store.connection().jdbc()).advance(before, after);
            return after;
        });
    }

    @Override
    public void close() {
        if (bulk != null) bulk.close();
    }
}
