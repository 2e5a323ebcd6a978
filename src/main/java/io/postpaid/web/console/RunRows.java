package io.postpaid.web.console;

import io.postpaid.platform.batch.RunHistory.StepTimes;
import io.postpaid.platform.batch.RunReport;
import io.postpaid.platform.batch.RunReport.StepReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Runs and their steps as pages show them. */
final class RunRows {
    private RunRows() {}

    static Map<String, @Nullable Object> row(RunReport run) {
        var row = new HashMap<String, @Nullable Object>();
        row.put("id", run.id());
        row.put("job", run.job());
        row.put("key", run.key());
        row.put("status", word(run.status()));
        row.put("class", colour(run.status()));
        row.put("running", run.running());
        row.put("started", Moments.text(run.startedAt()));
        row.put("took", Moments.span(run.startedAt(), run.endedAt()));
        row.put("held", run.held() == 0 ? "" : run.held());
        row.put("failure", Objects.requireNonNullElse(run.running() ? "" : run.failure(), ""));
        return row;
    }

    /** The steps of a run, each beside how long it took in earlier runs; those that this one has not begun wait. */
    static List<Map<String, @Nullable Object>> steps(RunReport run, List<StepTimes> earlier, Map<String, Long> atWork) {
        var times = earlier.stream().collect(Collectors.toMap(StepTimes::step, Function.identity()));
        var rows = new ArrayList<>(run.steps().stream()
                .map(step -> step(step, times.get(step.name()), run.running() ? atWork.get(step.name()) : null))
                .toList());
        var begun = run.steps().stream().map(StepReport::name).collect(Collectors.toSet());
        if (run.running()) {
            earlier.stream()
                    .filter(step -> !begun.contains(step.step()))
                    .map(RunRows::waiting)
                    .forEach(rows::add);
        }
        return rows;
    }

    private static Map<String, @Nullable Object> waiting(StepTimes step) {
        var row = step(new StepReport(step.step(), "WAITING", 0, 0, 0, null, null), step, null);
        row.put("class", "run");
        return row;
    }

    /** @param atWork for how many milliseconds it has been at work, if it is */
    private static Map<String, @Nullable Object> step(
            StepReport step, @Nullable StepTimes earlier, @Nullable Long atWork) {
        var from = step.startedAt();
        var to = atWork == null || from == null ? step.endedAt() : from.plusMillis(atWork);
        var row = new HashMap<String, @Nullable Object>();
        row.put("name", step.name());
        // What has nothing to do is done, and of no interest beside the others.
        row.put("worked", step.read() > 0 || !step.status().equals("COMPLETED"));
        row.put("status", word(step.status()));
        row.put("class", colour(step.status()));
        row.put("read", step.read());
        row.put("written", step.written());
        row.put("skipped", step.skipped() == 0 ? "" : step.skipped());
        row.put("took", Moments.span(from, to));
        row.put("rate", rate(step.read(), from, to));
        row.put("usually", earlier == null ? "" : Moments.span(Duration.ofMillis(earlier.median())));
        row.put("longest", earlier == null ? "" : Moments.span(Duration.ofMillis(earlier.longest())));
        row.put("left", atWork == null || earlier == null ? "" : left(earlier.median() - atWork));
        return row;
    }

    /** What is left of the time that the step usually takes. */
    private static String left(long millis) {
        return millis > 0 ? "about " + Moments.span(Duration.ofMillis(millis)) + " left" : "longer than usually";
    }

    private static String rate(long read, @Nullable Instant from, @Nullable Instant to) {
        if (from == null || to == null || read == 0) return "";
        double seconds = Math.max(1, Duration.between(from, to).toMillis()) / 1000.0;
        return String.format(Locale.ROOT, "%,.0f/s", read / seconds);
    }

    private static String word(String status) {
        return switch (status) {
            case "STARTING", "STARTED" -> "running";
            case "STOPPING" -> "stopping";
            default -> status.toLowerCase(Locale.ROOT);
        };
    }

    private static String colour(String status) {
        return switch (status) {
            case "COMPLETED" -> "good";
            case "STARTING", "STARTED", "STOPPING" -> "run";
            default -> "bad";
        };
    }
}
