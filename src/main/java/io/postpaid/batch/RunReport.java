package io.postpaid.batch;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is told of a run.
 *
 * @param key the date of a nightly run, the period of a monthly one
 * @param failure why it failed, in one sentence
 */
public record RunReport(
        long id,
        String job,
        String key,
        String status,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt,
        @Nullable String failure,
        List<StepReport> steps) {

    /** What is told of one step: what it looked at, did, and left with a reason. */
    public record StepReport(
            String name,
            String status,
            long read,
            long written,
            long skipped,
            @Nullable Instant startedAt,
            @Nullable Instant endedAt) {}

    RunReport with(List<StepReport> steps) {
        return new RunReport(id, job, key, status, startedAt, endedAt, failure, steps);
    }

    public boolean completed() {
        return status.equals("COMPLETED");
    }
}
