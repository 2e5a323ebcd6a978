package io.postpaid.cli;

import io.postpaid.payments.bank.BankMatches;
import io.postpaid.payments.bank.BankMatches.Matched;
import io.postpaid.payments.bank.BankStatements;
import io.postpaid.payments.bank.BankStatements.Imported;
import io.postpaid.payments.bank.BankStatements.Listed;
import io.postpaid.platform.money.Amounts;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "bank", description = "Bank statements, and what each of their lines is in the books.")
final class BankCommands {
    private static final int LISTED_MAX = 1_000;

    private static final Fields<Imported> STATEMENTS = new Fields<Imported>()
            .both("account", "ACCOUNT", Imported::account)
            .both("number", "STATEMENT", Imported::number)
            .both("currency", "CURRENCY", Imported::currency)
            .both("opening", "OPENING", one -> plain(one.opening(), one.currency()))
            .both("closing", "CLOSING", one -> plain(one.closing(), one.currency()))
            .both("lines", "LINES", Imported::lines)
            .both("added", "NEW", Imported::added);

    private static final Fields<Listed> LINES = new Fields<Listed>()
            .both("line", "LINE", Listed::id)
            .both("booked_on", "BOOKED ON", Listed::bookedOn)
            .field("amount", line -> Amounts.plain(line.amount(), line.currency()))
            .column("AMOUNT", line -> Amounts.plain(line.amount(), line.currency()) + " " + line.currency())
            .field("currency", Listed::currency)
            .both("party", "FROM OR TO", Listed::party)
            .both("text", "TEXT", Listed::text)
            .both("reference", "REFERENCE", Listed::reference)
            .both("kind", "IS", Listed::kind)
            .both("matched", "BOOKED AS", Listed::matched);

    @Autowired
    private BankStatements statements;

    @Autowired
    private BankMatches matches;

    /** What a line is: one of these. */
    static final class What {
        @Option(names = "--invoice", paramLabel = "N", description = "Money for this invoice.")
        private @Nullable String invoice;

        @Option(names = "--account", paramLabel = "A", description = "Money for this account, or sent back to it.")
        private @Nullable String account;

        @Option(names = "--payout", paramLabel = "ID", description = "A payout of Stripe's, or one that came back.")
        private @Nullable String payout;

        @Option(names = "--charges", description = "What the bank takes for itself, or gives back of it.")
        private boolean charges;

        @Option(names = "--ignore", description = "No money of these books; needs --reason.")
        private boolean ignore;
    }

    @Sandboxed
    @Command(
            name = "import",
            description = {
                "Imports a bank statement, camt.053, MT940 or CSV: all of it or nothing.",
                "Lines that name an open invoice and are of its exact amount, payouts and charges are matched at once."
            })
    Answer importFile(
            @Parameters(paramLabel = "FILE", description = "The statement.") Path file,
            @Option(names = "--mapping", paramLabel = "M", description = "What the columns of a CSV file are, in YAML.")
                    @Nullable
                    Path mapping) {
        var result = statements.importFile(file, mapping);
        var json = new Json()
                .with("file", file.toString())
                .with("format", result.format())
                .with("known", result.known())
                .with("statements", STATEMENTS.json(result.statements()))
                .with("matched", result.matched())
                .with("open", result.open());
        var unproven = result.statements().stream()
                .filter(one -> one.opening() == null || one.closing() == null)
                .map(Imported::account)
                .distinct()
                .collect(Collectors.joining(", "));
        var text = (result.known()
                        ? file + " was imported before"
                        : STATEMENTS.table(result.statements()).orElse("No statement"))
                + (unproven.isEmpty() ? "" : "\nNo balances prove that no line is missing: " + unproven)
                + "\n" + result.matched() + " lines matched, " + result.open()
                + " open" + (result.open() == 0 ? "" : ": ./postpaid bank list --open");
        return Answer.of(json, text);
    }

    @Command(name = "list", description = "Lists lines of bank statements, the newest first.")
    Answer list(@Option(names = "--open", description = "Only those that wait for a person.") boolean open) {
        return LINES.list(statements.list(open, LISTED_MAX), open ? "No line waits" : "No bank statement was imported");
    }

    @Sandboxed
    @Command(name = "match", description = "Decides what a line of a bank statement is.")
    Answer match(
            @Parameters(paramLabel = "LINE", description = "As bank list shows it.") long line,
            @ArgGroup(multiplicity = "1") What what,
            @Option(names = "--reason", description = "Why a line is left out of the books; kept.") @Nullable
                    String reason) {
        var matched = decide(line, what, reason);
        var shown = new Json()
                .with("line", line)
                .with(
                        "amount",
                        Amounts.plain(matched.line().amount(), matched.line().currency()))
                .with("currency", matched.line().currency())
                .with("kind", matched.kind())
                .with("matched", matched.reference());
        return Answer.of(
                shown,
                "Line " + line + " of "
                        + Amounts.text(matched.line().amount(), matched.line().currency()) + " is " + matched.kind()
                        + ": " + matched.reference());
    }

    private Matched decide(long line, What what, @Nullable String reason) {
        if (what.ignore) return matches.ignore(line, Objects.requireNonNullElse(reason, ""));
        if (reason != null) throw new WrongUse("--reason belongs to --ignore");
        if (what.invoice != null) return matches.toInvoice(line, what.invoice);
        if (what.account != null) return matches.toAccount(line, what.account);
        if (what.payout != null) return matches.toPayout(line, what.payout);
        return matches.asCharge(line);
    }

    private static @Nullable String plain(@Nullable BigDecimal amount, String currency) {
        return amount == null ? null : Amounts.plain(amount, currency);
    }
}
