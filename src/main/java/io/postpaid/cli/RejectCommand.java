package io.postpaid.cli;

import io.postpaid.payments.approval.Approvals;
import io.postpaid.platform.audit.Actor;
import java.util.concurrent.Callable;
import org.springframework.beans.factory.annotation.Autowired;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "reject", description = "Rejects what another person asked for: nothing is given.")
final class RejectCommand implements Callable<Answer> {
    @Autowired
    private Approvals approvals;

    @Autowired
    private Actor actor;

    @Parameters(paramLabel = "ID", description = "As ./postpaid approvals lists it.")
    private long id;

    @Option(names = "--reason", description = "Kept with it.")
    private String reason = "";

    @Override
    public Answer call() {
        var rejected = approvals.reject(id, actor, reason);
        return Answer.of(
                ApprovalText.json(rejected),
                "Rejected, and nothing was done: " + rejected.text() + ". " + rejected.askedBy() + " had asked for it");
    }
}
