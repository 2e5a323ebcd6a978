package io.postpaid.platform.batch;

import static java.util.stream.Collectors.toMap;

import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * What became of the items of one execution of a step. What an item throws is held with its reason, and the step goes on;
 * only what would meet every item too is thrown on. Safe for many threads.
 */
final class Outcomes {
    private static final Logger LOG = LoggerFactory.getLogger(Outcomes.class);
    /** Bound while an item is at work: what is rolled back then concerns this item alone. */
    static final ScopedValue<Boolean> ITEM = ScopedValue.newInstance();

    private static final long FEW = 20;
    private static final int ONE_IN = 20;

    private final HeldItems book;
    private final String step;
    private final @Nullable LocalDate period;
    private final long run;
    private final BooleanSupplier goOn;
    private final Map<Item, Boolean> open;
    private final AtomicLong tried = new AtomicLong();
    private final Map<String, AtomicLong> reasons = new ConcurrentHashMap<>();
    private final Set<Item> counted = ConcurrentHashMap.newKeySet();
    /** What would meet every item: nothing new is begun. */
    private volatile @Nullable Throwable broken;
    /** Items were left that had been read. */
    private volatile boolean leaves;

    /** @param goOn whether another item may be begun */
    Outcomes(HeldItems book, String step, @Nullable LocalDate period, long run, BooleanSupplier goOn) {
        this.book = book;
        this.step = step;
        this.period = period;
        this.run = run;
        this.goOn = goOn;
        this.open = book.open(step);
    }

    /** What became of a batch, in a thread of its own maybe. */
    record Tried(Done done, @Nullable Throwable broken) {}

    /** Does some items at once; if that throws, each by itself. */
    <T> Tried attempt(List<T> some, Function<T, Item> item, Function<List<T>, Done> work) {
        if (broken != null) return new Tried(Done.of(0, 0, 0), broken);
        if (!mayGoOn()) return new Tried(Done.NOTHING, null);
        // In a thread of its own maybe, whose lines of the log say whose they are.
        try (var ofRun = MDC.putCloseable(RunLog.RUN, String.valueOf(run));
                var ofStep = MDC.putCloseable(RunLog.STEP, step)) {
            return new Tried(tried(some, item, work), null);
        } catch (Throwable thrown) {
            broken = thrown;
            return new Tried(Done.of(some.size(), 0, 0), thrown);
        }
    }

    private <T> Done tried(List<T> some, Function<T, Item> item, Function<List<T>, Done> work) {
        final Done done;
        try {
            done = ScopedValue.where(ITEM, true).call(() -> work.apply(some));
        } catch (Throwable thrown) {
            // Somebody else may have had it already, which is no fault of the item.
            if (!mayGoOn()) return Done.NOTHING;
            if (some.size() == 1) {
                held(item.apply(some.getFirst()), thrown);
                return Done.SKIPPED;
            }
            rethrowIfOfEverything(thrown);
            return some.stream()
                    .map(one -> tried(List.of(one), item, work))
                    .reduce(Done::plus)
                    .orElseThrow();
        }
        var found = done.held().stream().collect(toMap(one -> one.item().name(), one -> one));
        for (var one : some) {
            var named = item.apply(one);
            var left = found.remove(named.name());
            if (left == null) {
                done(named);
            } else {
                hold(left, named);
            }
        }
        found.values().forEach(part -> hold(part, part.item()));
        return done;
    }

    private boolean mayGoOn() {
        if (!goOn.getAsBoolean()) leaves = true;
        return !leaves;
    }

    /** Whether items were left, for somebody else to do. */
    boolean leaves() {
        return leaves;
    }

    /** Another step's, which are not judged here. */
    Outcomes of(String step) {
        return new Outcomes(book, step, null, run, goOn);
    }

    /** What is to be judged, for the process that judges. */
    record Tally(long tried, Map<String, Long> reasons) {
        static final Tally NONE = new Tally(0, Map.of());
    }

    /** What came since it was asked for the last time. */
    synchronized Tally tally() {
        var since = new HashMap<String, Long>();
        reasons.forEach((reason, count) -> {
            long some = count.getAndSet(0);
            if (some > 0) since.put(reason, some);
        });
        return new Tally(tried.getAndSet(0), since);
    }

    /** Judges with the others what another process has tried. */
    void add(Tally other) {
        tried.addAndGet(other.tried);
        other.reasons.forEach((reason, count) ->
                reasons.computeIfAbsent(reason, same -> new AtomicLong()).addAndGet(count));
    }

    /** Holds an item for what it threw. */
    void held(Item item, Throwable thrown) {
        rethrowIfOfEverything(thrown);
        var reason = Failure.reason(thrown);
        // The trace of the first one is enough.
        if (reasons.containsKey(reason) || Failure.isForeseen(thrown)) {
            LOG.warn("{}: {} is held: {}", step, item.name(), Failure.detail(thrown));
        } else {
            LOG.warn("{}: {} is held", step, item.name(), thrown);
        }
        hold(item, reason, Failure.detail(thrown));
    }

    static void rethrowIfOfEverything(Throwable thrown) {
        if (!Failure.ofEverything(thrown)) return;
        if (thrown instanceof Error error) throw error;
        throw (RuntimeException) thrown;
    }

    private void hold(Done.Held held, Item item) {
        if (held.waits()) book.hold(step, item, held.reason(), held.detail(), run);
        else hold(item, held.reason(), held.detail());
    }

    void hold(Item item, String reason, String detail) {
        // Parallel workers of a step share it. What a complete run has left is not judged again.
        if (counted.add(item) && !open.getOrDefault(key(item), false)) {
            tried.incrementAndGet();
            reasons.computeIfAbsent(reason, same -> new AtomicLong()).incrementAndGet();
        }
        book.hold(step, item, reason, detail, run);
    }

    void done(Item item) {
        tried.incrementAndGet();
        if (open.containsKey(key(item))) book.resolve(step, item, run);
    }

    private static Item key(Item item) {
        return new Item(item.name(), null, item.period());
    }

    /** Why the step must fail: so many items are held for one reason that it cannot be theirs. */
    @Nullable
    String objection() {
        return reasons.entrySet().stream()
                .filter(reason ->
                        reason.getValue().get() > FEW && reason.getValue().get() * ONE_IN > tried.get())
                .findFirst()
                .map(reason -> step + ": " + reason.getValue() + " of " + tried
                        + " items are held for the same reason (" + reason.getKey()
                        + "), so something is wrong for all of them. ./postpaid held lists them")
                .orElse(null);
    }

    /** Ends a step that came to its end. */
    void end() {
        if (!open.isEmpty()) book.resolveAllBut(step, period, run);
    }
}
