package io.postpaid.sandbox;

import io.postpaid.sandbox.TestCard.Behaviour;
import java.time.Duration;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/refunds}: money back, never more than was taken. */
final class ChargeRefunds {
    private static final Set<String> REASONS = Set.of("", "duplicate", "fraudulent", "requested_by_customer");
    private static final Duration PENDING = Duration.ofHours(1);

    private ChargeRefunds() {}

    static ObjectNode create(Call call) {
        var form = call.form();
        if (!REASONS.contains(form.text("reason"))) {
            throw Refusal.badRequest("", "Invalid reason: must be one of " + REASONS, "reason");
        }
        var charge = charge(call);
        var name = "Charge " + Tree.text(charge, "id");
        if (charge.path("disputed").booleanValue()) {
            throw Refusal.badRequest(
                    "charge_disputed", name + " has been charged back; cannot issue a refund.", "charge");
        }
        var left = charge.path("amount_captured").longValue()
                - charge.path("amount_refunded").longValue();
        if (left == 0) {
            throw Refusal.badRequest("charge_already_refunded", name + " has already been refunded.", "charge");
        }
        var amount = form.integer("amount", left);
        ChargeableAmounts.mustBePositive(amount);
        if (amount > left) {
            throw Refusal.badRequest(
                    "",
                    "Refund amount (%d) is greater than unrefunded amount on charge (%d)".formatted(amount, left),
                    "amount");
        }
        var refund = call.create("refund")
                .put("amount", amount)
                .put("charge", Tree.text(charge, "id"))
                .put("currency", Tree.text(charge, "currency"))
                .put("payment_intent", Tree.text(charge, "payment_intent"));
        call.take(refund, "reason");
        call.takeNested(refund, "metadata");
        var behaviour = behaviour(charge);
        if (behaviour == Behaviour.REFUND_PENDING || behaviour == Behaviour.REFUND_PENDING_FAILS) {
            // As where the balance does not suffice yet: it moves when the refund is made.
            refund.put("status", "pending");
        } else {
            refund.put("balance_transaction", BalanceTransactions.write(call, refund, "refund", -amount));
        }
        call.tell("refund.created", refund);
        Charges.addRefunded(charge, amount);
        call.tell("charge.refunded", charge);
        var answer = call.expanded(refund.deepCopy());
        if (behaviour == Behaviour.REFUND_FAILS) {
            var back = BalanceTransactions.write(call, refund, "refund_failure", amount);
            fail(
                    call,
                    refund.put("status", "failed")
                            .put("failure_reason", "unknown")
                            .put("failure_balance_transaction", back),
                    charge);
        }
        return answer;
    }

    private static void fail(Call call, ObjectNode refund, ObjectNode charge) {
        Charges.addRefunded(charge, -refund.path("amount").longValue());
        call.save(charge);
        call.tell("refund.failed", refund);
    }

    /** What becomes of refunds that were pending for long enough. */
    static void settle(Call call) {
        for (var id : call.state().newestFirst("refund", "", "", "").toList()) {
            var refund = call.named("refund", id);
            if (!Tree.text(refund, "status").equals("pending")
                    || call.now() - refund.path("created").longValue() < PENDING.toSeconds()) {
                continue;
            }
            var charge = call.named("charge", Tree.text(refund, "charge"));
            if (behaviour(charge) == Behaviour.REFUND_PENDING) {
                var amount = refund.path("amount").longValue();
                refund.put("status", "succeeded")
                        .put("balance_transaction", BalanceTransactions.write(call, refund, "refund", -amount));
                call.tell("refund.updated", refund);
            } else {
                fail(call, refund.put("status", "failed").put("failure_reason", "unknown"), charge);
            }
        }
    }

    private static Behaviour behaviour(ObjectNode charge) {
        return TestCard.of(charge.path("payment_method_details")).behaviour();
    }

    private static ObjectNode charge(Call call) {
        var form = call.form();
        var id = form.text("charge");
        if (id.isEmpty()) {
            id = Tree.text(call.named("payment_intent", form.required("payment_intent")), "latest_charge");
        }
        var charge = call.named("charge", id);
        if (!Tree.text(charge, "status").equals("succeeded")) {
            throw Refusal.badRequest("", "This charge has not succeeded: there is nothing to refund.", "charge");
        }
        return charge;
    }
}
