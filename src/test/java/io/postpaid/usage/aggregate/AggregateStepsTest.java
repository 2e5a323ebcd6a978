package io.postpaid.usage.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.platform.batch.Run;
import io.postpaid.usage.intake.UsageFixture;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class AggregateStepsTest {
    private final JdbcClient jdbc = JdbcClient.create(new UsageFixture().database());

    private List<String> days() {
        return AggregateSteps.days(jdbc, new Run("nightly", LocalDate.of(2026, 10, 12), 1));
    }

    private void imported(int n, String id) {
        jdbc.sql("""
                insert into usage_file (name, format, started_at) values ('run', 'parquet', now());
                insert into usage_run (id, n, content, snapshot, folder, file, records, imported_at)
                values ('%s', %d, repeat('a', 64), repeat('a', 64), '/f', currval('usage_file_id_seq'), 1, now())""".formatted(id, n)).update();
    }

    @Test
    void eachDayIsOneRunAndOneThatIsMissingIsTriedForAWeek() {
        assertThat(days()).containsExactly("2026-10-11");
        imported(1, "2026-99-99");
        imported(2, "2026-10-09");
        assertThat(days()).containsExactly("2026-10-10", "2026-10-11");
        imported(3, "2026-10-11");
        assertThat(days()).containsExactly("2026-10-10");
        imported(4, "2026-09-01");
        assertThat(days()).containsExactly("2026-10-05", "2026-10-06", "2026-10-07", "2026-10-08", "2026-10-10");
        imported(5, "2026-10-10");
        assertThat(days()).doesNotContain("2026-10-10");
    }
}
