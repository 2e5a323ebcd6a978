package io.postpaid.cli;

import io.postpaid.payments.approval.Approval;
import io.postpaid.payments.approval.Approvals;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.springframework.beans.factory.annotation.Autowired;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "approvals",
        description = "What waits for a second person, because it gives more than POSTPAID_APPROVE_ABOVE.")
final class ApprovalsCommand implements Callable<Answer> {
    private static final int PAGE = 500;

    @Autowired
    private Approvals approvals;

    @Option(names = "--all", description = "Also what was approved or rejected.")
    private boolean all;

    @Override
    public Answer call() {
        return ApprovalText.APPROVALS.listing(this::each, all ? "Nothing was asked for" : "Nothing waits");
    }

    private void each(Consumer<Approval> reader) {
        List<Approval> page;
        for (long before = Long.MAX_VALUE; !(page = approvals.list(all, before, PAGE)).isEmpty(); ) {
            page.forEach(reader);
            before = page.getLast().id();
        }
    }
}
