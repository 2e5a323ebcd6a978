package io.postpaid.cli;

import io.postpaid.payments.approval.Approval;
import io.postpaid.platform.money.Amounts;

/** How what needs two people is shown. */
final class ApprovalText {
    private static final int WIDEST = 60;

    static final Fields<Approval> APPROVALS = new Fields<Approval>()
            .both("id", "ID", Approval::id)
            .both("status", "STATUS", Approval::status)
            .field("verb", approval -> approval.what().verb())
            .field("arguments", Approval::what)
            .both("account", "ACCOUNT", Approval::account)
            .field("amount", approval -> Amounts.exact(approval.amount(), approval.currency()))
            .field("currency", Approval::currency)
            .column("WHAT", Approval::text)
            .field("reason", Approval::reason)
            .column("REASON", approval -> Table.shown(approval.reason(), WIDEST))
            .both("asked_by", "ASKED BY", Approval::askedBy)
            .both("asked_at", "ASKED AT", Approval::askedAt)
            .both("decided_by", "DECIDED BY", Approval::decidedBy)
            .field("decided_at", Approval::decidedAt)
            .field("decided_because", Approval::decidedBecause)
            .field("item", Approval::item);

    private ApprovalText() {}

    /** Nothing was done, and that is well. */
    static Answer waits(Approval approval) {
        return Answer.of(
                json(approval),
                "Nothing was done yet: " + approval.text()
                        + ", with what the account was given today, is more than one person may give. It waits as approval "
                        + approval.id() + ": another person runs ./postpaid approve " + approval.id()
                        + ", or ./postpaid reject " + approval.id());
    }

    static Json json(Approval approval) {
        return new Json().with("approval", APPROVALS.json(approval));
    }
}
