package io.postpaid.cli;

import io.postpaid.usage.intake.IngestOutcome;
import io.postpaid.usage.intake.Trial;
import io.postpaid.usage.mapping.Mappings;
import io.postpaid.usage.record.ParsedLine.Fact;
import io.postpaid.usage.record.Reason;
import io.postpaid.usage.record.UsageRecord;
import io.postpaid.usage.record.UsageVoid;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "try", description = "Shows how the first lines of a file would be taken, and writes nothing.")
final class TryCommand implements Callable<Answer> {
    private static final int LINES_MAX = 10_000;

    private static final int SHOWN = 200;

    static final String NEEDS_MAPPING =
            "No line is a usage record with Postpaid's own names. A log needs a mapping: see src/docs/mapping.md";

    private static final Fields<Fact> FACTS = new Fields<Fact>()
            .field("source", Fact::source)
            .field("id", Fact::id)
            .field("account", Fact::account)
            .field("product", TryCommand::product)
            .field("quantity", TryCommand::quantity)
            .field("occurred_at", Fact::occurredAt)
            .field("outcome", TryCommand::outcome)
            .field("operation", TryCommand::operation)
            .field("metadata", fact -> fact instanceof UsageRecord usage ? usage.metadata() : null);

    private static final Fields<Trial.Line> LINES = new Fields<Trial.Line>()
            .field("line", Trial.Line::number)
            .field("verdict", Trial.Line::verdict)
            .field("reason", Trial.Line::reason)
            .field("detail", Trial.Line::detail)
            .field("records", line -> FACTS.json(line.facts()))
            .field("text", Trial.Line::text);

    /** A record, or a line that gives none. */
    private record Row(Trial.Line line, @Nullable Fact fact) {
        @Nullable
        Object of(Function<Fact, ? extends @Nullable Object> value) {
            return fact == null ? null : value.apply(fact);
        }
    }

    private static final Fields<Row> ROWS = new Fields<Row>()
            .column("LINE", row -> row.line().number())
            .column("VERDICT", row -> row.line().verdict())
            .column("ID", row -> row.of(Fact::id))
            .column("ACCOUNT", row -> row.of(Fact::account))
            .column("PRODUCT", row -> row.of(TryCommand::product))
            .column("QUANTITY", row -> row.of(TryCommand::quantity))
            .column("OCCURRED AT", row -> row.of(Fact::occurredAt))
            .column("OUTCOME", row -> row.of(TryCommand::outcome))
            .column("OPERATION", row -> row.of(TryCommand::operation));

    private static final Fields<Trial.Outcome> TRIED = new Fields<Trial.Outcome>()
            .field("file", tried -> tried.counts().file())
            .field("lines", tried -> tried.counts().lines())
            .field("records", tried -> tried.counts().records())
            .field("accepted", tried -> tried.counts().accepted())
            .field("duplicates", tried -> tried.counts().duplicates())
            .field("quarantined", tried -> tried.counts().quarantined())
            .field("left_out", tried -> tried.counts().leftOut())
            .field("tried", tried -> LINES.json(tried.lines()));

    @Autowired
    private Trial trial;

    @Autowired
    private Mappings mappings;

    @Parameters(paramLabel = "FILE", description = "The log.")
    private Path file = Path.of("");

    @Option(
            names = "--mapping",
            paramLabel = "FILE|NAME",
            description = "How to read it: a YAML file, or a name that usage mappings lists.")
    private @Nullable String mapping;

    @Option(names = "--lines", paramLabel = "N", defaultValue = "5", description = "How many lines; 5 if not given.")
    private int lines;

    @Override
    public Answer call() {
        if (lines < 1 || lines > LINES_MAX) throw new WrongUse("--lines is a number from 1 to " + LINES_MAX);
        var tried = trial.of(file, mapping == null ? null : mappings.of(mapping), lines);
        boolean foreign = mapping == null
                && !tried.lines().isEmpty()
                && tried.lines().stream().allMatch(line -> line.reason() == Reason.MALFORMED);
        return Answer.of(TRIED.json(tried), text(tried) + (foreign ? "\n" + NEEDS_MAPPING : ""));
    }

    private static String text(Trial.Outcome tried) {
        var rows = new ArrayList<Row>();
        var faults = new StringBuilder();
        for (var line : tried.lines()) {
            if (line.facts().isEmpty()) rows.add(new Row(line, null));
            line.facts().forEach(fact -> rows.add(new Row(line, fact)));
            if (line.detail() != null) {
                faults.append("\nline %d: %s\n    %s"
                        .formatted(line.number(), line.detail(), Table.shown(line.text(), SHOWN)));
            }
        }
        return ROWS.table(rows).orElse("The file has no lines") + faults + "\n" + counted(tried.counts());
    }

    private static String counted(IngestOutcome counts) {
        return "%d lines: %d accepted with %d new records, %d duplicates, %d quarantined, %d left out; nothing is written"
                .formatted(
                        counts.lines(),
                        counts.accepted(),
                        counts.records(),
                        counts.duplicates(),
                        counts.quarantined(),
                        counts.leftOut());
    }

    private static String outcome(Fact fact) {
        return switch (fact) {
            case UsageRecord usage -> usage.failed() ? "failed" : "succeeded";
            case UsageVoid correction -> "voids " + correction.voids();
        };
    }

    private static @Nullable String product(Fact fact) {
        return fact instanceof UsageRecord usage ? usage.product() : null;
    }

    private static @Nullable String quantity(Fact fact) {
        return fact instanceof UsageRecord usage ? usage.quantity().toPlainString() : null;
    }

    private static @Nullable String operation(Fact fact) {
        return fact instanceof UsageRecord usage ? usage.operation() : null;
    }
}
