package io.postpaid.cli;

import io.postpaid.payments.reconciliation.Reconciliation;
import io.postpaid.payments.reconciliation.Reconciliation.Line;
import io.postpaid.payments.reconciliation.Reconciliation.Orphan;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.money.Amounts;
import java.time.LocalDate;
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
    private @Nullable Range days;

    /** A day or a month. */
    static final class Range {
        @Option(names = "--date", paramLabel = "D", description = "One UTC day.")
        private @Nullable LocalDate date;

        @Option(names = "--period", paramLabel = "P", description = "All days of a month such as 2026-11.")
        private @Nullable BillingPeriod period;
    }

    @Autowired
    private Reconciliation reconciliation;

    private static final Fields<Line> LINES = new Fields<Line>()
            .both("kind", "WHAT", Line::kind)
            .field("currency", Line::currency)
            .both("count", "COUNT", Line::count)
            .field("at_stripe", line -> Amounts.plain(line.atStripe(), line.currency()))
            .column("AT STRIPE", line -> Amounts.plain(line.atStripe(), line.currency()) + " " + line.currency())
            .field("in_books", line -> Amounts.plain(line.inBooks(), line.currency()))
            .column("IN THE BOOKS", line -> Amounts.plain(line.inBooks(), line.currency()) + " " + line.currency())
            .field("fees", line -> Amounts.plain(line.fees(), line.currency()))
            .column("FEES", line -> Amounts.plain(line.fees(), line.currency()) + " " + line.currency());

    private static final Fields<Orphan> ORPHANS = new Fields<Orphan>()
            .both("kind", "NOT EXPLAINED", Orphan::kind)
            .both("reference", "REFERENCE", Orphan::reference)
            .field("amount", orphan -> Amounts.plain(orphan.amount(), orphan.currency()))
            .column("AMOUNT", orphan -> Amounts.plain(orphan.amount(), orphan.currency()) + " " + orphan.currency())
            .field("currency", Orphan::currency)
            .both("why", "WHY", Orphan::why);

    @Override
    public Answer call() {
        var result = between();
        var unexplained = result.explained()
                ? "0.00"
                : result.unexplained().entrySet().stream()
                        .map(entry -> Amounts.plain(entry.getValue(), entry.getKey()) + " " + entry.getKey())
                        .collect(Collectors.joining(", "));
        var json = new Json()
                .with("from", result.from())
                .with("to", result.to())
                .with("lines", LINES.json(result.lines()))
                .with("orphans", ORPHANS.json(result.orphans()))
                .with("unexplained", unexplained);
        var nothing = "Stripe moved nothing from " + result.from() + " to " + result.to();
        var orphans = result.orphans().isEmpty() ? "" : ORPHANS.table(result.orphans()) + "\n";
        var text = LINES.table(result.lines()).orElse(nothing) + "\n" + orphans + "Unexplained: " + unexplained;
        return Answer.of(json, text, result.explained());
    }

    private Reconciliation.Result between() {
        var chosen = Objects.requireNonNull(days);
        var day = chosen.date;
        if (day != null) return reconciliation.of(day, day);
        var month = Objects.requireNonNull(chosen.period);
        return reconciliation.of(month.firstDay(), month.issuedOn().minusDays(1));
    }
}
