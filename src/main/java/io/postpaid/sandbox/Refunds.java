package io.postpaid.sandbox;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/refunds}: money back, never more than was taken. */
final class Refunds {
    private static final Set<String> REASONS = Set.of("", "duplicate", "fraudulent", "requested_by_customer");

    private static final Duration PENDING = Duration.ofHours(1);

    private Refunds() {}

    static Answer create(Call call) throws IOException {
        var form = call.form().allow("charge", "payment_intent", "amount", "reason", "metadata");
        if (!REASONS.contains(form.text("reason"))) {
            throw Refusal.badRequest("", "Invalid reason: must be one of " + REASONS, "reason");
        }
        var charge = charge(call);
        if (charge.path("disputed").booleanValue()) {
            throw Refusal.badRequest(
                    "charge_disputed",
                    "Charge " + Json.text(charge, "id") + " has been charged back; cannot issue a refund.",
                    "charge");
        }
        var left = charge.path("amount_captured").longValue()
                - charge.path("amount_refunded").longValue();
        if (left == 0) {
            throw Refusal.badRequest(
                    "charge_already_refunded",
                    "Charge " + Json.text(charge, "id") + " has already been refunded.",
                    "charge");
        }
        var amount = form.integer("amount", left);
        if (amount < 1) {
            throw Refusal.badRequest(
                    "parameter_invalid_integer", "This value must be greater than or equal to 1.", "amount");
        }
        if (amount > left) {
            throw Refusal.badRequest(
                    "",
                    "Refund amount (%d) is greater than unrefunded amount on charge (%d)".formatted(amount, left),
                    "amount");
        }
        var refund = call.create(Blank.REFUND, "re")
                .put("amount", amount)
                .put("charge", Json.text(charge, "id"))
                .put("currency", Json.text(charge, "currency"))
                .put("payment_intent", Json.text(charge, "payment_intent"));
        call.take(refund, "reason");
        call.takeNested(refund, "metadata");
        var card = TestCards.ofCharge(charge);
        if (card == TestCards.REFUND_PENDING || card == TestCards.REFUND_PENDING_FAILS) {
            // As where the balance does not suffice yet: it moves when the refund is made.
            refund.put("status", "pending");
        } else {
            refund.put("balance_transaction", Json.text(BalanceTransactions.ofRefund(call, refund), "id"));
        }
        call.tell("refund.created", refund);
        charge.put("amount_refunded", charge.path("amount_refunded").longValue() + amount)
                .put("refunded", amount == left);
        call.tell("charge.refunded", charge);
        var answer = Answer.ok(call.expanded(refund.deepCopy()));
        if (card == TestCards.REFUND_FAILS) {
            refund.put("status", "failed")
                    .put("failure_reason", "unknown")
                    .put(
                            "failure_balance_transaction",
                            Json.text(BalanceTransactions.ofFailedRefund(call, refund), "id"));
            charge.put("amount_refunded", charge.path("amount_refunded").longValue() - amount)
                    .put("refunded", false);
            call.save(charge);
            call.tell("refund.failed", refund);
        }
        return answer;
    }

    /** What becomes of refunds that were pending for long enough. */
    static void settle(Call call) throws IOException {
        for (var id : call.state().newestFirst("refund", "", "", "").toList()) {
            var refund = call.find("refund", id);
            if (refund == null
                    || !Json.text(refund, "status").equals("pending")
                    || call.now() - refund.path("created").longValue() < PENDING.toSeconds()) {
                continue;
            }
            var charge = call.find("charge", Json.text(refund, "charge"));
            if (charge == null) throw new IllegalStateException("the refund " + id + " has no charge");
            if (TestCards.ofCharge(charge) == TestCards.REFUND_PENDING) {
                refund.put("status", "succeeded")
                        .put("balance_transaction", Json.text(BalanceTransactions.ofRefund(call, refund), "id"));
                call.tell("refund.updated", refund);
            } else {
                refund.put("status", "failed").put("failure_reason", "unknown");
                charge.put(
                                "amount_refunded",
                                charge.path("amount_refunded").longValue()
                                        - refund.path("amount").longValue())
                        .put("refunded", false);
                call.save(charge);
                call.tell("refund.failed", refund);
            }
        }
    }

    static Answer read(Call call) throws IOException {
        call.form().allow();
        return Answer.ok(call.expanded(call.load("refund", "refund")));
    }

    static Answer list(Call call) throws IOException {
        call.form().allow("charge", "payment_intent", "created", "limit", "starting_after", "ending_before");
        return Listing.of(call, "refund", "/v1/refunds", "charge", "payment_intent");
    }

    private static ObjectNode charge(Call call) throws IOException {
        var form = call.form();
        var id = form.text("charge");
        if (id.isEmpty()) {
            var intent = call.find("payment_intent", form.required("payment_intent"));
            if (intent == null) {
                throw Refusal.noSuchParameter("payment_intent", form.text("payment_intent"), "payment_intent");
            }
            id = Json.text(intent, "latest_charge");
        }
        var charge = call.find("charge", id);
        if (charge == null) {
            throw Refusal.noSuchParameter("charge", id, "charge");
        }
        if (!Json.text(charge, "status").equals("succeeded")) {
            throw Refusal.badRequest("", "This charge has not succeeded: there is nothing to refund.", "charge");
        }
        return charge;
    }
}
