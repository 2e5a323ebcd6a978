package io.postpaid.sandbox;

import java.io.IOException;
import java.time.Duration;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/disputes}: charges that the cardholder's bank takes back; evidence decides them as in Stripe's test mode. */
final class Disputes {
    private static final Duration TIME_TO_ANSWER = Duration.ofDays(9);

    private Disputes() {}

    static Answer read(Call call) throws IOException {
        call.form().allow();
        return Answer.ok(call.expanded(call.load("dispute", "dispute")));
    }

    static Answer list(Call call) throws IOException {
        call.form().allow("charge", "payment_intent", "created", "limit", "starting_after", "ending_before");
        return Listing.of(call, "dispute", "/v1/disputes", "charge", "payment_intent");
    }

    /** The texts {@code winning_evidence} and {@code losing_evidence} close a test dispute at once. */
    static Answer update(Call call) throws IOException {
        call.form().allow("evidence", "metadata", "submit");
        var dispute = load(call);
        call.takeNested(dispute, "evidence", "metadata");
        var text = Json.text((ObjectNode) dispute.path("evidence"), "uncategorized_text");
        switch (text) {
            case "winning_evidence" -> close(call, dispute, true);
            case "losing_evidence" -> close(call, dispute, false);
            default -> {
                dispute.put("status", "under_review");
                call.tell("charge.dispute.updated", dispute);
            }
        }
        return Answer.ok(call.expanded(dispute));
    }

    /** Whoever does not contest a dispute has lost it. */
    static Answer close(Call call) throws IOException {
        call.form().allow();
        var dispute = load(call);
        close(call, dispute, false);
        return Answer.ok(call.expanded(dispute));
    }

    static void open(Call call, ObjectNode charge, String reason) {
        var dispute = call.create(Blank.DISPUTE, "dp")
                .put("amount", charge.path("amount").longValue())
                .put("charge", Json.text(charge, "id"))
                .put("currency", Json.text(charge, "currency"))
                .put("payment_intent", Json.text(charge, "payment_intent"))
                .put("reason", reason);
        dispute.withObjectProperty("evidence_details").put("due_by", call.now() + TIME_TO_ANSWER.toSeconds());
        dispute.withArrayProperty("balance_transactions").add(BalanceTransactions.ofDispute(call, dispute));
        charge.put("disputed", true);
        call.save(charge);
        call.tell("charge.dispute.created", dispute);
        call.tell("charge.dispute.funds_withdrawn", dispute);
    }

    private static void close(Call call, ObjectNode dispute, boolean won) {
        dispute.put("status", won ? "won" : "lost");
        if (won) {
            dispute.withArrayProperty("balance_transactions").add(BalanceTransactions.ofDisputeWon(call, dispute));
        }
        call.tell("charge.dispute.updated", dispute);
        call.tell("charge.dispute.closed", dispute);
        if (won) {
            call.tell("charge.dispute.funds_reinstated", dispute);
        }
    }

    private static ObjectNode load(Call call) throws IOException {
        var dispute = call.load("dispute", "dispute");
        var status = Json.text(dispute, "status");
        if (status.equals("won") || status.equals("lost")) {
            throw Refusal.badRequest("", "This dispute is already closed", "");
        }
        return dispute;
    }
}
