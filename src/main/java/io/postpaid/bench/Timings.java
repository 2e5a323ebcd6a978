package io.postpaid.bench;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** How long each piece of work took, over the runs; what is asked for is the median. */
final class Timings {
    private static final BigDecimal NANOS = BigDecimal.valueOf(1_000_000_000);
    private static final MathContext DIGITS = new MathContext(4);

    private final Map<String, List<Long>> nanos = new LinkedHashMap<>();
    private final Map<String, Processors.Used> used = new HashMap<>();
    private final Processors processors;

    Timings() {
        this(Processors.UNWATCHED);
    }

    Timings(Processors processors) {
        this.processors = processors;
    }

    interface Timed {
        void run() throws Exception;
    }

    void time(String name, Timed work) throws Exception {
        long began = System.nanoTime();
        watch(name, () -> {
            work.run();
            return name;
        });
        add(name, System.nanoTime() - began);
    }

    /** Adds what is at work meanwhile; how long it takes is told apart from that. */
    <T> T watch(String name, Callable<T> work) throws Exception {
        var before = processors.used();
        var done = work.call();
        used.merge(name, processors.used().minus(before), Processors.Used::plus);
        return done;
    }

    private @Nullable Cores cores(String name) {
        var all = used.get(name);
        return all == null ? null : all.cores();
    }

    void add(String name, long took) {
        nanos.computeIfAbsent(name, key -> new ArrayList<>()).add(Math.max(1, took));
    }

    private BigDecimal median(String name) {
        var sorted = nanos.getOrDefault(name, List.of()).stream().sorted().toList();
        if (sorted.isEmpty()) throw new IllegalStateException("nothing was measured of " + name);
        return BigDecimal.valueOf(sorted.get(sorted.size() / 2));
    }

    /** What was counted and not timed. */
    long count(String name) {
        return median(name).longValueExact();
    }

    /** How many a second, beside the same of the bare work. */
    Figure rates(String name, String work, String bare, long count, String unit, String goal) {
        return new Figure(name, rate(work, count), unit, rate(bare, count), ratio(work, bare), cores(work), goal);
    }

    /** How long something takes by itself. */
    Figure millis(String name, String work, String goal) {
        return new Figure(name, millis(work), "ms", null, null, cores(work), goal);
    }

    private BigDecimal rate(String name, long count) {
        return BigDecimal.valueOf(count).multiply(NANOS).divide(median(name), DIGITS);
    }

    /** How long work takes beside the same with less. */
    Figure seconds(String name, String work, String less, String goal) {
        return new Figure(name, seconds(work), "s", seconds(less), ratio(work, less), cores(work), goal);
    }

    /** The same of what is compared with nothing and has no goal. */
    Figure seconds(String name, String work) {
        return new Figure(name, seconds(work), "s", null, null, cores(work), "");
    }

    private BigDecimal seconds(String name) {
        return median(name).divide(NANOS, DIGITS);
    }

    /** How long one thing of many takes beside one of fewer. */
    Figure millis(String name, String one, String other, String goal) {
        return new Figure(name, millis(one), "ms", millis(other), ratio(one, other), cores(one), goal);
    }

    private BigDecimal millis(String name) {
        return median(name).divide(NANOS.movePointLeft(3), DIGITS);
    }

    private BigDecimal ratio(String one, String other) {
        return median(one).divide(median(other), DIGITS);
    }
}
