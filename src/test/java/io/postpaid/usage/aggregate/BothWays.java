package io.postpaid.usage.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.platform.audit.Actor;
import io.postpaid.platform.audit.WhoActs;
import io.postpaid.platform.home.Home;
import io.postpaid.usage.admission.Windows;
import io.postpaid.usage.aggregate.Aggregation.Request;
import io.postpaid.usage.intake.UsageFixture;
import io.postpaid.usage.mapping.Mapping;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Period;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The same folder ingested and aggregated. */
record BothWays(UsageFixture ingested, UsageFixture aggregated) {
    BothWays() {
        this(new UsageFixture(), new UsageFixture());
    }

    void ingest(Path from, @Nullable Mapping mapping) throws IOException {
        try (var files = Files.list(from)) {
            for (var file : files.sorted().toList()) ingested.ingest(file, mapping);
        }
        ingested.correct();
    }

    void aggregate(SparkProcess spark, Path home, Request request) {
        var clock = AggregationTest.CLOCK;
        var windows = new Windows(Period.ofDays(90), Duration.ofMinutes(5));
        new Aggregation(
                        aggregated.database(),
                        new Home(home),
                        new SnapshotStore(clock, windows),
                        new RunImport(clock, new WhoActs(clock, List.of(), Actor.SYSTEM)),
                        spark)
                .aggregate(request, AggregationTest.NOBODY);
    }

    /** To the last decimal: rating and invoices begin at the arrivals. */
    void areSame(String what) {
        for (var query : List.of(AggregationTest.TIES, AggregationTest.QUARANTINE, AggregationTest.CORRECTIONS)) {
            assertThat(aggregated.strings(query)).as(what).isEqualTo(ingested.strings(query));
        }
        assertThat(aggregated.arrivals()).as(what).isNotEmpty().isEqualTo(ingested.arrivals());
        assertThat(aggregated.strings(AggregationTest.BROKEN)).as(what).isEmpty();
    }
}
