package io.postpaid.cli;

import io.postpaid.platform.batch.RunReport;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Runs as they are told on the command line. */
final class RunText {
    private RunText() {}

    record Listed(
            long id,
            String job,
            String key,
            String status,
            @Nullable Instant startedAt,
            @Nullable Instant endedAt,
            List<Step> steps) {}

    record Step(String name, String status, long read, long written, long skipped) {}

    record Shown(
            long id,
            String job,
            String key,
            String status,
            @Nullable Instant startedAt,
            @Nullable Instant endedAt,
            @Nullable String duration,
            long held,
            @Nullable String failure,
            List<TimedStep> steps) {}

    record TimedStep(
            String name,
            String status,
            long read,
            long written,
            long skipped,
            @Nullable String duration) {}

    static Listed listed(RunReport run) {
        return new Listed(
                run.id(),
                run.job(),
                run.key(),
                run.status(),
                run.startedAt(),
                run.endedAt(),
                run.steps().stream()
                        .map(step -> new Step(step.name(), step.status(), step.read(), step.written(), step.skipped()))
                        .toList());
    }

    static Shown shown(RunReport run) {
        return new Shown(
                run.id(),
                run.job(),
                run.key(),
                run.status(),
                run.startedAt(),
                run.endedAt(),
                duration(run.startedAt(), run.endedAt()),
                run.held(),
                run.failure(),
                run.steps().stream()
                        .map(step -> new TimedStep(
                                step.name(),
                                step.status(),
                                step.read(),
                                step.written(),
                                step.skipped(),
                                duration(step.startedAt(), step.endedAt())))
                        .toList());
    }

    static Listing<RunReport> listing(Consumer<Consumer<RunReport>> runs) {
        return new Listing<>(
                runs,
                RunText::listed,
                List.of("ID", "JOB", "FOR", "STATUS", "STARTED", "TOOK", "HELD", "FAILURE"),
                run -> List.of(
                        run.id(),
                        run.job(),
                        run.key(),
                        run.status(),
                        run.startedAt() == null ? "" : run.startedAt(),
                        took(run.startedAt(), run.endedAt()),
                        run.held(),
                        run.failure() == null ? "" : run.failure()),
                "There are no such runs");
    }

    static String text(RunReport run) {
        var steps = new Table("STEP", "STATUS", "READ", "WRITTEN", "SKIPPED", "TOOK");
        run.steps()
                .forEach(step -> steps.row(
                        step.name(),
                        step.status(),
                        step.read(),
                        step.written(),
                        step.skipped(),
                        took(step.startedAt(), step.endedAt())));
        return line(run) + (run.failure() == null ? "" : "\nFailure: " + run.failure()) + "\n"
                + steps.orElse("No step began");
    }

    /** A run in one line. */
    static String line(RunReport run) {
        return "Run " + run.id() + ": " + run.job() + " " + run.key() + " " + run.status()
                + (run.held() == 0 ? "" : ", " + run.held() + " held: ./postpaid held --run " + run.id());
    }

    private static @Nullable String duration(@Nullable Instant from, @Nullable Instant to) {
        return from == null || to == null ? null : Duration.between(from, to).toString();
    }

    private static String took(@Nullable Instant from, @Nullable Instant to) {
        if (from == null || to == null) return "";
        long tenths = Duration.between(from, to).toMillis() / 100;
        return tenths / 10 + "." + tenths % 10 + " s";
    }
}
