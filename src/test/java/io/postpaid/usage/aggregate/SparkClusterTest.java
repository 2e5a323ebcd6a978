package io.postpaid.usage.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postpaid.usage.aggregate.Aggregation.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A cluster of two workers, one of which dies in the middle of a run, comes to the same as PostgreSQL. */
@EnabledIfSystemProperty(named = "spark.cluster", matches = "true")
class SparkClusterTest {
    private static final Pattern SUBMITTED = Pattern.compile("SparkListenerStageSubmitted");

    @TempDir
    Path folder;

    private Path events;

    /** Where the worker dies. */
    private enum When {
        MAP,
        SHUFFLE,
        WRITE
    }

    private SparkProcess spark;

    @BeforeEach
    void theJobIsBuilt() throws IOException {
        events = Files.createDirectories(folder.resolve("events"));
        spark = SparkJob.process(options());
    }

    @ParameterizedTest
    @EnumSource
    void aWorkerDies(When when) throws Exception {
        var from = folder.resolve("month");
        new UsageMonth(Long.getLong("seed", System.nanoTime())).write(from, 6, 10_000);
        var ways = new BothWays();
        ways.ingest(from, null);
        try (var cluster = new SparkCluster(folder.resolve("cluster"), 1)) {
            var dies = cluster.worker();
            var death = CompletableFuture.runAsync(() -> {
                await().atMost(Duration.ofMinutes(2))
                        .pollInterval(Duration.ofMillis(2))
                        .until(() -> has(when, cluster.localFolder(dies)));
                SparkCluster.kill(dies);
            });
            ways.aggregate(
                    spark,
                    folder.resolve("home"),
                    new Request(
                            "run", from.toString(), null, folder.resolve("kept").toString(), cluster.master()));
            assertThat(death).isCompleted();
        }
        ways.areSame(when.toString());
        assertThat(said()).contains("SparkListenerExecutorRemoved");
    }

    private String options() {
        return "-Xmx1g -Dspark.executor.memory=700m -Dspark.driver.host=127.0.0.1 -Dspark.eventLog.enabled=true"
                + " -Dspark.eventLog.compress=false -Dspark.eventLog.rolling.enabled=false -Dspark.eventLog.dir="
                + events.toUri();
    }

    private boolean has(When when, Path local) throws IOException {
        return switch (when) {
            case MAP -> any(local, path -> name(path).startsWith("temp_shuffle"));
            case SHUFFLE ->
                any(local, path -> name(path).matches("shuffle_.*data"))
                        && SUBMITTED.matcher(said()).results().count() > 1;
            case WRITE ->
                any(
                        folder.resolve("kept"),
                        path -> path.toString().contains("_temporary")
                                && name(path).endsWith(".parquet"));
        };
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }

    private String said() throws IOException {
        var text = new StringBuilder();
        try (var files = Files.list(events)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                try {
                    text.append(Files.readString(file));
                } catch (NoSuchFileException e) {
                    // It was given its last name meanwhile.
                }
            }
        }
        return text.toString();
    }

    private static boolean any(Path folder, Predicate<Path> wanted) {
        if (!Files.isDirectory(folder)) return false;
        try (var files = Files.walk(folder)) {
            return files.anyMatch(wanted);
        } catch (IOException | java.io.UncheckedIOException e) {
            // Something went while it was looked for.
            return false;
        }
    }
}
