package io.postpaid.cli;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import io.postpaid.platform.batch.RunReport;
import io.postpaid.platform.batch.RunReport.PartReport;
import io.postpaid.platform.batch.RunReport.StepReport;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Runs as they are shown on the command line. */
final class RunText {
    private static final Fields<StepReport> STEPS = new Fields<StepReport>()
            .both("name", "STEP", StepReport::name)
            .both("status", "STATUS", StepReport::status)
            .both("read", "READ", StepReport::read)
            .both("written", "WRITTEN", StepReport::written)
            .both("skipped", "SKIPPED", StepReport::skipped);

    private static final Fields<StepReport> TIMED_STEPS = new Fields<StepReport>()
            .all(STEPS)
            .field("duration", step -> duration(step.startedAt(), step.endedAt()))
            .column("TOOK", step -> took(step.startedAt(), step.endedAt()));

    private static final Fields<PartReport> PARTS = new Fields<PartReport>()
            .field("step", PartReport::step)
            .field("part", PartReport::part)
            .field("done_by", PartReport::doneBy)
            .field("worker", PartReport::helped)
            .field("status", PartReport::status)
            .field("read", PartReport::read)
            .field("written", PartReport::written)
            .field("duration", part -> duration(part.startedAt(), part.endedAt()));

    private static final Fields<Share> SHARES = new Fields<Share>()
            .column("STEP", Share::step)
            .column("DONE BY", Share::doneBy)
            .column("PARTS", Share::parts)
            .column("READ", Share::read);

    private static final Fields<RunReport> RUN = new Fields<RunReport>()
            .both("id", "ID", RunReport::id)
            .both("job", "JOB", RunReport::job)
            .both("key", "FOR", RunReport::key)
            .both("status", "STATUS", RunReport::status)
            .both("started_at", "STARTED", RunReport::startedAt)
            .field("ended_at", RunReport::endedAt);

    private static final Fields<RunReport> RUNS = new Fields<RunReport>()
            .all(RUN)
            .field("steps", run -> STEPS.json(run.steps()))
            .column("TOOK", run -> took(run.startedAt(), run.endedAt()))
            .column("HELD", RunReport::held)
            .column("FAILURE", RunReport::failure);

    private static final Fields<RunReport> SHOWN = new Fields<RunReport>()
            .all(RUN)
            .field("duration", run -> duration(run.startedAt(), run.endedAt()))
            .field("held", RunReport::held)
            .field("failure", RunReport::failure)
            .field("steps", run -> TIMED_STEPS.json(run.steps()));

    private RunText() {}

    static Answer listing(Consumer<Consumer<RunReport>> runs) {
        return RUNS.listing(runs, "There are no such runs");
    }

    static Answer shown(RunReport run, List<PartReport> parts) {
        var json = SHOWN.json(run);
        json.put("parts", PARTS.json(parts));
        return Answer.of(
                json,
                line(run) + (run.failure() == null ? "" : "\nFailure: " + run.failure()) + "\n"
                        + TIMED_STEPS.table(run.steps()).orElse("No step began")
                        + shares(parts));
    }

    /** Who did how much, where somebody helped. */
    private static String shares(List<PartReport> parts) {
        if (parts.stream().noneMatch(PartReport::helped)) return "";
        var shares = parts.stream()
                .collect(groupingBy(
                        part -> List.of(part.step(), Objects.requireNonNullElse(part.doneBy(), "nobody")),
                        LinkedHashMap::new,
                        toList()))
                .entrySet()
                .stream()
                .map(share -> new Share(
                        share.getKey().getFirst(),
                        share.getKey().getLast(),
                        share.getValue().size(),
                        share.getValue().stream().mapToLong(PartReport::read).sum()))
                .toList();
        return "\n" + SHARES.table(shares).orElse("");
    }

    private record Share(String step, String doneBy, int parts, long read) {}

    static Answer done(RunReport run) {
        return Answer.of(RUNS.json(run), line(run));
    }

    static Answer done(List<RunReport> runs) {
        return Answer.of(
                RUNS.json(runs),
                runs.isEmpty()
                        ? "Nothing to run again"
                        : runs.stream().map(RunText::line).collect(Collectors.joining("\n")));
    }

    /** A run in one line. */
    private static String line(RunReport run) {
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
