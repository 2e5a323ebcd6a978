package io.postpaid.cli;

import io.postpaid.bench.Bench;
import io.postpaid.bench.Figure;
import java.math.BigDecimal;
import java.util.List;
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

    @Autowired
    private Bench bench;

    @Autowired
    @Qualifier("opener")
    private Bench.Opener opener;

    @Autowired
    private Terminal terminal;

    private record Shown(
            String figure,
            String value,
            String unit,
            @Nullable String bare,
            @Nullable String ratio,
            String goal,
            boolean holds) {}

    private record Report(long records, int accounts, List<Shown> figures, boolean holds) {}

    @Override
    public Answer call() throws Exception {
        if (records < 100 || accounts < 1) {
            throw new IllegalArgumentException("A bench needs at least 100 records and an account");
        }
        var figures = bench.run(records, accounts, opener, terminal.err()::println);
        var table = new Table("FIGURE", "VALUE", "UNIT", "BARE", "RATIO", "GOAL", "HOLDS");
        var shown = figures.stream().map(BenchCommand::shown).toList();
        shown.forEach(figure -> table.row(
                figure.figure(),
                figure.value(),
                figure.unit(),
                figure.bare() == null ? "-" : figure.bare(),
                figure.ratio() == null ? "-" : figure.ratio(),
                figure.goal(),
                figure.holds() ? "yes" : "NO"));
        boolean holds = figures.stream().allMatch(Figure::holds);
        var report = new Report(records, accounts, shown, holds);
        return holds ? Answer.of(report, table.toString()) : Answer.failed(report, table.toString());
    }

    private static Shown shown(Figure figure) {
        return new Shown(
                figure.name(),
                text(figure.value()),
                figure.unit(),
                figure.bare() == null ? null : text(figure.bare()),
                figure.ratio() == null ? null : text(figure.ratio()),
                figure.goal(),
                figure.holds());
    }

    private static String text(BigDecimal number) {
        return number.stripTrailingZeros().toPlainString();
    }
}
