package io.postpaid.bench;

import io.postpaid.platform.batch.Runs;
import io.postpaid.platform.home.Home;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.springframework.core.io.ClassPathResource;

/** The whole nightly run with the records of one day, in books that are empty or have twelve months behind them. */
final class HistoryStage implements Stage {
    private static final int MONTHS = 12;
    private static final int NIGHTS = 3;

    @Override
    public void measure(World world, Month month, Timings timings, String prefix) throws Exception {
        nights(world, month, timings, prefix + "nightly");
        try (var old = month.another().get()) {
            history(old, month);
            nights(old, month, timings, prefix + "nightly-with-history");
        }
    }

    @Override
    public List<Figure> figures(Month month, Timings timings) {
        return List.of(timings.seconds(
                "nightly run, 12 months of history", "nightly-with-history", "nightly", "ratio <= 1.2"));
    }

    private static void nights(World world, Month month, Timings timings, String name) throws Exception {
        for (int night = 0; night <= NIGHTS; night++) {
            var day = Bench.FIRST.plusDays(night);
            SeededMonth.write(
                    world.get(Home.class).inbox().resolve("usage-" + day + ".ndjson.gz"),
                    SeededMonth.OWN_NAMES,
                    Math.max(1, month.records() / 31),
                    month.accounts(),
                    day,
                    1);
            world.at(day.plusDays(1));
            // As after a day.
            world.checkpoint();
            long began = System.nanoTime();
            world.get(Runs.class).nightly(day.plusDays(1));
            // The first night grants allowances and warms up.
            if (night > 0) timings.add(name, System.nanoTime() - began);
        }
    }

    /** Each month: every day of every account and product metered, rated and posted; of the raw records, one in ten. */
    private static void history(World world, Month month) throws IOException {
        var statements = new ClassPathResource("bench/history.sql")
                .getContentAsString(StandardCharsets.UTF_8)
                .split(";\\R\\s*");
        for (int ago = MONTHS; ago >= 1; ago--) {
            var first = Bench.FIRST.minusMonths(ago);
            for (var sql : statements) {
                world.jdbc
                        .sql(sql)
                        .param("first", first)
                        .param("records", Math.max(1, month.records() / 10))
                        .query()
                        .listOfRows();
            }
        }
        world.jdbc.sql("vacuum (analyze)").update();
    }
}
