package io.postpaid.cli;

import io.postpaid.platform.checkup.Checkup;
import java.util.concurrent.Callable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import picocli.CommandLine.Command;

@Sandboxed
@Command(
        name = "doctor",
        description =
                "Looks at what an installation needs: Java, PostgreSQL, Stripe, mail server, clock, fonts, disk and"
                        + " templates; exit 1 if something is not well.")
final class DoctorCommand implements Callable<Answer> {
    @Autowired
    private ObjectProvider<Checkup> checkups;

    record Finding(String of, boolean well, String found) {}

    @Override
    public Answer call() {
        var findings = checkups.orderedStream().map(DoctorCommand::find).toList();
        var table = new Table("OF", "WELL", "FOUND");
        findings.forEach(each -> table.row(each.of, each.well ? "yes" : "NO", each.found));
        return Answer.of(findings, table.toString(), findings.stream().allMatch(Finding::well));
    }

    private static Finding find(Checkup checkup) {
        try {
            return new Finding(checkup.of(), true, checkup.look());
        } catch (Exception wrong) {
            return new Finding(checkup.of(), false, Failures.sentence(wrong));
        }
    }
}
