package io.postpaid.cli;

import io.postpaid.books.rehearse.Findings;
import io.postpaid.books.rehearse.Findings.Changed;
import io.postpaid.books.rehearse.Findings.OfCause;
import io.postpaid.books.rehearse.RehearsalFile;
import io.postpaid.books.rehearse.Rehearsals;
import io.postpaid.books.rehearse.Rehearsals.Wanted;
import io.postpaid.cli.Terminal.Shown;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.money.Amounts;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "rehearse",
        description =
                "Bills a month once more in memory, and prints which accounts would be billed otherwise, by how much and"
                        + " why. Nothing is stored. With present prices and taxes it is the test of an upgrade.")
final class RehearseCommand implements Callable<Answer> {
    private static final int LARGEST = 20;

    private static final Fields<Changed> CHANGED = new Fields<Changed>()
            .both("account", "ACCOUNT", Changed::account)
            .field("currency", Changed::currency)
            .field("before", changed -> plain(changed.before(), changed.currency()))
            .field("after", changed -> plain(changed.after(), changed.currency()))
            .column("BEFORE", changed -> Amounts.text(changed.before(), changed.currency()))
            .column("AFTER", changed -> Amounts.text(changed.after(), changed.currency()))
            .column("DIFFERENCE", changed -> Amounts.text(changed.difference(), changed.currency()))
            .both("why", "WHY", Changed::why);

    private static final Fields<OfCause> CAUSES = new Fields<OfCause>()
            .both("why", "WHY", OfCause::why)
            .both("accounts", "ACCOUNTS", OfCause::accounts)
            .field("currency", OfCause::currency)
            .field("amount", cause -> plain(cause.amount(), cause.currency()))
            .column("DIFFERENCE", cause -> Amounts.text(cause.amount(), cause.currency()));

    @Option(names = "--period", required = true, paramLabel = "P", description = "A month such as 2026-10.")
    private @Nullable BillingPeriod period;

    @Option(names = "--prices", paramLabel = "FILE", description = "A price file to try, as for prices import.")
    private @Nullable Path prices;

    @Option(names = "--taxes", paramLabel = "FILE", description = "A tax file to try, as for taxes import.")
    private @Nullable Path taxes;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Where to write a CSV file of all accounts; none if not given.")
    private @Nullable Path folder;

    @Option(names = "--late", description = "Counts usage that came, or was taken back, after the month was billed.")
    private boolean late;

    @Autowired
    private Rehearsals rehearsals;

    @Autowired
    private Terminal terminal;

    @Override
    public Answer call() throws IOException {
        var of = Objects.requireNonNull(period);
        var findings = new Findings();
        Path written = null;
        if (folder == null) {
            rehearse(of, findings, null);
        } else {
            try (var file = new RehearsalFile(folder, of)) {
                rehearse(of, findings, file);
                written = file.finish();
            }
        }
        return Answer.of(json(of, findings, written), text(of, findings, written));
    }

    private void rehearse(BillingPeriod of, Findings findings, @Nullable RehearsalFile file) {
        var shown = new AtomicReference<@Nullable Shown>();
        try {
            rehearsals.run(
                    new Wanted(of, prices, taxes, late),
                    total -> shown.set(terminal.progress("rehearse " + of, "accounts", total)),
                    account -> {
                        findings.accept(account);
                        if (file != null) file.accept(account);
                        Objects.requireNonNull(shown.get()).reached(findings.accounts());
                    });
        } finally {
            var progress = shown.get();
            if (progress != null) progress.close();
        }
    }

    private static Json json(BillingPeriod of, Findings findings, @Nullable Path written) {
        var json = new Json()
                .with("period", of.toString())
                .with("accounts", findings.accounts())
                .with("accounts_changed", findings.changed().size())
                .with(
                        "difference",
                        findings.differences().entrySet().stream()
                                .sorted(Map.Entry.comparingByKey())
                                .map(sum -> new Json()
                                        .with("currency", sum.getKey())
                                        .with("amount", plain(sum.getValue(), sum.getKey())))
                                .toList())
                .with("causes", CAUSES.json(findings.causes()))
                .with("changed", CHANGED.json(findings.changed()));
        return written == null ? json : json.with("file", written.toString());
    }

    private static String text(BillingPeriod of, Findings findings, @Nullable Path written) {
        if (findings.accounts() == 0) return "Nothing was used in " + of + ": there is nothing to rehearse";
        var changed = findings.changed();
        var text = new StringBuilder();
        if (!changed.isEmpty()) {
            var largest = findings.largest(LARGEST);
            text.append(CAUSES.table(findings.causes())).append("\n\n");
            if (changed.size() > LARGEST) text.append("The ").append(LARGEST).append(" that change most:\n");
            text.append(CHANGED.table(largest)).append("\n\n");
        }
        text.append("Rehearsed ").append(of).append(": ").append(changed.size()).append(" of ");
        text.append(findings.accounts()).append(" accounts change; difference ").append(sums(findings));
        text.append(written == null ? ". Nothing was stored" : ". All accounts: " + written);
        return text.toString();
    }

    private static String sums(Findings findings) {
        return findings.differences().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(sum -> Amounts.text(sum.getValue(), sum.getKey()))
                .collect(Collectors.joining(", "));
    }

    private static String plain(BigDecimal amount, String currency) {
        return Amounts.plain(amount, currency);
    }
}
