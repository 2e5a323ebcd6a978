package io.postpaid.batch;

import java.util.concurrent.atomic.AtomicLong;

/** What a step has done so far; safe to be counted up by many threads. */
public final class Tally {
    private final AtomicLong read = new AtomicLong();
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong skipped = new AtomicLong();

    public void read(long count) {
        read.addAndGet(count);
    }

    public void written(long count) {
        written.addAndGet(count);
    }

    /** Counts what was looked at and left for a reason that stands in a table (quarantined, held, declined). */
    public void skipped(long count) {
        skipped.addAndGet(count);
    }

    public long read() {
        return read.get();
    }

    public long written() {
        return written.get();
    }

    public long skipped() {
        return skipped.get();
    }
}
