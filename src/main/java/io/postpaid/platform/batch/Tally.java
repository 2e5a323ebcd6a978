package io.postpaid.platform.batch;

import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a step has done so far; safe to be counted up by many threads. */
public final class Tally {
    private final AtomicLong read = new AtomicLong();
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong skipped = new AtomicLong();
    private volatile @Nullable Plan plan;
    private final @Nullable Outcomes outcomes;

    /** For work outside of a step: what an item throws is thrown on. */
    public Tally() {
        this.outcomes = null;
    }

    Tally(Outcomes outcomes) {
        this.outcomes = outcomes;
    }

    /** Does an item, which commits by itself. What it throws is its own outcome: it is held, and the step goes on. */
    public void item(Item item, Runnable work) {
        if (outcomes == null) {
            work.run();
        } else {
            outcomes.attempt(item, work);
        }
    }

    /** Does many items at once; if that throws, each by itself. Both must commit by themselves what they do. */
    public <T> void items(List<T> batch, Function<T, Item> item, Consumer<List<T>> work) {
        try {
            ScopedValue.where(Outcomes.ITEM, true).run(() -> work.accept(batch));
        } catch (RuntimeException | StackOverflowError thrown) {
            if (outcomes == null || Failure.ofEverything(thrown)) throw thrown;
            batch.forEach(one -> item(item.apply(one), () -> work.accept(List.of(one))));
            return;
        }
        if (outcomes != null) batch.forEach(one -> outcomes.done(item.apply(one)));
    }

    /** Does some accounts, of which those may be found that have to be held; what it throws holds all of them. */
    public void accounts(List<String> accounts, Supplier<List<Steps.Held>> work) {
        if (outcomes == null) {
            var unused = work.get();
        } else {
            outcomes.attempt(accounts, work);
        }
    }

    /**
     * Does all accounts at once, and if that throws, each by itself. Both must commit by themselves what they do.
     *
     * @param accountsBehind a page of the accounts that have something to do, in their order, from behind one of them
     */
    public void everybody(Runnable all, Function<String, List<String>> accountsBehind, Consumer<String> one) {
        try {
            together(all);
        } catch (RuntimeException thrown) {
            if (stops(thrown)) throw thrown;
            Crew.pages("", accountsBehind, Function.identity())
                    .forEachRemaining(account -> item(Item.account(account), () -> one.accept(account)));
        }
    }

    /** Does all items at once, in a transaction of its own; the caller does each by itself if that throws. */
    public void together(Runnable work) {
        ScopedValue.where(Outcomes.ITEM, true).run(work);
    }

    /** Whether what was thrown would meet every item. */
    public boolean stops(RuntimeException thrown) {
        return outcomes == null || Failure.ofEverything(thrown);
    }

    /** The outcomes of another step's items, of a billing period, that this step tries again. */
    public Tally of(String step, LocalDate period) {
        return outcomes == null ? this : new Tally(outcomes.of(step, period));
    }

    /** Holds an item for a reason that was found. */
    public void held(Item item, String reason, String detail) {
        if (outcomes != null) outcomes.hold(item, reason, detail);
    }

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
        return skipped.get() + (outcomes == null ? 0 : outcomes.count());
    }
}
