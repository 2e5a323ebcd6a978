package io.postpaid.usage.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postpaid.platform.audit.Actor;
import io.postpaid.platform.audit.WhoActs;
import io.postpaid.platform.home.Home;
import io.postpaid.usage.admission.Windows;
import io.postpaid.usage.aggregate.Aggregation.Outcome;
import io.postpaid.usage.aggregate.Aggregation.Progress;
import io.postpaid.usage.aggregate.Aggregation.Request;
import io.postpaid.usage.format.UnreadableUsage;
import io.postpaid.usage.intake.IngestOutcome;
import io.postpaid.usage.intake.Quarantine.Released;
import io.postpaid.usage.intake.UsageFixture;
import io.postpaid.usage.mapping.Mapping;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.Period;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.util.FileSystemUtils;

/** Usage that is aggregated outside of the database comes to the same as usage that is taken in record by record. */
class AggregationTest {
    static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-01T08:00:00Z"));

    private static final Mapping MAPPING = Mapping.parse("mapping", """
            format: ndjson
            source: s
            fields:
              id: {column: id}
              account: {column: account}
              product: {column: product}
              quantity: {column: quantity}
              occurred_at: {column: occurred_at}
            """);

    static final Progress NOBODY = (_, _, _) -> {};

    static final String TIES = """
            select concat_ws(' ', name, format, lines, records, accepted, duplicates, quarantined, left_out, fingerprint)
              from usage_file
             where name not like 'run %'
             order by id""";

    static final String QUARANTINE = """
            select concat_ws(' ', f.name, q.line, q.reason, q.account, q.raw)
              from usage_quarantine q
              join usage_file f on f.id = q.file
             where q.released_at is null
             order by f.id, q.line""";

    static final String CORRECTIONS =
            "select concat_ws(' ', voided_key, key, account, line, applied_at is not null) from usage_void order by voided_key";

    static final String BROKEN = """
            select unnest(examples) from verify_files('2000-01-01')
             union all
            select unnest(examples) from verify_nothing_dropped()
             union all
            select unnest(examples) from verify_failed_free()
             union all
            select unnest(examples) from verify_metered_once()""";

    @TempDir
    Path folder;

    private SparkProcess spark;

    @BeforeEach
    void theJobIsBuilt() {
        spark = SparkJob.process("-Xmx1g");
    }

    private static final Windows WINDOWS = new Windows(Period.ofDays(90), Duration.ofMinutes(5));

    private Aggregation aggregation(UsageFixture books, InstantSource clock) {
        return new Aggregation(
                books.database(),
                new Home(folder.resolve("home")),
                new SnapshotStore(clock, WINDOWS),
                new RunImport(clock, new WhoActs(clock, List.of(), Actor.SYSTEM)),
                spark);
    }

    private Outcome aggregate(UsageFixture books, String run, String from) {
        return aggregation(books, CLOCK)
                .aggregate(new Request(run, folder.resolve(from).toString(), null, null, "local[2]"), NOBODY);
    }

    private void ingest(UsageFixture books, String from) throws IOException {
        try (var files = Files.list(folder.resolve(from))) {
            for (var file : files.sorted().toList()) books.ingest(file);
        }
    }

