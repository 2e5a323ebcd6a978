package io.postpaid.platform.batch;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is told of a run.
 *
 * @param key the date of a nightly run, the period of another
 * @param held how many items it had to leave, each with a reason
 * @param failure why it failed, in one sentence
 */
public record RunReport(
        long id,
        String job,
        String key,
        String status,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt,
        long held,
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
            @Nullable Instant endedAt) {
        private StepReport whereKilled() {
            return new StepReport(name, failedUnlessEnded(status), read, written, skipped, startedAt, endedAt);
        }
    }

    /**
     * What is told of a part that several processes could have done.
     *
     * @param doneBy the machine and the process
     * @param helped whether that was a worker, and not the process of the run
     */
    public record PartReport(
            String step,
            String part,
            @Nullable String doneBy,
            boolean helped,
            String status,
            long read,
            long written,
            @Nullable Instant startedAt,
            @Nullable Instant endedAt) {}

    RunReport with(List<StepReport> steps) {
        return new RunReport(id, job, key, status, startedAt, endedAt, held, failure, steps);
    }

    /** The same, of a run whose process is no more: what was not ended has failed. */
    RunReport whereKilled() {
        return new RunReport(
                id,
                job,
                key,
                failedUnlessEnded(status),
                startedAt,
                endedAt,
                held,
                failure,
                steps.stream().map(StepReport::whereKilled).toList());
    }

    private static String failedUnlessEnded(String status) {
        return switch (status) {
            case "STARTING", "STARTED", "STOPPING", "UNKNOWN" -> "FAILED";
            default -> status;
        };
    }

    /** Whether it goes on, as far as is known. */
    public boolean running() {
        return !completed() && endedAt == null && !status.equals("FAILED");
    }

    public boolean completed() {
        return status.equals("COMPLETED");
    }
}
