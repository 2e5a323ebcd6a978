package io.postpaid.cli;

import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.usage.aggregate.RunRelease;
import io.postpaid.usage.archive.Archive;
import io.postpaid.usage.format.UnreadableUsage;
import io.postpaid.usage.intake.BrokenOff;
import io.postpaid.usage.intake.IngestOutcome;
import io.postpaid.usage.intake.Ingestion;
import io.postpaid.usage.intake.Quarantine;
import io.postpaid.usage.mapping.Mapping;
import io.postpaid.usage.mapping.Mappings;
import io.postpaid.usage.record.Reason;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "usage",
        description = "Raw usage records.",
        subcommands = {AggregateCommand.class, TryCommand.class, MappingsCommand.class})
final class UsageCommands {
    private static final int LISTED_MAX = 1_000;

    static final Fields<IngestOutcome> FILES = new Fields<IngestOutcome>()
            .column("FILE", IngestOutcome::file)
            .column("LINES", IngestOutcome::lines)
            .column("ACCEPTED", IngestOutcome::accepted)
            .column("DUPLICATES", IngestOutcome::duplicates)
            .column("QUARANTINED", IngestOutcome::quarantined)
            .column("LEFT OUT", IngestOutcome::leftOut)
            .column("RECORDS", IngestOutcome::records);

    @Autowired
    private Ingestion ingestion;

    @Autowired
    private Mappings mappings;

    @Autowired
    private Quarantine quarantine;

    @Autowired
    private RunRelease runs;

    @Autowired
    private Archive archive;

    @Autowired
    private Terminal terminal;

    @Command(
            name = "ingest",
            description =
                    "Takes in usage files: NDJSON, CSV, CloudEvents, JSON, Parquet, or a log by a mapping; also packed as .gz or .zst.")
    Answer ingest(
            @Parameters(paramLabel = "FILE", arity = "1..*", description = "A file, or - for standard input.")
                    List<String> files,
            @Option(
                            names = "--mapping",
                            paramLabel = "FILE|NAME",
                            description =
                                    "How to read a foreign log: a YAML file, or a name that usage mappings lists.")
                    @Nullable
                    String mappingName) {
        var mapping = mappingName == null ? null : mappings.of(mappingName);
        var outcomes = new ArrayList<IngestOutcome>();
        var failed = new ArrayList<String>();
        for (var file : files) {
            try {
                outcomes.add(ingest(file, mapping));
            } catch (BrokenOff e) {
                outcomes.add(e.taken());
                failed.add(String.valueOf(e.getMessage()));
            } catch (UnreadableUsage e) {
                failed.add(String.valueOf(e.getMessage()));
            }
        }
        failed.forEach(terminal.err()::println);
        var text = FILES.table(outcomes).orElse("Nothing was ingested") + firstQuarantined(outcomes, mapping == null);
        return Answer.of(outcomes, text, failed.isEmpty());
    }

    /** Whoever writes a mapping sees at once what is wrong with it. */
    private String firstQuarantined(List<IngestOutcome> outcomes, boolean ownNames) {
        var text = new StringBuilder();
        for (var outcome : outcomes) {
            if (outcome.lines() > 0 && outcome.leftOut() == outcome.lines()) {
                text.append("\n%s: where leaves out every line. Does it name a column that they have?"
                        .formatted(outcome.file()));
            }
            if (outcome.quarantined() == 0) continue;
            quarantine.first(outcome.file()).ifPresent(line -> {
                text.append("\n%s line %d: %s\n    %s"
                        .formatted(line.file(), line.line(), line.detail(), Table.shown(line.raw(), 200)));
                boolean nothingElse = outcome.quarantined() == outcome.lines();
                if (ownNames && nothingElse && line.reason() == Reason.MALFORMED) {
                    text.append('\n').append(TryCommand.NEEDS_MAPPING);
                }
            });
        }
        return outcomes.stream().noneMatch(outcome -> outcome.quarantined() > 0)
                ? text.toString()
                : text + "\nAll that is quarantined, and why: ./postpaid usage quarantine";
    }

    private IngestOutcome ingest(String file, @Nullable Mapping mapping) {
        try (var progress = terminal.progress(file, "records", -1)) {
            return file.equals("-")
                    ? ingestion.ingest(System.in, "stdin", mapping, progress::reached)
                    : ingestion.ingest(Path.of(file), mapping, progress::reached);
        }
    }

    @Command(
            name = "archive",
            description = "Moves raw records of invoiced months, older than the late window, to POSTPAID_HOME/archive.")
    Answer archive(
            @Option(names = "--before", required = true, paramLabel = "P", description = "A month such as 2026-07.")
                    BillingPeriod before) {
        var result = archive.before(before, step -> {
            if (terminal.interactive()) terminal.err().println(step);
        });
        var table = new Table("MONTH", "RECORDS", "FILE", "SHA-256");
        result.archived().forEach(month -> table.row(month.month(), month.records(), month.file(), month.sha256()));
        var kept = new Table("MONTH", "IS KEPT, SINCE");
        result.kept().forEach(month -> kept.row(month.month(), month.reason()));
        return Answer.of(
                result, table.orElse("Nothing was archived") + (result.kept().isEmpty() ? "" : "\n" + kept));
    }

    /** Those of runs were open until here, and are counted again. */
    private Quarantine.Released released(List<Long> ids, String master) {
        var ingested = quarantine.release(ids);
        if (ingested.stillOpen() == 0) return ingested;
        var ofRuns = runs.release(ids, master);
        return new Quarantine.Released(
                ingested.accepted() + ofRuns.accepted(),
                ingested.duplicates() + ofRuns.duplicates(),
                ingested.stillOpen() - ofRuns.accepted() - ofRuns.duplicates());
    }

    private record Tried(long accepted, long duplicates, long stillOpen, long tooLate) {}

    @Command(name = "quarantine", description = "Lists what could not be billed, or tries it again.")
    Answer quarantine(
            @Option(
                            names = "--release",
                            paramLabel = "ID",
                            arity = "0..*",
                            description =
                                    "Tries these lines again once their cause is mended; without IDs, all but those that came too late.")
                    @Nullable
                    List<Long> release,
            @Option(
                            names = "--after",
                            paramLabel = "ID",
                            defaultValue = "0",
                            description = "Lists from behind this line on, when there are many.")
                    long after,
            @Option(
                            names = "--master",
                            paramLabel = "URL",
                            defaultValue = "local[*]",
                            description = "Spark's master, where lines of runs of usage aggregate are released.")
                    String master) {
        if (release != null) {
            var released = released(release, master);
            long tooLate = release.isEmpty() ? quarantine.tooLate() : 0;
            return Answer.of(
                    new Tried(released.accepted(), released.duplicates(), released.stillOpen(), tooLate),
                    released.accepted() + " accepted, " + released.duplicates() + " known already, "
                            + released.stillOpen() + " still quarantined"
                            + (tooLate == 0
                                    ? ""
                                    : "; " + tooLate + " came too late and stay: name the IDs of those to be billed"));
        }
        var lines = quarantine.open(after, LISTED_MAX);
        var table = new Table("ID", "FILE", "LINE", "REASON", "DETAIL");
        lines.forEach(line -> table.row(line.id(), line.file(), line.line(), line.reason(), line.detail()));
        long more = lines.isEmpty() ? 0 : quarantine.openCount(lines.getLast().id());
        return Answer.of(
                lines,
                table.orElse("Nothing is quarantined")
                        + (more > 0
                                ? "\n… and " + more + " more: --after "
                                        + lines.getLast().id()
                                : ""));
    }
}