    @Test
    void aMonthInTwoRunsIsTheSameAsIngested() throws IOException {
        long seed = Long.getLong("seed", System.nanoTime());
        var month = new UsageMonth(seed);
        month.write(folder.resolve("first"), 3, 300);
        month.write(folder.resolve("second"), 3, 300);
        var ingested = new UsageFixture();
        ingest(ingested, "first");
        ingest(ingested, "second");
        ingested.correct();
        var aggregated = new UsageFixture();
        aggregate(aggregated, "one", "first");
        var outcome = aggregate(aggregated, "two", "second");
        assertThat(outcome.before()).isFalse();
        assertThat(aggregated.strings(TIES)).as("seed %d", seed).isEqualTo(ingested.strings(TIES));
        assertThat(aggregated.strings(QUARANTINE)).as("seed %d", seed).isEqualTo(ingested.strings(QUARANTINE));
        assertThat(aggregated.strings(CORRECTIONS)).as("seed %d", seed).isEqualTo(ingested.strings(CORRECTIONS));
        assertThat(aggregated.arrivals()).as("seed %d", seed).isEqualTo(ingested.arrivals());
        assertThat(aggregated.strings(BROKEN)).isEmpty();
        assertThat(ingested.strings(BROKEN)).isEmpty();

        assertThat(proof(aggregated).prove(null, "local[2]", NOBODY).holds()).isTrue();
        proofFindsWhatWasBent(aggregated);

        assertThat(aggregate(aggregated, "two", "second").before()).isTrue();
        assertThat(aggregated.arrivals()).isEqualTo(ingested.arrivals());
        assertThatThrownBy(() -> aggregate(aggregated, "two", "first"))
                .isInstanceOf(UnreadableUsage.class)
                .hasMessageContaining("another ID");
        // What came one way does not come the other.
        var before = aggregated.arrivals();
        var taken = aggregated.ingest("again.ndjson", Files.readString(folder.resolve("first/part-0.ndjson")));
        assertThat(taken.accepted()).isZero();
        assertThat(aggregated.arrivals()).isEqualTo(before);
        var elsewhere = new Request(
                "late",
                folder.resolve("second").toString(),
                null,
                folder.resolve("elsewhere").toString(),
                "local[2]");
        var refused = aggregation(ingested, CLOCK).aggregate(elsewhere, NOBODY);
        assertThat(refused.records()).isZero();
        assertThat(ingested.strings(BROKEN)).isEmpty();
    }

    private RunProof proof(UsageFixture books) {
        return new RunProof(books.database(), new Home(folder.resolve("home")), spark);
    }

    /** A sum of the one run, and a record of the other. */
    private void proofFindsWhatWasBent(UsageFixture books) throws IOException {
        var bent = books.strings("""
                select concat_ws(' ', run, account, product, day) from usage_run_sum where run = 'one' order by 1 limit 1""");
        JdbcClient.create(books.database()).sql("""
                set session_replication_role = replica;
                update usage_run_sum set quantity = quantity + 0.000000001
                 where concat_ws(' ', run, account, product, day) = '%s';
                reset session_replication_role""".formatted(bent.getFirst())).update();
        var lines = folder.resolve("home/aggregate/two/lines");
        Path part;
        try (var parts = Files.newDirectoryStream(lines, "part-*.parquet")) {
            part = parts.iterator().next();
        }
        var twice = Files.copy(part, lines.resolve("part-twice.parquet"));
        var found = proof(books).prove(null, "local[2]", NOBODY);
        assertThat(found.missing()).isEmpty();
        assertThat(found.differences())
                .filteredOn(each -> each.run().equals("one"))
                .allMatch(each -> each.quantity().compareTo(each.keptQuantity()) > 0)
                .extracting(each -> "%s %s %s %s".formatted(each.run(), each.account(), each.product(), each.day()))
                .containsOnly(bent.getFirst());
        assertThat(found.differences())
                .filteredOn(each -> each.run().equals("two"))
                .isNotEmpty()
                .allMatch(each -> each.keptRecords() > each.records() || each.keptVoided() > each.voided());
        Files.delete(twice);
    }

    private Released release(UsageFixture books) {
        return new RunRelease(
                        aggregation(books, CLOCK),
                        new SnapshotStore(CLOCK, WINDOWS),
                        books.quarantine,
                        new Home(folder.resolve("home")))
                .release(List.of(), "local[2]");
    }

