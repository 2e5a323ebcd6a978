package io.postpaid.cli;

import io.postpaid.billing.invoicing.LostNumbers.Number;
import io.postpaid.keeping.Matching;
import io.postpaid.keeping.Matching.Matched;
import io.postpaid.payments.reconciliation.ProviderIntents.Unknown;
import io.postpaid.payments.reconciliation.Reconciliation.Orphan;
import io.postpaid.platform.money.Amounts;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.springframework.beans.factory.annotation.Autowired;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Sandboxed
@Command(
        name = "match",
        description = {
            "After a restore: books what the payment provider charged since the backup, and lists what is not known here.",
            "With --lift it ends the hold; exit 1 while the hold stays."
        })
final class MatchCommand implements Callable<Answer> {
    @Option(names = "--lift", description = "End the hold, if all is explained.")
    private boolean lift;

    @Option(
            names = "--next-number",
            paramLabel = "N",
            description =
                    "The next number that no customer has, such as 2026-000031 or CN-2026-000004; once for each series.")
    private List<String> next = List.of();

    @Option(
            names = "--accept",
            description =
                    "Keep payments of unknown invoices on the balances of their accounts, and take the rest as it is.")
    private boolean accept;

    @Autowired
    private Matching matching;

    private static final Fields<Unknown> UNKNOWN = new Fields<Unknown>()
            .both("paid", "PAID", Unknown::paid)
            .both("account", "ACCOUNT", Unknown::account)
            .field("amount", one -> Amounts.plain(one.amount(), one.currency()))
            .column("AMOUNT", one -> Amounts.text(one.amount(), one.currency()))
            .field("currency", Unknown::currency)
            .both("intent", "INTENT", Unknown::intent);

    private static final Fields<Orphan> ORPHANS = new Fields<Orphan>()
            .both("kind", "NOT EXPLAINED", Orphan::kind)
            .both("reference", "REFERENCE", Orphan::reference)
            .field("amount", orphan -> Amounts.plain(orphan.amount(), orphan.currency()))
            .column("AMOUNT", orphan -> Amounts.text(orphan.amount(), orphan.currency()))
            .field("currency", Orphan::currency)
            .both("why", "WHY", Orphan::why);

    @Override
    public Answer call() {
        if (!lift && (accept || !next.isEmpty())) throw new WrongUse("--accept and --next-number go with --lift");
        var matched = lift ? matching.lift(next.stream().map(Number::parse).toList(), accept) : matching.match();
        var json = new Json()
                .with("taken_at", matched.takenAt())
                .with("unknown", UNKNOWN.json(matched.unknown()))
                .with("orphans", ORPHANS.json(matched.orphans()))
                .with(
                        "next_numbers",
                        matched.next().stream().map(Number::toString).toList())
                .with("lifted", matched.lifted());
        return Answer.of(json, text(matched), matched.lifted());
    }

    private static String text(Matched matched) {
        var tables = (matched.unknown().isEmpty() ? "" : UNKNOWN.table(matched.unknown()) + "\n")
                + (matched.orphans().isEmpty() ? "" : ORPHANS.table(matched.orphans()) + "\n");
        if (matched.lifted()) return tables + "The hold has ended: runs, charges and mails go on";
        var numbers = matched.next().stream()
                .map(number -> " --next-number " + number)
                .collect(Collectors.joining());
        return tables
                + (matched.orphans().isEmpty()
                        ? "The provider and the books agree since the backup of " + matched.takenAt()
                        : matched.orphans().size()
                                + " movements at the provider are not explained; --accept keeps payments"
                                + " of unknown invoices on the balances of their accounts")
                + "\nHeld still. To end that, with numbers that no customer has from an earlier mail:\n  ./postpaid match --lift"
                + numbers + (matched.orphans().isEmpty() ? "" : " --accept");
    }
}
