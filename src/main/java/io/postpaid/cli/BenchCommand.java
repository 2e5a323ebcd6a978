package io.postpaid.cli;

import io.postpaid.bench.Bench;
import io.postpaid.bench.Figure;
import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "bench",
        description =
                "Measures this machine, in a database of its own: the product's throughput beside the bare database"
                        + " doing the same work; exit 1 if a goal is missed.")
final class BenchCommand implements Callable<Answer> {
    @Option(names = "--records", paramLabel = "N", defaultValue = "1000000", description = "Default: ${DEFAULT-VALUE}.")
    private long records;

    @Option(names = "--accounts", paramLabel = "N", defaultValue = "1000", description = "Default: ${DEFAULT-VALUE}.")
    private int accounts;

    @Option(
            names = "--stage",
            split = ",",
            paramLabel = "NAME",
            description =
                    "Any of month, history, pdf, ingest-mapped, rehearse, month-end and gate; without it, all of them.")
    private List<String> stages = Bench.STAGES;

    @Option(
            names = "--against",
            paramLabel = "FILE",
            description = "What an earlier bench answered with --json: tells what has changed since.")
    private @Nullable EarlierBench against;

    @Autowired
    private Bench bench;

    @Autowired
    @Qualifier("opener")
    private Bench.Opener opener;

    @Autowired
    private Terminal terminal;

    private static final Fields<Figure> FIGURES = new Fields<Figure>()
            .both("figure", "FIGURE", Figure::name)
            .both("value", "VALUE", figure -> text(figure.value()))
            .both("unit", "UNIT", Figure::unit)
            .field("bare", figure -> text(figure.bare()))
            .column("BARE", figure -> Objects.requireNonNullElse(text(figure.bare()), "-"))
            .field("ratio", figure -> text(figure.ratio()))
            .column("RATIO", figure -> Objects.requireNonNullElse(text(figure.ratio()), "-"))
            .field(
                    "postpaid_cores",
                    figure ->
                            figure.cores() == null ? null : text(figure.cores().postpaid()))
            .field(
                    "postgresql_cores",
                    figure ->
                            figure.cores() == null ? null : text(figure.cores().postgresql()))
            .column("CORES", figure -> Objects.requireNonNullElse(figure.cores(), "-"))
            .both("goal", "GOAL", Figure::goal)
            .field("holds", Figure::holds)
            .column("HOLDS", figure -> figure.holds() ? "yes" : "NO");

    @Override
    public Answer call() throws Exception {
        if (records < 100 || accounts < 1) {
            throw new IllegalArgumentException("A bench needs at least 100 records and an account");
        }
        if (!Bench.STAGES.containsAll(stages)) {
            throw new IllegalArgumentException("A stage is one of " + String.join(", ", Bench.STAGES));
        }
        var figures = bench.run(stages, records, accounts, opener, terminal.err()::println);
        boolean holds = figures.stream().allMatch(Figure::holds);
        var fields =
                against == null ? FIGURES : new Fields<Figure>().all(FIGURES).all(against.fields());
        var report = new Json()
                .with("records", records)
                .with("accounts", accounts)
                .with("figures", fields.json(figures))
                .with("holds", holds);
        var text = fields.table(figures).toString();
        if (against == null) return Answer.of(report, text, holds);
        report.with("only_now", against.onlyNow(figures)).with("only_earlier", against.onlyEarlier(figures));
        return Answer.of(report, text + "\n" + against.remarks(figures, records, accounts), holds);
    }

    private static @Nullable String text(@Nullable BigDecimal number) {
        return number == null ? null : number.stripTrailingZeros().toPlainString();
    }
}
