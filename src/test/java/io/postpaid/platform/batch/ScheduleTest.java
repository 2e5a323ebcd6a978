package io.postpaid.platform.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleTest {
    private static final Schedule USUAL = Schedule.of("0 0 8 * * *", "0 0 9 1 * *");

    @ParameterizedTest(name = "at {0}, {4}: {5}")
    @CsvSource(delimiter = '|', textBlock = """
            # now                | first night | last night | last month | why                                           | due
            2026-11-01T10:00:00Z |             |            |            | nothing was ever run, and it begins now       |
            2026-11-22T07:59:59Z | 2026-11-01  | 2026-11-21 | 2026-10-01 | all is done                                   |
            2026-11-22T08:00:00Z | 2026-11-01  | 2026-11-21 | 2026-10-01 | the night is due on the second                | nightly 2026-11-22
            2026-11-22T23:59:59Z | 2026-11-01  | 2026-11-22 | 2026-10-01 | it is done                                    |
            2026-11-04T12:00:00Z | 2026-10-01  | 2026-11-01 | 2026-10-01 | two nights and this one were missed           | nightly 2026-11-02, nightly 2026-11-03, nightly 2026-11-04
            2026-11-01T08:30:00Z | 2026-10-05  | 2026-10-31 |            | the month comes an hour behind the night      | nightly 2026-11-01
            2026-11-01T09:00:00Z | 2026-10-05  | 2026-10-31 |            | a first month, since nights were run in it    | nightly 2026-11-01, monthly 2026-10-01
            2026-11-01T09:00:00Z | 2026-11-01  | 2026-11-01 |            | the only night took the month before it       | monthly 2026-10-01
            2026-11-03T09:00:00Z | 2026-11-02  | 2026-11-03 |            | the first night was of the new month          |
            2026-11-02T09:00:00Z | 2026-10-01  | 2026-10-31 | 2026-09-01 | the month lies between the nights             | nightly 2026-11-01, monthly 2026-10-01, nightly 2026-11-02
            2026-12-01T09:00:00Z | 2026-09-01  | 2026-12-01 | 2026-09-01 | two months were missed                        | monthly 2026-10-01, monthly 2026-11-01
            2026-11-02T08:00:00Z | 2026-11-01  |            |            | the first night failed, and is due until done | nightly 2026-11-01, monthly 2026-10-01, nightly 2026-11-02
            2028-03-01T09:00:00Z | 2026-11-01  | 2028-02-28 | 2028-01-01 | a leap day is a day                           | nightly 2028-02-29, nightly 2028-03-01, monthly 2028-02-01
            """)
    void tellsWhatIsDue(
            Instant now,
            @Nullable LocalDate firstNight,
            @Nullable LocalDate lastNight,
            @Nullable LocalDate lastMonth,
            String why,
            @Nullable String due) {
        var history = new Schedule.History(firstNight, lastNight, lastMonth);

        assertThat(told(USUAL, now, now, history)).isEqualTo(due == null ? "" : due);
    }

    private static String told(Schedule schedule, Instant now, Instant began, Schedule.History history) {
        return schedule.due(now, began, history).stream()
                .map(due -> due.job() + " " + due.date())
                .collect(Collectors.joining(", "));
    }

    @Test
    void aFirstNightIsTheFirstTimeAfterTheServerBegan() {
        var nothing = new Schedule.History(null, null, null);
        var began = Instant.parse("2026-10-30T12:00:00Z");

        assertThat(told(USUAL, Instant.parse("2026-10-31T07:59:59Z"), began, nothing))
                .isEmpty();
        assertThat(told(USUAL, Instant.parse("2026-11-01T09:00:00Z"), began, nothing))
                .isEqualTo("nightly 2026-10-31, nightly 2026-11-01, monthly 2026-10-01");
    }

    @Test
    void severalTimesADayAreOneNight() {
        var hourly = Schedule.of("0 0 * * * *", "0 0 9 1 * *");
        var history = new Schedule.History(
                LocalDate.parse("2026-11-01"), LocalDate.parse("2026-11-21"), LocalDate.parse("2026-10-01"));

        assertThat(told(hourly, Instant.parse("2026-11-22T05:00:00Z"), Instant.EPOCH, history))
                .isEqualTo("nightly 2026-11-22");
        assertThat(hourly.next(Instant.parse("2026-11-22T05:00:00Z"))).isEqualTo("2026-11-22T06:00:00Z");
    }
}
