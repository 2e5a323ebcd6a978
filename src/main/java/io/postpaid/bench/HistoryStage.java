package io.postpaid.bench;

import io.postpaid.platform.batch.Runs;
import io.postpaid.platform.home.Home;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.springframework.core.io.ClassPathResource;

/**
 * The whole nightly run with the records of one day, in books that are empty or have one year or three behind them. The books
 * take turns, night by night, so that what disturbs the machine disturbs all of them.
 */
final class HistoryStage implements Stage {
    private static final int YEAR = 12;
    private static final int YEARS = 36;
    private static final int NIGHTS = 5;
    private static final String NIGHTLY = "nightly";

    @Override
    public void measure(World world, Month month, Timings timings, String prefix) throws Exception {
        try (var old = month.another().get();
                var older = month.another().get()) {
            history(old, month, YEAR);
            history(older, month, YEARS);
            for (int night = 0; night <= NIGHTS; night++) {
                night(world, month, night, timings, prefix + NIGHTLY);
                night(old, month, night, timings, prefix + NIGHTLY + YEAR);
                night(older, month, night, timings, prefix + NIGHTLY + YEARS);
            }
        }
    }

    @Override
    public List<Figure> figures(Month month, Timings timings) {
        return List.of(
                timings.seconds("nightly run, 12 months of history", NIGHTLY + YEAR, NIGHTLY, "ratio <= 1.1"),
                timings.seconds("nightly run, 36 months of history", NIGHTLY + YEARS, NIGHTLY, "ratio <= 1.15"));
    }

    private static void night(World world, Month month, int night, Timings timings, String name) throws Exception {
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

    /** Each month: every day of every account and product metered, rated and posted; of the raw records, one in ten. */
    private static void history(World world, Month month, int months) throws IOException {
        var statements = new ClassPathResource("bench/history.sql")
                .getContentAsString(StandardCharsets.UTF_8)
                .split(";\\R\\s*");
        for (int ago = months; ago >= 1; ago--) {
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
