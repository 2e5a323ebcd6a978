package io.postpaid.platform.batch;

import java.time.Instant;
import java.util.List;
import org.springframework.stereotype.Component;

/** Runs that are due and not done, whoever was to start them: a server or cron. */
@Component
public class Lateness {
    private final Schedule schedule = Schedule.read();
    private final RunHistory history;

    Lateness(RunHistory history) {
        this.history = history;
    }

    /** @param told what is late, in words */
    public record Late(String job, String told) {}

    /** What should have been done at an instant; nothing where no night was ever run. One for each job, the first that is missing. */
    public List<Late> of(Instant instant) {
        var missing = schedule.due(instant, instant, history.history());
        return List.of(Runs.NIGHTLY, Runs.MONTHLY).stream()
                .flatMap(job ->
                        missing.stream().filter(due -> due.job().equals(job)).limit(1))
                .map(due -> new Late(
                        due.job(),
                        "the " + due.job() + " run for " + due.date() + " was due at " + due.at() + " and is not done"))
                .toList();
    }
}
