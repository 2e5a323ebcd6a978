package io.postpaid.platform.batch;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
    private final Map<Item, Boolean> open;
    private final AtomicLong tried = new AtomicLong();
    private final Map<String, AtomicLong> reasons = new ConcurrentHashMap<>();
    private final Set<Item> counted = ConcurrentHashMap.newKeySet();

    Outcomes(HeldItems book, String step, @Nullable LocalDate period, long run) {
        this.book = book;
        this.step = step;
        this.period = period;
        this.run = run;
        this.open = book.open(step);
    }

    /** Does an item, which commits by itself what it does. */
    void attempt(Item item, Runnable work) {
        try {
            ScopedValue.where(ITEM, true).run(work);
        } catch (Throwable thrown) {
            held(item, thrown);
            return;
        }
        done(item);
    }

    void attempt(List<String> accounts, Supplier<List<Steps.Held>> work) {
        try {
            settle(
                    accounts,
                    Objects.requireNonNull(ScopedValue.where(ITEM, true).call(work::get)));
        } catch (RuntimeException | StackOverflowError thrown) {
            accounts.forEach(account -> held(account(account), thrown));
        }
    }

    void settle(List<String> accounts, List<Steps.Held> found) {
        found.forEach(account -> hold(account(account.account()), account.reason(), account.detail()));
        var left = found.stream().map(Steps.Held::account).collect(Collectors.toSet());
        accounts.stream().filter(account -> !left.contains(account)).forEach(account -> done(account(account)));
    }

    /** Another step's, which are not judged here. */
    Outcomes of(String step, LocalDate period) {
        return new Outcomes(book, step, period, run);
    }

    /** Holds an item for what it threw. */
    void held(Item item, Throwable thrown) {
        rethrowIfOfEverything(thrown);
        var reason = Failure.reason(thrown);
        // The trace of the first one is enough; what was found, and not thrown by something else, needs none.
        if (reasons.containsKey(reason) || thrown instanceof HeldException && thrown.getCause() == null) {
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

    /** An account in a step of a period is an item of that period. */
    Item account(String id) {
        return Item.account(id).in(period);
    }

    private static Item key(Item item) {
        return new Item(item.name(), null, item.period());
    }

    long count() {
        return counted.size();
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
