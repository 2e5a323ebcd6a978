package io.postpaid.usage.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.usage.aggregate.Aggregation.Request;
import io.postpaid.usage.mapping.Mapping;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever form usage has, and whatever is wrong with it, both ways come to the same. */
class SamenessTest {
    private static final int MONTHS = Integer.getInteger("spark.months", 1);

    @TempDir
    Path folder;

    private SparkProcess spark;

    @BeforeEach
    void theJobIsBuilt() {
        spark = SparkJob.process("-Xmx1g");
    }

    @Test
    void monthsDrawnByChance() throws IOException {
        long seed = Long.getLong("seed", System.nanoTime());
        for (long each = seed; each < seed + MONTHS; each++) {
            var from = folder.resolve("month-" + each);
            new UsageMonth(each).write(from, 3, 300);
            both(from, null).areSame("seed " + each);
        }
    }

    @Test
    void parquetIsReadByAMapping() throws IOException {
        var from = Files.createDirectories(folder.resolve("parquet"));
        Files.copy(Path.of("src/test/resources/parquet/flat.parquet"), from.resolve("a.parquet"));
        Files.copy(Path.of("src/test/resources/parquet/flat.parquet"), from.resolve("b.parquet"));
        var ways = both(from, Mapping.parse("flat.yaml", """
                format: parquet
                source: warehouse
                timezone: UTC
                fields:
                  id:          {column: micros}
                  account:     {column: account}
                  product:     {value: image}
                  quantity:    {column: amount}
                  occurred_at: {column: micros}
                """));
        ways.areSame("parquet");
        assertThat(ways.aggregated().strings(AggregationTest.TIES)).hasSize(2);
        assertThat(ways.aggregated().strings(AggregationTest.QUARANTINE)).isNotEmpty();
    }

    @Test
    void logsAreReadByAMapping() throws IOException {
        var from = Files.createDirectories(folder.resolve("logs"));
        var line = "10.0.0.%d - %s [03/Oct/2026:12:00:0%d +0200] \"GET /v1/%s HTTP/1.1\" %d 12 \"-\" \"curl\"\n";
        Files.writeString(
                from.resolve("a.log"),
                line.formatted(1, "acme", 1, "audio", 200)
                        + line.formatted(2, "-", 1, "audio", 200)
                        + line.formatted(3, "globex", 2, "image", 503)
                        + "torn\n"
                        + line.formatted(4, "nobody", 3, "audio", 200));
        Files.writeString(
                from.resolve("b.log"),
                line.formatted(1, "acme", 1, "audio", 200) + line.formatted(5, "acme", 4, "unknown", 200));
        var mapping = Files.readString(Path.of("src/main/resources/mappings/nginx-combined.yaml"));
        var ways = both(from, Mapping.parse("nginx-combined.yaml", mapping));
        ways.areSame("logs");
        assertThat(ways.aggregated().arrivals()).hasSize(2);
    }

    private BothWays both(Path from, @Nullable Mapping mapping) throws IOException {
        var ways = new BothWays();
        ways.ingest(from, mapping);
        ways.aggregate(
                spark,
                folder.resolve("home-" + from.getFileName()),
                new Request("run", from.toString(), mapping, null, "local[2]"));
        return ways;
    }
}
