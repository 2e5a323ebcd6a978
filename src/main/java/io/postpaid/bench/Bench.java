package io.postpaid.bench;

import io.postpaid.platform.home.Home;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Measures every stage of the product on this machine, three times behind a run to warm up, beside the bare work. */
@Component
public class Bench {
    static final LocalDate FIRST = LocalDate.of(2026, 10, 1);
    static final LocalDate NEXT = FIRST.plusMonths(1);
    static final int DAYS = 31;
    private static final int RUNS = 3;
    /** So few records measure nothing, and show that the stages work. */
    private static final long TRIAL = 10_000;

    private static final String HALF = "half-";

    /** Ingest, metering and rating, and issuing, which need each other. */
    private static final String MONTH = "month";

    private static final Map<String, Stage> ON_THEIR_OWN = Map.of(
            "history", new HistoryStage(),
            "pdf", new PdfStage(),
            "ingest-mapped", new MappedStage(),
            "month-end", new MonthEndStage(),
            "rehearse", new RehearseStage(),
            "gate", new GateStage());

    /** What can be measured by itself, in the order in which all of it is. */
    public static final List<String> STAGES =
            List.of(MONTH, "history", "pdf", "ingest-mapped", "rehearse", "month-end", "gate");

    private final Home home;
    private final JdbcConnectionDetails server;
    private final JdbcClient jdbc;
    private final AtomicInteger databases = new AtomicInteger();

    Bench(Home home, JdbcConnectionDetails server, JdbcClient jdbc) {
        this.home = home;
        this.server = server;
        this.jdbc = jdbc;
    }

    /** Starts the product with settings that win over all others; no real card and no real mail server may be reached. */
    @FunctionalInterface
    public interface Opener {
        /** @param serving whether it answers over HTTP, too */
        ConfigurableApplicationContext open(Map<String, Object> settings, boolean serving);
    }

    /**
     * Measures; takes minutes for a million records.
     *
     * @param stages of {@link #STAGES}
     * @param told what is being done
     */
    public List<Figure> run(Collection<String> stages, long records, int accounts, Opener opener, Consumer<String> told)
            throws Exception {
        tidy();
        var folder = Files.createTempDirectory(home.path(), "bench-");
        try {
            var figures = new ArrayList<Figure>();
            var whole = month(folder, records, accounts, opener);
            for (var name : STAGES) {
                if (!stages.contains(name)) continue;
                var stage = ON_THEIR_OWN.get(name);
                if (stage == null) {
                    var half = month(folder, Math.max(1, records / 2), Math.max(1, accounts / 2), opener);
                    figures.addAll(months(whole, half, told));
                } else {
                    told.accept(name);
                    var timings = new Timings(processors());
                    measure(List.of(stage), whole, timings, "");
                    figures.addAll(stage.figures(whole, timings));
                }
            }
            return List.copyOf(figures);
        } finally {
            try (var files = Files.list(folder)) {
                for (var file : files.toList()) Files.delete(file);
            }
            Files.delete(folder);
        }
    }

    private List<Figure> months(Month whole, Month half, Consumer<String> told) throws Exception {
        var timings = new Timings(processors());
        var heap = HeapPeak.watch();
        // What the first run compiles would be counted to the whole month, and never to the half.
        told.accept("to warm up, %d records: ingest, meter and rate, issue".formatted(half.records()));
        measure(Stages.OF_MONTH, half, new Timings(), "");
        int runs = runs(whole.records());
        for (int run = 1; run <= runs; run++) {
            for (var size : List.of(Map.entry("", whole), Map.entry(HALF, half))) {
                told.accept("run %d of %d, %d records: ingest, meter and rate, issue"
                        .formatted(run, runs, size.getValue().records()));
                measure(Stages.OF_MONTH, size.getValue(), timings, size.getKey());
            }
        }
        return figures(timings, whole.records(), heap.bytes());
    }

    static int runs(long records) {
        return records < TRIAL ? 1 : RUNS;
    }

    /** Removes the databases of a bench that was killed. */
    private void tidy() {
        var databases = jdbc.sql("select datname from pg_database where datname like 'postpaid_bench_%'")
                .query(String.class)
                .list();
        for (var name : databases) {
            long process = Long.parseLong(name.split("_")[2]);
            if (ProcessHandle.of(process).isEmpty()) {
                jdbc.sql("drop database if exists " + name + " with (force)").update();
            }
        }
    }

    private void measure(List<Stage> stages, Month month, Timings timings, String prefix) throws Exception {
        try (var world = month.another().get()) {
            world.at(NEXT);
            for (var stage : stages) stage.measure(world, month, timings, prefix);
        }
    }

    private Month month(Path folder, long records, int accounts, Opener opener) throws IOException {
        var file = folder.resolve("usage-" + records + ".ndjson.gz");
        SeededMonth.write(file, SeededMonth.OWN_NAMES, records, accounts, FIRST, DAYS);
        return new Month(
                records,
                accounts,
                file,
                folder,
                count -> open(opener, count, false),
                () -> open(opener, accounts, true));
    }

    private Processors processors() {
        return Processors.with(jdbc);
    }

    private World open(Opener opener, int accounts, boolean serving) {
        var name = "postpaid_bench_" + ProcessHandle.current().pid() + "_" + databases.incrementAndGet();
        jdbc.sql("create database " + name).update();
        Runnable drop = () ->
                jdbc.sql("drop database if exists " + name + " with (force)").update();
        var settings = new LinkedHashMap<String, Object>();
        try {
            settings.put(
                    "POSTPAID_HOME",
                    Files.createTempDirectory(home.path(), "bench-home-").toString());
            // Before a run is due.
            settings.put("POSTPAID_NOW", FIRST + "T07:00:00Z");
            settings.put("spring.datasource.url", server.getJdbcUrl().replaceFirst("(//[^/]+/)[^?]*", "$1" + name));
            settings.put("spring.datasource.username", text(server.getUsername()));
            settings.put("spring.datasource.password", text(server.getPassword()));
            // Any port that is free, and a key that may call as often as it can.
            if (serving) {
                settings.putAll(
                        Map.of("POSTPAID_HOST", "127.0.0.1", "POSTPAID_PORT", 0, "POSTPAID_KEY_RATE", 1_000_000));
            }
            return new World(opener.open(settings, serving), drop, accounts);
        } catch (IOException | RuntimeException e) {
            drop.run();
            throw e instanceof RuntimeException failure ? failure : new IllegalStateException(e);
        }
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }

    private static List<Figure> figures(Timings timings, long records, long peak) {
        long invoices = timings.count("invoices");
        var copy = "ratio <= 0.8, value >= 100000";
        var figures = new ArrayList<Figure>();
        figures.add(timings.rates("ingest, beside COPY", "ingest", "copy", records, "records/s", copy));
        figures.add(timings.rates(
                "meter and rate, beside group by", "meter-and-rate", "group-by", records, "records/s", "ratio <= 0.6"));
        figures.add(timings.rates(
                "draft and issue, beside empty commits", "issue", "commits", invoices, "invoices/s", "value >= 1000"));
        for (var stage : List.of("ingest", "meter-and-rate", "issue")) {
            figures.add(timings.seconds("twice as much: " + stage, stage, HALF + stage, "ratio <= 2.2"));
        }
        figures.add(Figure.of("peak heap", Math.max(1, peak >> 20), "MB", "value <= 384"));
        var size = Math.max(1, timings.count("bytes") / records);
        figures.add(Figure.of("database size of a record", size, "bytes", "value <= 500"));
        return List.copyOf(figures);
    }
}
