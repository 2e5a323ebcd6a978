package io.postpaid.usage.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.usage.format.JsonLines;
import io.postpaid.usage.format.RawLines;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** A million records, and where the time goes: {@code mvn test -Dtest=IngestionBenchmark -Dbenchmark=1000000}. */
@EnabledIfSystemProperty(named = "benchmark", matches = "\\d+")
class IngestionBenchmark {
    private static final int RECORDS = Integer.getInteger("benchmark", 0);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void aMillionRecords() throws IOException {
        var usage = new UsageFixture();
        for (int i = 0; i < 1_000; i++) {
            usage.account("account-" + i);
        }
        Path file = folder.resolve("usage.ndjson");
        try (var out = Files.newBufferedWriter(file)) {
            for (int i = 0; i < RECORDS; i++) {
                out.write("""
                        {"id":"01J9-%d","account":"account-%d","product":"audio","quantity":"%d.%d","occurred_at":"2026-10-%02dT%02d:%02d:00Z","outcome":"succeeded","operation":"predict"}
                        """.formatted(i, i % 1_000, i % 300, i % 10, 1 + i % 31, i % 24, i % 60));
            }
        }
        for (int round = 0; round < 3; round++) {
            long started = System.nanoTime();
            parseOnly(file);
            report("reading, parsing and keying alone", started);
        }
        long started = System.nanoTime();
        assertThat(usage.ingestion(50_000).ingest(file, null, _ -> {}).accepted())
                .isEqualTo(RECORDS);
        report("ingest", started);
        started = System.nanoTime();
        assertThat(usage.ingestion(50_000).ingest(file, null, _ -> {}).duplicates())
                .isEqualTo(RECORDS);
        report("ingest again, all duplicates", started);
    }

    private static void parseOnly(Path file) throws IOException {
        try (var lines = new RawLines(Files.newInputStream(file));
                var pipeline = new ParsePipeline(lines, new JsonLines(), 1, 50_000)) {
            int count = 0;
            for (var parsed = pipeline.next(); parsed != null; parsed = pipeline.next()) {
                count += parsed.claims().size();
            }
            assertThat(count).isEqualTo(RECORDS);
        }
    }

    private static void report(String what, long started) {
        Duration took = Duration.ofNanos(System.nanoTime() - started);
        String line = "%s: %d records in %d ms, %d/s, heap limit %d MB"
                .formatted(
                        what,
                        RECORDS,
                        took.toMillis(),
                        RECORDS * 1_000L / Math.max(1, took.toMillis()),
                        Runtime.getRuntime().maxMemory() >> 20);
        System.out.write((line + "\n").getBytes(StandardCharsets.UTF_8), 0, line.length() + 1);
        System.out.flush();
    }
}
