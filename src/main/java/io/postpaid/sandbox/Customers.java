package io.postpaid.sandbox;

import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/customers}. */
final class Customers {
    private static final String DEFAULT_CARD = "invoice_settings[default_payment_method]";

    private Customers() {}

    static ObjectNode create(Call call) {
        var customer = call.create("customer");
        if (call.form().has("payment_method")) {
            PaymentMethods.bind(call, PaymentMethods.resolve(call, call.form().text("payment_method")), customer);
        }
        fill(call, customer);
        call.tell("customer.created", customer);
        return customer;
    }

    static ObjectNode update(Call call) {
        var customer = call.load("customer");
        fill(call, customer);
        call.tell("customer.updated", customer);
        return customer;
    }

    /** The customer is gone with its cards; what is left says so. */
    static ObjectNode delete(Call call) {
        var customer = call.load("customer");
        call.state()
                .newestFirst("payment_method", "customer", call.id(), "")
                .map(id -> call.find("payment_method", id))
                .filter(method ->
                        method != null && Tree.text(method, "customer").equals(call.id()))
                .forEach(method -> PaymentMethods.release(call, method));
        call.tell("customer.deleted", customer);
        var gone = Tree.MAPPER
                .createObjectNode()
                .put("id", call.id())
                .put("object", "customer")
                .put("deleted", true);
        call.save(gone);
        return gone;
    }

    private static void fill(Call call, ObjectNode customer) {
        var card = call.form().text(DEFAULT_CARD);
        if (!card.isEmpty()) {
            var method = call.find("payment_method", card);
            if (method == null || !Tree.text(method, "customer").equals(Tree.text(customer, "id"))) {
                throw Refusal.badRequest(
                        "resource_missing",
                        "The customer does not have a payment method with the ID " + card
                                + ". The payment method must be attached to the customer.",
                        DEFAULT_CARD);
            }
        }
        call.take(customer, "name", "email", "description", "phone", "tax_exempt");
        call.takeNested(customer, "metadata", "address", "shipping");
        if (call.form().values().containsKey(DEFAULT_CARD)) {
            customer.withObjectProperty("invoice_settings").put("default_payment_method", card.isEmpty() ? null : card);
        }
    }
}
