package io.postpaid.usage.intake;

import static io.postpaid.usage.intake.UsageFixture.line;
import static io.postpaid.usage.intake.UsageFixture.voiding;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CorrectionsTest {
    private final UsageFixture usage = new UsageFixture();

    @Test
    void aRecordIsTakenBackOnceWhetherTheCorrectionComesBeforeOrAfterIt() {
        usage.ingest("a.ndjson", voiding("v1", "1", "acme"));
        assertThat(usage.applyCorrections()).isZero();
        usage.ingest(
                "b.ndjson",
                line("1", "acme", "audio", "61.5", "2026-09-30T23:59:59.999999Z")
                        + line("2", "acme", "audio", "2", "2026-10-01T00:00:00Z")
                        + line("3", "acme", "feed", "4", "2026-10-01T00:00:00Z")
                        + line("4", "acme", "audio", "8", "2026-10-01T00:00:00Z"));
        usage.ingest("c.ndjson", voiding("v2", "2", "acme") + voiding("v3", "3", "acme"));
        assertThat(usage.applyCorrections()).isEqualTo(3);
        assertThat(usage.applyCorrections()).isZero();
        assertThat(usage.arrivals())
                .containsExactly(
                        "acme audio 2026-09-30 0 0 0 0",
                        "acme audio 2026-10-01 8 1 0 0",
                        "acme feed 2026-10-01 0 0 0 0");
        assertThat(usage.strings("select applied_at::text from usage_void"))
                .containsExactly("2026-11-01 08:00:00+00", "2026-11-01 08:00:00+00", "2026-11-01 08:00:00+00");
    }

    @Test
    void nobodyTakesBackWhatIsAnothers() {
        usage.ingest("a.ndjson", line("1", "acme", "audio", "1", "2026-10-03T12:00:00Z") + voiding("v", "1", "globex"));
        assertThat(usage.applyCorrections()).isZero();
        assertThat(usage.arrivals()).containsExactly("acme audio 2026-10-03 1 1 0 0");
        assertThat(usage.strings("select concat_ws(' ', account, line) from usage_void where applied_at is null"))
                .containsExactly("globex 2");
    }

    @Test
    void aCorrectionOfACorrectionIsNeverApplied() {
        usage.ingest("a.ndjson", voiding("v1", "1", "acme") + voiding("v2", "v1", "acme"));
        assertThat(usage.applyCorrections()).isZero();
        assertThat(usage.arrivals()).isEmpty();
    }
}
