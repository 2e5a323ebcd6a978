package io.postpaid.sandbox;

import java.time.Duration;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/disputes}: charges that the cardholder's bank takes back; evidence decides them as in Stripe's test mode. */
final class ChargeDisputes {
    private static final Duration TIME_TO_ANSWER = Duration.ofDays(9);
    private static final long FEE = 1500;

    private ChargeDisputes() {}

    /** The texts {@code winning_evidence} and {@code losing_evidence} close a test dispute at once. */
    static ObjectNode update(Call call) {
        var dispute = load(call);
        call.takeNested(dispute, "evidence", "metadata");
        return switch (Tree.text(dispute.path("evidence"), "uncategorized_text")) {
            case "winning_evidence" -> closed(call, dispute, true);
            case "losing_evidence" -> closed(call, dispute, false);
            default -> {
                dispute.put("status", "under_review");
                call.tell("charge.dispute.updated", dispute);
                yield dispute;
            }
        };
    }

    /** Whoever does not contest a dispute has lost it. */
    static ObjectNode close(Call call) {
        return closed(call, load(call), false);
    }

    static void open(Call call, ObjectNode charge, String reason) {
        var amount = charge.path("amount").longValue();
        var dispute = call.create("dispute")
                .put("amount", amount)
                .put("charge", Tree.text(charge, "id"))
                .put("currency", Tree.text(charge, "currency"))
                .put("payment_intent", Tree.text(charge, "payment_intent"))
                .put("reason", reason);
        dispute.withObjectProperty("evidence_details").put("due_by", call.now() + TIME_TO_ANSWER.toSeconds());
        move(call, dispute, "dispute", -amount, FEE);
        charge.put("disputed", true);
        call.save(charge);
        call.tell("charge.dispute.created", dispute);
        call.tell("charge.dispute.funds_withdrawn", dispute);
    }

    private static ObjectNode closed(Call call, ObjectNode dispute, boolean won) {
        dispute.put("status", won ? "won" : "lost");
        // Stripe keeps the fee also of a dispute that was won.
        if (won) move(call, dispute, "dispute_reversal", dispute.path("amount").longValue(), 0);
        call.tell("charge.dispute.updated", dispute);
        call.tell("charge.dispute.closed", dispute);
        if (won) call.tell("charge.dispute.funds_reinstated", dispute);
        return dispute;
    }

    private static void move(Call call, ObjectNode dispute, String category, long amount, long fee) {
        var written = BalanceTransactions.write(call, dispute, "adjustment", category, amount, fee);
        dispute.withArrayProperty("balance_transactions").add(call.find("balance_transaction", written));
    }

    private static ObjectNode load(Call call) {
        var dispute = call.load("dispute");
        var status = Tree.text(dispute, "status");
        if (status.equals("won") || status.equals("lost")) {
            throw Refusal.badRequest("", "This dispute is already closed", "");
        }
        return dispute;
    }
}
