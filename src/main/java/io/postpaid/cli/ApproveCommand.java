package io.postpaid.cli;

import io.postpaid.payments.approval.Approvals;
import io.postpaid.payments.settlement.Refund;
import io.postpaid.platform.audit.Actor;
import io.postpaid.platform.money.Amounts;
import java.util.concurrent.Callable;
import org.springframework.beans.factory.annotation.Autowired;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Sandboxed
@Command(name = "approve", description = "Approves what another person asked for, and carries it out, once.")
final class ApproveCommand implements Callable<Answer> {
    @Autowired
    private Approvals approvals;

    @Autowired
    private Actor actor;

    @Parameters(paramLabel = "ID", description = "As ./postpaid approvals lists it.")
    private long id;

    @Override
    public Answer call() {
        var approved = approvals.approve(id, actor);
        var approval = approved.approval();
        var json = ApprovalText.json(approval);
        var text = "Approved, and done: " + approval.text() + ". " + approval.askedBy() + " had asked for it";
        if (!(approved.made() instanceof Refund refund)) return Answer.of(json, text);
        var currency = approval.currency();
        var told = switch (refund.status()) {
            case SUCCEEDED -> text + " (" + refund.stripeId() + ")";
            case PENDING -> text + ". Stripe has taken it (" + refund.stripeId() + ") and has not made it yet";
            case FAILED -> "Approved, but the refund failed: the money is with us";
            case REFUSED -> "Approved. " + RefundText.refused(refund);
            case CLAIMED, UNKNOWN ->
                "Approved. It is not known whether " + Amounts.text(refund.amount(), currency) + " was given back ("
                        + refund.message() + "): the next nightly run finds out";
        };
        return Answer.of(
                json.with("refund", RefundText.json(new Json(), refund, currency)), told, RefundText.isWell(refund));
    }
}
