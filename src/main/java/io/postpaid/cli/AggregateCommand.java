package io.postpaid.cli;

import io.postpaid.usage.aggregate.Aggregation;
import io.postpaid.usage.intake.IngestOutcome;
import io.postpaid.usage.mapping.Mappings;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "aggregate",
        description = {
            "Reads usage with Apache Spark and imports only its daily sums, where raw usage is too much for one database.",
            "See src/docs/spark.md."
        })
final class AggregateCommand implements Callable<Answer> {
    private static final int LISTED_MAX = 100;

    @Autowired
    private Aggregation aggregation;

    @Autowired
    private Mappings mappings;

    @Option(
            names = "--from",
            required = true,
            paramLabel = "PATH",
            description = "A folder of usage files, or one: NDJSON, CSV, CloudEvents, Parquet, or logs by a mapping.")
    private String from = "";

    @Option(
            names = "--run",
            required = true,
            paramLabel = "ID",
            description = "What the run is called, such as 2026-10-03. A run is imported once.")
    private String run = "";

    @Option(
            names = "--master",
            paramLabel = "URL",
            defaultValue = "local[*]",
            description = "Spark's master; local[*], which is all cores of this machine, if not given.")
    private String master = "";

    @Option(names = "--mapping", paramLabel = "FILE|NAME", description = "How to read foreign logs.")
    private @Nullable String mapping;

    @Option(
            names = "--to",
            paramLabel = "PATH",
            description =
                    "Below which folder the records are kept, for all machines; POSTPAID_HOME/aggregate if not given.")
    private @Nullable String to;

    @Override
    public Answer call() {
        var outcome = aggregation.aggregate(
                new Aggregation.Request(run, from, mapping == null ? null : mappings.of(mapping), to, master));
        var said = outcome.before()
                ? "The run %s was imported before, and nothing was done".formatted(outcome.run())
                : "%d records are in %s; their sums are imported".formatted(outcome.records(), outcome.folder());
        return Answer.of(outcome, listed(outcome.files()) + "\n" + said);
    }

    private static String listed(List<IngestOutcome> files) {
        var text = UsageCommands.FILES
                .table(files.stream().limit(LISTED_MAX).toList())
                .orElse("There were no files");
        return files.size() <= LISTED_MAX
                ? text
                : text + "\n… and %d more files: --json tells of all".formatted(files.size() - LISTED_MAX);
    }
}
