package io.postpaid.cli;

import io.postpaid.account.BillingHolds;
import java.util.concurrent.Callable;
import org.springframework.beans.factory.annotation.Autowired;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "hold",
        description = "Holds an account from billing: its usage is rated, but it gets no invoice until it is released.")
final class HoldCommand implements Callable<Answer> {
    @Autowired
    private BillingHolds holds;

    @Parameters(paramLabel = "ID")
    private String id = "";

    @Option(names = "--reason", required = true, paramLabel = "R", description = "Kept in the account's history.")
    private String reason = "";

    @Override
    public Answer call() {
        if (reason.isBlank()) throw new WrongUse("--reason says why, and cannot be empty");
        holds.hold(id, reason.strip());
        return Answer.of(
                new Json().with("id", id).with("billing_held", reason.strip()),
                id + " is held from billing: ./postpaid accounts release " + id + " ends that");
    }
}
