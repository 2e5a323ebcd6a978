package io.postpaid.cli;

import io.postpaid.books.report.Check;
import io.postpaid.books.report.Proofs;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.springframework.beans.factory.annotation.Autowired;
import picocli.CommandLine.Command;

@Command(
        name = "verify",
        description = "Checks every invariant of the books on the live database; exit 1 if one is broken.")
final class VerifyCommand implements Callable<Answer> {
    @Autowired
    private Proofs proofs;

    @Override
    public Answer call() {
        var checks = proofs.prove();
        var table = new Table("CHECK", "HOLDS", "FIGURE");
        checks.forEach(check -> table.row(check.name(), check.holds() ? "yes" : "NO", check.figure()));
        var broken = checks.stream().filter(check -> !check.holds()).toList();
        var text = table + "\n"
                + (broken.isEmpty()
                        ? "All " + checks.size() + " invariants hold"
                        : broken.stream().map(VerifyCommand::told).collect(Collectors.joining("\n")));
        return Answer.of(checks, text, broken.isEmpty());
    }

    private static String told(Check check) {
        return "BROKEN " + check.name() + ": " + check.rule() + "\n  " + String.join("\n  ", check.examples());
    }
}
