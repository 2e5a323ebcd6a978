package io.postpaid.sandbox;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/charges}: each try of a payment intent, approved or declined. */
final class Charges {
    private static final BigDecimal FEE_RATE = new BigDecimal("0.029");
    private static final long FEE_FIXED = 30;
    private static final List<String> OF_INTENT = List.of(
            "currency",
            "customer",
            "description",
            "receipt_email",
            "shipping",
            "statement_descriptor",
            "statement_descriptor_suffix",
            "transfer_group",
            "metadata");

    private Charges() {}

    static ObjectNode approved(Call call, ObjectNode intent, ObjectNode method) {
        var charge = charge(call, intent, method);
        var amount = intent.path("amount").longValue();
        var fee = BigDecimal.valueOf(amount)
                .multiply(FEE_RATE)
                .setScale(0, RoundingMode.HALF_UP)
                .longValueExact();
        charge.put("amount_captured", amount)
                .put(
                        "balance_transaction",
                        BalanceTransactions.write(call, charge, "charge", "charge", amount, fee + FEE_FIXED))
                .put("captured", true)
                .put("paid", true)
                .put("status", "succeeded");
        outcome(charge, "approved_by_network", "authorized", "Payment complete.")
                .putNull("reason");
        call.tell("charge.succeeded", charge);
        return charge;
    }

    static ObjectNode declined(Call call, ObjectNode intent, ObjectNode method, TestCard.BankAnswer decline) {
        var charge = charge(call, intent, method);
        charge.put("failure_code", decline.code()).put("failure_message", decline.message());
        var message = "The bank returned the decline code `" + decline.declineCode() + "`.";
        var outcome = outcome(charge, "declined_by_network", "issuer_declined", message)
                .put("reason", decline.declineCode());
        if (!decline.adviceCode().isEmpty()) outcome.put("advice_code", decline.adviceCode());
        call.tell("charge.failed", charge);
        return charge;
    }

    /** What was given back of it, or came back after all. */
    static void addRefunded(ObjectNode charge, long amount) {
        var refunded = charge.path("amount_refunded").longValue() + amount;
        charge.put("amount_refunded", refunded)
                .put(
                        "refunded",
                        amount > 0 && refunded == charge.path("amount_captured").longValue());
    }

    private static ObjectNode charge(Call call, ObjectNode intent, ObjectNode method) {
        var charge = call.create("charge")
                .put("amount", intent.path("amount").longValue())
                .put("payment_intent", Tree.text(intent, "id"))
                .put("payment_method", Tree.text(method, "id"));
        OF_INTENT.forEach(field -> charge.set(field, intent.get(field)));
        charge.set("billing_details", method.get("billing_details"));
        var card = (ObjectNode) method.path("card").deepCopy();
        card.put("amount_authorized", intent.path("amount").longValue())
                .put("network", Tree.text(card, "brand"))
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
