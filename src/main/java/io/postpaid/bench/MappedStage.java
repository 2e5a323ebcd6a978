package io.postpaid.bench;

import io.postpaid.usage.intake.Ingestion;
import io.postpaid.usage.mapping.Mapping;
import io.postpaid.usage.mapping.Mappings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The records of the month from logs of other programs, each through its mapping; bare: from a file with the product's own names. */
final class MappedStage implements Stage {
    private static final String PLAIN = "plain";

    @Override
    public void measure(World world, Month month, Timings timings, String prefix) throws Exception {
        for (var log : MappedLog.values()) {
            SeededMonth.write(file(month, log), log.form, lines(month, log), month.accounts(), Bench.FIRST, Bench.DAYS);
        }
        var heap = HeapPeak.watch();
        for (int run = 0; run <= Bench.runs(month.records()); run++) {
            // What the first run compiles would be counted to the log that comes first.
            var counted = run == 0 ? new Timings() : timings;
            ingest(world, month.file(), null, month.records(), counted, prefix + PLAIN);
            for (var log : MappedLog.values()) {
                var mapping = log.mapping.apply(world.get(Mappings.class));
                long records = lines(month, log) * log.recordsALine;
                ingest(world, file(month, log), mapping, records, counted, prefix + log);
            }
        }
        timings.add(prefix + "heap-mapped", heap.bytes() >> 20);
    }

    private static void ingest(
            World world, Path file, @Nullable Mapping mapping, long records, Timings timings, String name)
            throws Exception {
        world.jdbc.sql("truncate usage_file cascade").update();
        world.jdbc.sql("truncate usage_key, usage_record, arrived_batch").update();
        world.checkpoint();
        timings.time(name, () -> {
            var outcome = world.get(Ingestion.class).ingest(file, mapping, _ -> {});
            if (outcome.records() != records) throw new IllegalStateException("not all was taken: " + outcome);
        });
    }

    private static Path file(Month month, MappedLog log) {
        return month.folder().resolve("log-" + log + ".gz");
    }

    /** As many records as the month has, of as many lines as that takes. */
    private static long lines(Month month, MappedLog log) {
        return Math.max(1, month.records() / log.recordsALine);
    }

    @Override
    public List<Figure> figures(Month month, Timings timings) {
        var figures = new ArrayList<Figure>();
        for (var log : MappedLog.values()) {
            figures.add(timings.rates(
                    "ingest " + log.title + ", beside own names",
                    log.name(),
                    PLAIN,
                    month.records(),
                    "records/s",
                    "ratio <= 2.0"));
        }
        figures.add(Figure.of("peak heap, mapped", timings.count("heap-mapped"), "MB", "value <= 384"));
        return List.copyOf(figures);
    }
}
