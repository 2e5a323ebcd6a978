package io.postpaid.usage.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postpaid.account.Accounts;
import io.postpaid.books.report.Verification;
import io.postpaid.books.usage.AccountUsage;
import io.postpaid.platform.batch.Runs;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.pricing.pricebook.PriceBooks;
import io.postpaid.support.TestApplication;
import io.postpaid.usage.intake.IngestOutcome;
import io.postpaid.usage.intake.Ingestion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveTest {
    private static final BillingPeriod OCTOBER = BillingPeriod.parse("2026-10");
    private static final BillingPeriod NOVEMBER = BillingPeriod.parse("2026-11");

    @TempDir
    private Path folder;

    private static final class Death extends Error {}

    @Test
    void aCrashBetweenAnyTwoStepsLeavesNothingButWorkToDoAgain() throws IOException {
        try (var application = new TestApplication(folder.resolve("home"), Instant.parse("2026-11-01T08:00:00Z"))) {
            month(application);
            var archive = application.get(Archive.class);
            assertThat(archive.before(NOVEMBER, step -> {}).kept())
                    .containsExactly(
                            new Archive.Kept("2026-10", "usage of it may still arrive, until 2027-01-30T00:00:00Z"));

            application.moveTo(Instant.parse("2027-02-15T08:00:00Z"));
            var steps = new ArrayList<String>();
            for (int died = 1; ; died++) {
                int at = died;
                steps.clear();
                boolean dead = false;
                try {
                    archive.before(NOVEMBER, step -> {
                        steps.add(step);
                        if (steps.size() == at) throw new Death();
                    });
                } catch (Death e) {
                    dead = true;
                }
                assertThat(seen(application)).hasSize(300);
                assertThat(application.get(Verification.class).run())
                        .filteredOn(check -> !check.holds())
                        .isEmpty();
                if (!dead || steps.getLast().endsWith("archived")) break;
            }
            assertThat(steps).hasSize(8);
            assertThat(archive.before(NOVEMBER, step -> {}))
                    .isEqualTo(new Archive.Result(java.util.List.of(), java.util.List.of()));
            assertThat(application
                            .jdbc()
                            .sql("select count(*) from usage_record")
                            .query(Long.class)
                            .single())
                    .isZero();

            var file = folder.resolve("home/archive/usage_record_2026_10.ndjson.gz");
            Files.write(file, new byte[] {1}, java.nio.file.StandardOpenOption.APPEND);
            assertThat(application.get(Verification.class).run())
                    .filteredOn(check -> !check.holds())
                    .singleElement()
                    .satisfies(check -> assertThat(check.name()).isEqualTo("archives"));
            Files.delete(file);
            assertThatThrownBy(() -> seen(application)).hasMessageContaining("put it back from a backup");
        }
    }

    @Test
    void aMonthWhoseRecordsAreInUseIsLeftForLaterAndAFileThatCrossesItIsTaken() throws Exception {
        try (var application = new TestApplication(folder.resolve("home"), Instant.parse("2026-11-01T08:00:00Z"))) {
            month(application);
            application.moveTo(Instant.parse("2027-02-15T08:00:00Z"));
            var archive = application.get(Archive.class);
            var crossing = Files.writeString(folder.resolve("crossing.ndjson"), """
                    {"id":"n1","account":"acme","product":"calls","quantity":"1","occurred_at":"2027-01-20T00:00:00Z"}
                    {"id":"n2","account":"acme","product":"calls","quantity":"1","occurred_at":"2027-02-03T00:00:00Z"}
                    """);
            try (var writer = application.get(DataSource.class).getConnection();
                    var statement = writer.createStatement()) {
                writer.setAutoCommit(false);
                statement.execute("lock table usage_record_2026_10 in row exclusive mode");
                assertThat(archive.before(NOVEMBER, step -> {}).kept())
                        .containsExactly(new Archive.Kept(
                                "2026-10", "its records are in use: archive again when no file is ingested"));
                writer.rollback();
                writer.setAutoCommit(true);
            }
            var ingested = new ArrayList<Future<IngestOutcome>>();
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                archive.before(NOVEMBER, step -> {
                    if (step.endsWith("locked")) {
                        ingested.add(threads.submit(
                                () -> application.get(Ingestion.class).ingest(crossing, null, _ -> {})));
                    }
                });
            }
            assertThat(ingested.getFirst().get()).isEqualTo(new IngestOutcome("crossing.ndjson", 2, 2, 0, 0));
            assertThat(seen(application)).hasSize(300);
            assertThat(application.get(Verification.class).run())
                    .filteredOn(check -> !check.holds())
                    .isEmpty();
        }
    }

    @Test
    void anAccountsMonthIsTheSameFromItsFile() throws IOException {
        try (var application = new TestApplication(folder.resolve("home"), Instant.parse("2026-11-01T08:00:00Z"))) {
            month(application);
            var usage = application.get(AccountUsage.class);
            var before = used(usage);
            assertThat(before).hasSize(300);
            application.moveTo(Instant.parse("2027-02-15T08:00:00Z"));
            assertThat(application.get(Archive.class).before(NOVEMBER, _ -> {}).archived())
                    .hasSize(1);
            assertThat(used(usage)).containsExactlyInAnyOrderElementsOf(before);
            assertThatThrownBy(() -> usage.page("acme", null, OCTOBER.from(), OCTOBER.to(), null, 10))
                    .isInstanceOf(AccountUsage.ArchivedException.class)
                    .hasMessage("The records of 2026-10 are archived");
        }
    }

    /** What is said of each record; the name of its file is not kept in the archive. */
    private static java.util.List<String> used(AccountUsage usage) {
        var seen = new ArrayList<String>();
        usage.ofMonth(
                "acme",
                OCTOBER,
                used -> seen.add(used.record().id() + " " + used.record().occurredAt() + " " + used.status() + " "
                        + used.billedIn()));
        return seen;
    }

    private java.util.List<RawRecord> seen(TestApplication application) {
        var seen = new ArrayList<RawRecord>();
        application.get(RawRecords.class).each("acme", "calls", OCTOBER, seen::add);
        assertThat(seen).isSortedAccordingTo(RawRecord.BY_TIME);
        return seen;
    }

    private void month(TestApplication application) throws IOException {
        application.get(PriceBooks.class).importFile(Files.writeString(folder.resolve("prices.yaml"), """
                currency: USD
                products:
                  calls: {unit: call}
                prices:
                  - {product: calls, effective_from: 2026-01-01, amount: "0.10"}
                """));
        application.get(Accounts.class).importFile(Files.writeString(folder.resolve("accounts.csv"), """
                id,name,email,line1,line2,city,state,postal_code,country,tax_id,currency,monthly_limit,free_credit,payment_method,created_on
                acme,Acme,books@acme.test,1 Road,,Town,,12345,US,,USD,,0,,2026-01-01
                """));
        var usage = Files.writeString(
                folder.resolve("usage.ndjson"),
                IntStream.range(0, 300)
                        .mapToObj(n -> """
                                {"id":"%d","account":"acme","product":"calls","quantity":"1","occurred_at":"2026-10-%02dT00:00:00Z"}""".formatted(n, 1 + n % 31))
                        .collect(Collectors.joining("\n")));
        application.get(Ingestion.class).ingest(usage, null, _ -> {});
        application.get(Runs.class).nightly(LocalDate.of(2026, 11, 1));
        application.get(Runs.class).monthly(OCTOBER);
    }
}
