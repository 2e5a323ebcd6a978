package io.postpaid.usage.intake;

import static io.postpaid.usage.intake.UsageFixture.line;
import static io.postpaid.usage.intake.UsageFixture.voiding;
import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.usage.intake.Quarantine.Released;
import io.postpaid.usage.mapping.Mapping;
import io.postpaid.usage.record.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class QuarantineTest {
    private final UsageFixture usage = new UsageFixture();

    @Test
    void whatWasMendedIsBilledOnceAndTheRestStays() {
        usage.ingest(
                "a.ndjson",
                line("1", "initech", "audio", "1", "2026-10-03T12:00:00Z")
                        + line("1", "initech", "audio", "1.0", "2026-10-03T12:00:00Z")
                        + line("2", "acme", "fax", "2", "2026-10-03T12:00:00Z")
                        + line("3", "acme", "audio", "4", "2026-01-03T12:00:00Z")
                        + line("4", "acme", "audio", "8", "2026-11-02T12:00:00Z")
                        + line("5", "acme", "audio", "16", "2026-10-03T12:00:00Z")
                        + line("5", "acme", "audio", "17", "2026-10-03T12:00:00Z")
                        + "torn\n");
        assertThat(usage.quarantine.open(0, 10))
                .extracting(Quarantine.Line::account)
                .containsExactly("initech", "initech", "acme", "acme", "acme", "acme", null);
        assertThat(usage.quarantine.release(List.of(1L, 99L))).isEqualTo(new Released(0, 0, 1));

        usage.account("initech");
        usage.product("fax", true);
        usage.now.set(UsageFixture.NOW.plusSeconds(2 * 86_400));
        assertThat(usage.quarantine.release(List.of())).isEqualTo(new Released(3, 1, 2));
        // What came too late is billed only by name.
        assertThat(usage.quarantine.tooLate()).isEqualTo(1);
        assertThat(usage.quarantine.release(List.of(4L))).isEqualTo(new Released(1, 0, 0));
        assertThat(usage.quarantine.release(List.of())).isEqualTo(new Released(0, 0, 2));
        assertThat(usage.quarantined())
                .containsExactly(
                        "a.ndjson:7 CONFLICT the same source and id came with other content in a.ndjson line 6: quantity 16 then, 17 now. A report whose numbers still grow is billed by its final export",
                        "a.ndjson:8 MALFORMED not a JSON object: Unrecognized token 'torn': was expecting (JSON String,"
                                + " Number, Array, Object or token 'null', 'true' or 'false')");
        assertThat(usage.arrivals())
                .isEqualTo(usage.records())
                .containsExactly(
                        "acme audio 2026-01-03 4 1 0 0",
                        "acme audio 2026-10-03 16 1 0 0",
                        "acme audio 2026-11-02 8 1 0 0",
                        "acme fax 2026-10-03 2 1 0 0",
                        "initech audio 2026-10-03 1 1 0 0");
        assertThat(usage.files()).containsExactly("a.ndjson ndjson 8 1 0 7 ended");
    }

    /** What is held for its account, and was too late when it came, is too late once the account is there. */
    @Test
    void whatCameTooLateIsReleasedByItsIdAloneWhateverElseWasWrong() {
        usage.ingest(
                "a.ndjson",
                line("1", "initech", "audio", "1", "2026-10-03T12:00:00Z")
                        + line("2", "initech", "audio", "2", "2026-01-03T12:00:00Z"));
        usage.account("initech");
        // A hundred days later the first is old, and came in time all the same.
        usage.now.set(UsageFixture.NOW.plusSeconds(100 * 86_400));
        assertThat(usage.quarantine.release(List.of())).isEqualTo(new Released(1, 0, 1));
        assertThat(usage.quarantine.open(0, 10)).singleElement().satisfies(line -> {
            assertThat(line.reason()).isEqualTo(Reason.TOO_LATE);
            assertThat(line.account()).isEqualTo("initech");
        });
        assertThat(usage.quarantine.release(List.of())).isEqualTo(new Released(0, 0, 0));
        assertThat(usage.quarantine.release(List.of(2L))).isEqualTo(new Released(1, 0, 0));
        assertThat(usage.arrivals())
                .containsExactly("initech audio 2026-01-03 2 1 0 0", "initech audio 2026-10-03 1 1 0 0");
    }

    @Test
    void aLineIsReadAgainWithItsHeaderAndMapping() {
        usage.ingest("b.csv", "quantity,product,account,id,occurred_at\n3,audio,initech,1,2026-10-03 12:00:00\n");
        usage.ingest("c.csv", "n,who\n5,initech\n", Mapping.parse("m.yaml", """
                format: csv
                fields:
                  id:          {line: true}
                  account:     {column: who}
                  product:     {value: image}
                  quantity:    {column: n}
                  occurred_at: {value: "2026-10-03T12:00:00Z"}
                """));
        usage.account("initech");
        assertThat(usage.quarantine.release(List.of())).isEqualTo(new Released(2, 0, 0));
        assertThat(usage.arrivals())
                .containsExactly("initech audio 2026-10-03 3 1 0 0", "initech image 2026-10-03 5 1 0 0");
        assertThat(usage.strings("select id from usage_record order by id"))
                .contains("1")
                .hasSize(2);
    }

    @Test
    void whatIsNotTextIsNeverReleased() {
        usage.ingest("b.csv", "id,account,product,quantity,occurred_at\n\0,acme,audio,1,2026-10-03T12:00:00Z\n");
        assertThat(usage.quarantine.release(List.of())).isEqualTo(new Released(0, 0, 1));
        assertThat(usage.records()).isEmpty();
    }

    @Test
    void aSecondCorrectionOfOneRecordIsRefused() {
        assertThat(usage.ingest("a.ndjson", voiding("v1", "1", "acme") + voiding("v1", "1", "acme")))
                .isEqualTo(new IngestOutcome("a.ndjson", 2, 1, 1, 0));
        assertThat(usage.ingest("b.ndjson", voiding("v2", "1", "acme") + voiding("v2", "1", "acme")))
                .isEqualTo(new IngestOutcome("b.ndjson", 2, 0, 0, 2));
        assertThat(usage.quarantine.release(List.of())).isEqualTo(new Released(0, 0, 2));
        assertThat(usage.quarantined())
                .containsExactly(
                        "b.ndjson:1 ALREADY_VOIDED the record '1' is already taken back by another correction",
                        "b.ndjson:2 ALREADY_VOIDED the record '1' is already taken back by another correction");
    }

    @Test
    void releasedByTwoAtOnceItIsBilledOnce() throws Exception {
        var lines = new StringBuilder();
        for (int i = 0; i < 3_000; i++) {
            lines.append(line("id-" + i, "initech", "audio", "1", "2026-10-03T12:00:00Z"));
        }
        usage.ingest("a.ndjson", lines.toString());
        usage.account("initech");
        try (var threads = Executors.newFixedThreadPool(3)) {
            Callable<Released> release = () -> usage.quarantine.release(List.of());
            var done = new ArrayList<Released>();
            for (var each : threads.invokeAll(List.of(release, release, release))) {
                done.add(each.get());
            }
            assertThat(done.stream().mapToLong(Released::accepted).sum()).isEqualTo(3_000);
        }
        assertThat(usage.arrivals()).containsExactly("initech audio 2026-10-03 3000 3000 0 0");
    }
}
