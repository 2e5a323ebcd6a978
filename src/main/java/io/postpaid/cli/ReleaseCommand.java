package io.postpaid.cli;

import io.postpaid.account.BillingHolds;
import io.postpaid.platform.batch.HeldItems;
import java.util.concurrent.Callable;
import org.springframework.beans.factory.annotation.Autowired;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "release",
        description = "Lets the next run bill an account that was held, also for the months that it was held in.")
final class ReleaseCommand implements Callable<Answer> {
    @Autowired
    private BillingHolds holds;

    @Autowired
    private HeldItems held;

    @Parameters(paramLabel = "ID")
    private String id = "";

    @Override
    public Answer call() {
        var was = holds.release(id);
        var left = held.ofAccount(id);
        return Answer.of(
                new Json()
                        .with("id", id)
                        .with("billing_held", null)
                        .with("was_held", was.isEmpty() ? null : was)
                        .with("held", left),
                (was.isEmpty() ? id + " was held by nobody" : id + " is released")
                        + (left.isEmpty()
                                ? ""
                                : "; the next run tries again what is held of it: ./postpaid accounts show " + id));
    }
}
