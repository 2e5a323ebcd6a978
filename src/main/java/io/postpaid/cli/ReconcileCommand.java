package io.postpaid.cli;

import io.postpaid.payments.reconciliation.ProviderTie;
import io.postpaid.payments.reconciliation.ProviderTie.Difference;
import io.postpaid.payments.reconciliation.ProviderTie.Tie;
import io.postpaid.payments.reconciliation.Reconciliation;
import io.postpaid.payments.reconciliation.Reconciliation.Line;
import io.postpaid.payments.reconciliation.Reconciliation.Orphan;
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
        description = {
            "Compares every movement of Stripe's balance with the books, and books Stripe's fees and payouts.",
            "Exit 1 if an amount is not explained."
        })
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

    @Autowired
    private ProviderTie provider;

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

    private static final Fields<Tie> CLEARING = new Fields<Tie>()
            .field("currency", Tie::currency)
            .field("booked", tie -> Amounts.plain(tie.booked(), tie.currency()))
            .column("CLEARING IN THE LEDGER", tie -> Amounts.text(tie.booked(), tie.currency()))
            .field("moved", tie -> Amounts.plain(tie.moved(), tie.currency()))
            .column("STRIPE'S BALANCE", tie -> Amounts.text(tie.moved(), tie.currency()))
            .field("unexplained", tie -> Amounts.plain(tie.unexplained(), tie.currency()))
            .column("UNEXPLAINED", tie -> Amounts.text(tie.unexplained(), tie.currency()));

    private static final Fields<Difference> TIMING = new Fields<Difference>()
            .both("kind", "IN ANOTHER MONTH", Difference::kind)
            .both("reference", "REFERENCE", Difference::reference)
            .field("amount", one -> Amounts.plain(one.amount(), one.currency()))
            .column("AMOUNT", one -> Amounts.text(one.amount(), one.currency()))
            .field("currency", Difference::currency)
            .both("booked_on", "BOOKED ON", Difference::bookedOn)
            .both("moved_on", "AT STRIPE ON", Difference::movedOn);

    @Override
    public Answer call() {
        var result = between();
        var ties = ties();
        var timing = ties.stream()
                .flatMap(tie -> tie.differences().stream())
                .filter(Difference::same)
                .toList();
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
                .with("unexplained", unexplained)
                .with("clearing", CLEARING.json(ties))
                .with("in_another_month", TIMING.json(timing));
        var nothing = "Stripe moved nothing from " + result.from() + " to " + result.to();
        var orphans = result.orphans().isEmpty() ? "" : ORPHANS.table(result.orphans()) + "\n";
        var clearing = (ties.isEmpty() ? "" : CLEARING.table(ties) + "\n")
                + (timing.isEmpty() ? "" : TIMING.table(timing) + "\n");
        var text =
                LINES.table(result.lines()).orElse(nothing) + "\n" + orphans + clearing + "Unexplained: " + unexplained;
        return Answer.of(json, text, result.explained());
    }

    /** Of a month alone: a day has no books of its own. */
    private List<Tie> ties() {
        var month = Objects.requireNonNull(days).period;
        return month == null ? List.of() : provider.of(month);
    }

    private Reconciliation.Result between() {
        var chosen = Objects.requireNonNull(days);
        var day = chosen.date;
        if (day != null) return reconciliation.of(day, day);
        var month = Objects.requireNonNull(chosen.period);
        return reconciliation.of(month.firstDay(), month.issuedOn().minusDays(1));
    }
}