    /** What is tried before leaves nothing; a line is released once, and stays known. */
    @Test
    void linesOfARunAreReleasedOnceTheirAccountIsThere() throws IOException {
        var books = new UsageFixture();
        var late = """
                {"source":"s","id":"1","account":"late","product":"audio","quantity":"5.10","occurred_at":"2026-10-03T12:00:00Z","metadata":{"b":[1.0,"é"],"a":null}}
                """;
        Files.writeString(Files.createDirectories(folder.resolve("day")).resolve("a.ndjson"), late + """
                {"source":"s","id":"2","account":"acme","product":"audio","quantity":5,"occurred_at":"2026-10-03T12:00:00Z"}
                {"source":"s","id":"2","account":"late","product":"audio","quantity":5,"occurred_at":"2026-10-03T12:00:00Z"}
                """);
        var asked = new Request("one", folder.resolve("day").toString(), null, null, "local[2]");
        var lines = new AtomicLong();
        var tried = aggregation(books, CLOCK).dryRun(asked, (_, _, read) -> lines.set(read));
        assertThat(tried.sums().toString())
                .isEqualTo("[ProductSum[product=audio, quantity=5.000000000, records=1, freeRecords=0]]");
        assertThat(tried.files()).containsExactly(new IngestOutcome("a.ndjson", 3, 1, 1, 0, 2, 0));
        assertThat(lines).hasPositiveValue();
        assertThat(books.strings("select id from usage_run")).isEmpty();
        try (var left = Files.list(folder.resolve("home/aggregate"))) {
            assertThat(left).isEmpty();
        }

        aggregation(books, CLOCK).aggregate(asked, NOBODY);
        assertThat(release(books)).isEqualTo(new Released(0, 0, 0));
        books.account("late");
        // The other one has the key of a record that was taken.
        assertThat(release(books)).isEqualTo(new Released(1, 0, 1));
        assertThat(release(books)).isEqualTo(new Released(0, 0, 0));
        assertThat(books.arrivals())
                .containsExactly("acme audio 2026-10-03 5 1 0 0", "late audio 2026-10-03 5.1 1 0 0");
        assertThat(books.strings(QUARANTINE))
                .hasSize(1)
                .first()
                .asString()
                .startsWith("release-2.ndjson 2 CONFLICT late");
        assertThat(books.strings(BROKEN)).isEmpty();
        Files.writeString(Files.createDirectories(folder.resolve("again")).resolve("a.ndjson"), late);
        assertThat(aggregate(books, "two", "again").files().getFirst().duplicates())
                .isEqualTo(1);

        assertThatThrownBy(() -> aggregate(new UsageFixture(), "three", "day"))
                .isInstanceOf(UnreadableUsage.class)
                .hasMessageContaining("belongs to another installation");
        assertThatThrownBy(() -> aggregation(books, CLOCK)
                        .aggregate(
                                new Request("two", folder.resolve("again").toString(), MAPPING, null, "local[2]"),
                                NOBODY))
                .isInstanceOf(UnreadableUsage.class)
                .hasMessageContaining("another mapping");
    }

    @Test
    void aCorrectionFindsARecordThatIsOlderThanTheLateWindow() throws IOException {
        var books = new UsageFixture();
        Files.writeString(Files.createDirectories(folder.resolve("record")).resolve("a.ndjson"), """
                {"id": "1", "account": "acme", "product": "audio", "quantity": 5, "occurred_at": "2026-10-03T12:00:00Z"}
                """);
        Files.writeString(Files.createDirectories(folder.resolve("void")).resolve("a.ndjson"), """
                {"id": "2", "type": "void", "account": "acme", "voids": "1", "occurred_at": "2027-02-01T12:00:00Z"}
                """);
        assertThat(aggregate(books, "one", "record").records()).isEqualTo(1);
        var later = CLOCK.instant().plus(Duration.ofDays(120));
        aggregation(books, () -> later)
                .aggregate(new Request("two", folder.resolve("void").toString(), null, null, "local[2]"), NOBODY);
        assertThat(books.arrivals()).containsExactly("acme audio 2026-10-03 0 0 0 0");

        FileSystemUtils.deleteRecursively(folder.resolve("home/aggregate/two"));
        var found = proof(books).prove("two", "local[2]", NOBODY);
        assertThat(found.missing()).containsExactly("two");
        assertThat(found.holds()).isFalse();
    }
}
