package io.postpaid.batch;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What a step has done so far; safe to be counted up by many threads. */
public final class Tally {
    private final AtomicLong read = new AtomicLong();
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong skipped = new AtomicLong();
    private volatile @Nullable Plan plan;

    /** How much there is to read, and what was read by the time that this was known. */
    private record Plan(long count, long readBefore, long begunAt) {}

    /** How far a step is. */
    record Progress(long done, long of, long perSecond, Duration left) {}

    /** So many more are going to be read: from now on it can be told when that is done. */
    public void expect(long count) {
        plan = new Plan(count, read.get(), System.nanoTime());
    }

    Optional<Progress> progress() {
        var known = plan;
        if (known == null) return Optional.empty();
        long done = read.get() - known.readBefore();
        long nanos = System.nanoTime() - known.begunAt();
        if (done <= 0 || nanos <= 0) return Optional.empty();
        var left = Duration.ofNanos(Math.max(0, known.count() - done) * (nanos / done));
        return Optional.of(
                new Progress(done, known.count(), done * Duration.ofSeconds(1).toNanos() / nanos, left));
    }

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
