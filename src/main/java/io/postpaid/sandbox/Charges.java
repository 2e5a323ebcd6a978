package io.postpaid.sandbox;

import java.io.IOException;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/charges}: each try of a payment intent, approved or declined. */
final class Charges {
    private Charges() {}

    static Answer read(Call call) throws IOException {
        call.form().allow();
        return Answer.ok(call.expanded(call.load("charge", "charge")));
    }

    static Answer list(Call call) throws IOException {
        call.form().allow("payment_intent", "customer", "created", "limit", "starting_after", "ending_before");
        return Listing.of(call, "charge", "/v1/charges", "payment_intent", "customer");
    }

    static ObjectNode approved(Call call, ObjectNode intent, ObjectNode method) {
        var charge = charge(call, intent, method);
        var money = BalanceTransactions.ofCharge(call, charge);
        charge.put("amount_captured", intent.path("amount").longValue())
                .put("balance_transaction", Json.text(money, "id"))
                .put("captured", true)
                .put("paid", true)
                .put("status", "succeeded");
        outcome(charge, "approved_by_network", "authorized", "Payment complete.")
                .putNull("reason");
        call.tell("charge.succeeded", charge);
        return charge;
    }

    static ObjectNode declined(Call call, ObjectNode intent, ObjectNode method, TestCards.Outcome.Declined declined) {
        var charge = charge(call, intent, method);
        charge.put("failure_code", declined.code()).put("failure_message", declined.message());
        var outcome = outcome(
                        charge,
                        "declined_by_network",
                        "issuer_declined",
                        "The bank returned the decline code `" + declined.declineCode() + "`.")
                .put("reason", declined.declineCode());
        if (!declined.adviceCode().isEmpty()) {
            outcome.put("advice_code", declined.adviceCode());
        }
        call.tell("charge.failed", charge);
        return charge;
    }

    private static ObjectNode charge(Call call, ObjectNode intent, ObjectNode method) {
        var charge = call.create(Blank.CHARGE, "ch")
                .put("amount", intent.path("amount").longValue())
                .put("payment_intent", Json.text(intent, "id"))
                .put("payment_method", Json.text(method, "id"));
        for (var field : new String[] {
            "currency",
            "customer",
            "description",
            "receipt_email",
            "shipping",
            "statement_descriptor",
            "statement_descriptor_suffix",
            "transfer_group"
        }) {
            charge.set(field, intent.get(field));
        }
        charge.set("metadata", intent.get("metadata"));
        charge.set("billing_details", method.get("billing_details"));
        var card = (ObjectNode) method.path("card").deepCopy();
        card.put("amount_authorized", intent.path("amount").longValue())
                .put("network", Json.text(card, "brand"))
                .putNull("three_d_secure")
                .remove(List.of("display_brand", "networks", "three_d_secure_usage"));
        charge.putObject("payment_method_details").put("type", "card").set("card", card);
        return charge;
    }

    private static ObjectNode outcome(ObjectNode charge, String network, String type, String message) {
        return charge.putObject("outcome")
                .put("network_status", network)
                .put("risk_level", "normal")
                .put("seller_message", message)
                .put("type", type);
    }
}
