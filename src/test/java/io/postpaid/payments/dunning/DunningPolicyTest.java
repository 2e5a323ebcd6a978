package io.postpaid.payments.dunning;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.payments.charging.CollectionPolicy;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DunningPolicyTest {
    private static final CollectionPolicy POLICY = new CollectionPolicy(List.of(1, 3, 5), 5, 7, false);
    private static final LocalDate ISSUED = LocalDate.of(2026, 11, 1);

    @ParameterizedTest(name = "day {0}, taken {1}")
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
        day | taken               | due
          0 |                     | nothing
          4 |                     | nothing
          5 |                     | REMINDER
          5 | REMINDER            | nothing
          6 |                     | REMINDER
          6 | REMINDER            | nothing
          7 | REMINDER            | SUSPENSION
          7 |                     | SUSPENSION
          7 | REMINDER,SUSPENSION | nothing
         30 |                     | SUSPENSION
         30 | SUSPENSION          | nothing
        """)
    void eachStepHasItsDayAndIsTakenOnce(int day, String taken, String due) {
        var steps = taken == null
                ? java.util.Set.<DunningStep>of()
                : Arrays.stream(taken.split(",")).map(DunningStep::valueOf).collect(Collectors.toSet());
        assertThat(DunningPolicy.due(POLICY, ISSUED, ISSUED.plusDays(day), steps)
                        .map(Enum::name)
                        .orElse("nothing"))
                .isEqualTo(due);
    }

    @ParameterizedTest(name = "day {0}")
    @CsvSource({"0,2026-11-02", "1,2026-11-04", "2,2026-11-04", "3,2026-11-06", "4,2026-11-06", "5,", "9,"})
    void theNextTryIsTheNextDayOfThePolicy(int day, LocalDate next) {
        assertThat(POLICY.nextRetry(ISSUED, ISSUED.plusDays(day)).orElse(null)).isEqualTo(next);
    }
}
