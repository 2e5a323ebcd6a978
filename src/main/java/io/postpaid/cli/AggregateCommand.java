package io.postpaid.cli;

import io.postpaid.usage.aggregate.Aggregation;
import io.postpaid.usage.aggregate.Aggregation.Outcome;
import io.postpaid.usage.aggregate.Aggregation.Progress;
import io.postpaid.usage.aggregate.DryRun;
import io.postpaid.usage.aggregate.RunProof;
import io.postpaid.usage.aggregate.RunProof.Difference;
import io.postpaid.usage.aggregate.RunProof.Proof;
import io.postpaid.usage.intake.IngestOutcome;
import io.postpaid.usage.mapping.Mappings;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import picocli.CommandLine.ArgGroup;
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

    @Autowired
    private RunProof proof;

    @ArgGroup(multiplicity = "1")
    private What what = new What();

    static final class What {
        @Option(
                names = "--from",
                paramLabel = "PATH",
                description =
                        "A folder of usage files, or one: NDJSON, CSV, CloudEvents, Parquet, or logs by a mapping.")
        private @Nullable String from;

        @Option(
                names = "--verify",
                description =
                        "Proves the imported sums against the records that runs have kept, or the run named by --run; exit 1 if they differ.")
        private boolean verify;
    }

    @Option(
            names = "--run",
            paramLabel = "ID",
            description = "What the run is called, such as 2026-10-03. A run is imported once.")
    private @Nullable String run;

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

    @Option(names = "--dry-run", description = "Says what the run would import, and imports and keeps nothing.")
    private boolean dryRun;

    @Autowired
    private Terminal terminal;

    @Override
    public Answer call() {
        var from = what.from;
        try (var bar = terminal.progress(run == null ? "runs" : "run " + run, "tasks", -1)) {
            Progress progress = (tasks, of, lines) -> bar.reached(tasks, of, "%,d lines".formatted(lines));
            if (from == null) return verified(proof.prove(run, master, progress));
            if (run == null) throw new IllegalArgumentException("Give the run an ID, such as --run 2026-10-03");
            var request = new Aggregation.Request(run, from, mapping == null ? null : mappings.of(mapping), to, master);
            return dryRun
                    ? dry(aggregation.dryRun(request, progress))
                    : imported(aggregation.aggregate(request, progress));
        }
    }

    private static Answer imported(Outcome outcome) {
        var said = outcome.before()
                ? "The run %s was imported before, and nothing was done".formatted(outcome.run())
                : "%d records are in %s; their sums are imported".formatted(outcome.records(), outcome.folder());
        return Answer.of(outcome, listed(outcome.files()) + "\n" + said);
    }

    private static Answer dry(DryRun tried) {
        var sums = new Table("PRODUCT", "BILLED", "RECORDS", "FREE RECORDS");
        tried.sums()
                .forEach(sum -> sums.row(
                        sum.product(),
                        sum.quantity().stripTrailingZeros().toPlainString(),
                        sum.records(),
                        sum.freeRecords()));
        return Answer.of(
                tried,
                listed(tried.files()) + "\n" + sums.orElse("No usage would be taken")
                        + "\nNothing was imported or kept");
    }

    private static Answer verified(Proof proved) {
        var text = new ArrayList<String>();
        proved.missing()
                .forEach(run -> text.add("BROKEN run %s: its records are not where it left them".formatted(run)));
        proved.differences().forEach(each -> text.add(told(each)));
        text.add(
                proved.holds()
                        ? "The sums of %d runs are those of the records that they keep"
                                .formatted(proved.runs().size())
                        : "NOT EVERY SUM IS THAT OF THE RECORDS KEPT");
        return Answer.of(proved, String.join("\n", text), proved.holds());
    }

    private static String told(Difference each) {
        return "BROKEN run %s, %s, %s, %s (%s): imported %s in %d records, %d of them taken back, but kept are %s in %d, %d of them; %s more"
                .formatted(
                        each.run(),
                        each.account(),
                        each.product(),
                        each.day(),
                        each.state(),
                        each.quantity().toPlainString(),
                        each.records(),
                        each.voided(),
                        each.keptQuantity().toPlainString(),
                        each.keptRecords(),
                        each.keptVoided(),
                        each.keptQuantity().subtract(each.quantity()).toPlainString());
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
