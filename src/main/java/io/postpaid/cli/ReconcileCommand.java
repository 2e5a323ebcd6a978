package io.postpaid.cli;

import io.postpaid.payments.Reconciliation;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.money.Amounts;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Sandboxed
@Command(
        name = "reconcile",
        description =
                "Holds every movement of Stripe's balance against the books; exit 1 if an amount is not explained.")
final class ReconcileCommand implements Callable<Answer> {
    @ArgGroup(multiplicity = "1")
    private @Nullable Days days;

    /** A day or a month. */
    static final class Days {
        @Option(names = "--date", paramLabel = "D", description = "One UTC day.")
        private @Nullable LocalDate date;

        @Option(names = "--period", paramLabel = "P", description = "All days of a month such as 2026-11.")
        private @Nullable BillingPeriod period;
    }

    @Autowired
    private Reconciliation reconciliation;

    private record Line(String kind, String currency, int count, String atStripe, String inBooks, String fees) {}

    private record Orphan(String kind, String reference, String amount, String currency, String why) {}

    private record Shown(LocalDate from, LocalDate to, List<Line> lines, List<Orphan> orphans, String unexplained) {}

    @Override
    public Answer call() {
        var result = between();
        var lines = result.lines().stream()
                .map(line -> new Line(
                        line.kind(),
                        line.currency(),
                        line.count(),
                        Amounts.plain(line.atStripe(), line.currency()),
                        Amounts.plain(line.inBooks(), line.currency()),
                        Amounts.plain(line.fees(), line.currency())))
                .toList();
        var orphans = result.orphans().stream()
                .map(orphan -> new Orphan(
                        orphan.kind(),
                        orphan.reference(),
                        Amounts.plain(orphan.amount(), orphan.currency()),
                        orphan.currency(),
                        orphan.why()))
                .toList();
        var unexplained = result.explained()
                ? "0.00"
                : result.unexplained().entrySet().stream()
                        .map(entry -> Amounts.plain(entry.getValue(), entry.getKey()) + " " + entry.getKey())
                        .collect(Collectors.joining(", "));
        var shown = new Shown(result.from(), result.to(), lines, orphans, unexplained);
        return result.explained() ? Answer.of(shown, text(shown)) : Answer.failed(shown, text(shown));
    }

    private Reconciliation.Result between() {
        var chosen = Objects.requireNonNull(days);
        var day = chosen.date;
        if (day != null) return reconciliation.of(day, day);
        var month = Objects.requireNonNull(chosen.period);
        return reconciliation.of(month.firstDay(), month.issuedOn().minusDays(1));
    }

    private static String text(Shown shown) {
        var table = new Table("WHAT", "COUNT", "AT STRIPE", "IN THE BOOKS", "FEES");
        shown.lines()
                .forEach(line -> table.row(
                        line.kind(),
                        line.count(),
                        line.atStripe() + " " + line.currency(),
                        line.inBooks() + " " + line.currency(),
                        line.fees() + " " + line.currency()));
        var orphans = new Table("NOT EXPLAINED", "REFERENCE", "AMOUNT", "WHY");
        shown.orphans()
                .forEach(orphan -> orphans.row(
                        orphan.kind(), orphan.reference(), orphan.amount() + " " + orphan.currency(), orphan.why()));
        return table.orElse("Stripe moved nothing from " + shown.from() + " to " + shown.to()) + "\n"
                + (shown.orphans().isEmpty() ? "" : orphans + "\n") + "Unexplained: " + shown.unexplained();
    }
}
