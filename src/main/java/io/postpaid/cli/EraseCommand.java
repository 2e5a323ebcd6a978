package io.postpaid.cli;

import io.postpaid.privacy.Erasure;
import java.util.concurrent.Callable;
import org.springframework.beans.factory.annotation.Autowired;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Sandboxed
@Command(
        name = "erase",
        description =
                "Erases the person behind an account and closes it for good. Invoices and the ledger stay as they are.")
final class EraseCommand implements Callable<Answer> {
    @Autowired
    private Erasure erasure;

    @Parameters(paramLabel = "ID")
    private String id = "";

    @Option(names = "--reason", required = true, paramLabel = "R", description = "Is kept: write no name into it.")
    private String reason = "";

    @Override
    public Answer call() {
        var result = erasure.erase(id, reason);
        var waits = result.waitsFor().orElse(null);
        return Answer.of(
                new Json().with("id", id).with("erased_before", result.before()).with("waits_for", waits),
                id
                        + (result.before() ? " was erased before" : " is erased")
                        + (waits == null
                                ? "; nothing of it is left at Stripe"
                                : "; its customer at Stripe is not (" + waits
                                        + "): the next nightly run deletes it, or run this again"));
    }
}
