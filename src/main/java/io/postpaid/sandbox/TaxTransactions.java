package io.postpaid.sandbox;

import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/tax/transactions}: calculations that became sales, and what of them was given back. */
final class TaxTransactions {
    private TaxTransactions() {}

    static ObjectNode create(Call call) {
        var form = call.form();
        var id = form.required("calculation");
        var calculation = call.find("tax.calculation", id);
        if (calculation == null) throw Refusal.noSuchParameter("tax calculation", id, "calculation");
        if (calculation.path("expires_at").longValue() < call.now()) {
            throw Refusal.badRequest("", "Tax calculation " + id + " has expired.", "calculation");
        }
        var transaction = once(call).put("type", "transaction").putNull("reversal");
        for (var field : new String[] {"currency", "customer_details", "tax_date"}) {
            transaction.set(field, calculation.path(field));
        }
        transaction.set("line_items", list(transaction));
        transaction.withObjectProperty("line_items").set("data", TaxCalculations.copied(calculation));
        call.save(transaction);
        return transaction;
    }

    static ObjectNode reverse(Call call) {
        var form = call.form();
        var id = form.required("original_transaction");
        var original = call.find("tax.transaction", id);
        if (original == null) throw Refusal.noSuchParameter("tax transaction", id, "original_transaction");
        if (!form.required("mode").matches("full|partial")) {
            throw Refusal.badRequest("", "Invalid mode: must be one of full or partial", "mode");
        }
        long amount = form.integer("flat_amount", 0);
        if (form.text("mode").equals("partial") && amount >= 0) {
            throw Refusal.badRequest("", "flat_amount must be negative.", "flat_amount");
        }
        var reversal = once(call).put("type", "reversal");
        for (var field : new String[] {"currency", "customer_details", "tax_date"}) {
            reversal.set(field, original.path(field));
        }
        reversal.putObject("reversal").put("original_transaction", id);
        reversal.set("line_items", list(reversal));
        reversal.withObjectProperty("line_items")
                .putArray("data")
                .addObject()
                .put("id", Tree.text(reversal, "id").replace("tax_", "tax_li_"))
                .put("object", "tax.transaction_line_item")
                .put("type", "reversal")
                .put("amount", amount);
        call.save(reversal);
        return reversal;
    }

    /** A reference is used once, whatever key asks. */
    private static ObjectNode once(Call call) {
        var reference = call.form().required("reference");
        var same = call.state()
                .newestFirst("tax.transaction", "reference", reference, "")
                .findFirst();
        if (same.isPresent()) {
            throw Refusal.badRequest(
                    "", "A tax transaction with the reference '" + reference + "' exists already.", "reference");
        }
        var transaction =
                call.create("tax.transaction").put("reference", reference).put("posted_at", call.now());
        call.takeNested(transaction, "metadata");
        return transaction;
    }

    private static ObjectNode list(ObjectNode of) {
        return Tree.MAPPER
                .createObjectNode()
                .put("object", "list")
                .put("has_more", false)
                .put("url", "/v1/tax/transactions/" + Tree.text(of, "id") + "/line_items");
    }
}
