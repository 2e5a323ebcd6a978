package io.postpaid.sandbox;

import java.io.IOException;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/customers}. */
final class Customers {
    private static final String[] PARAMETERS = {
        "name",
        "email",
        "description",
        "phone",
        "metadata",
        "address",
        "shipping",
        "invoice_settings",
        "preferred_locales",
        "tax_exempt",
        "payment_method"
    };

    private Customers() {}

    static Answer create(Call call) throws IOException {
        call.form().allow(PARAMETERS);
        var customer = call.create(Blank.CUSTOMER, "cus");
        if (call.form().has("payment_method")) {
            var method = PaymentMethods.resolve(call, call.form().text("payment_method"));
            PaymentMethods.bind(call, method, customer);
        }
        fill(call, customer);
        call.tell("customer.created", customer);
        return Answer.ok(call.expanded(customer));
    }

    static Answer read(Call call) throws IOException {
        call.form().allow();
        return Answer.ok(call.expanded(call.load("customer", "customer")));
    }

    static Answer update(Call call) throws IOException {
        call.form().allow(PARAMETERS);
        var customer = call.load("customer", "customer");
        fill(call, customer);
        call.tell("customer.updated", customer);
        return Answer.ok(call.expanded(customer));
    }

    static Answer list(Call call) throws IOException {
        call.form().allow("email", "created", "limit", "starting_after", "ending_before");
        return Listing.of(call, "customer", "/v1/customers", "email");
    }

    /** The customer that a parameter names. */
    static ObjectNode named(Call call, String id) throws IOException {
        var customer = call.find("customer", id);
        if (customer == null) {
            throw Refusal.noSuchParameter("customer", id, "customer");
        }
        return customer;
    }

    private static void fill(Call call, ObjectNode customer) throws IOException {
        var id = Json.text(customer, "id");
        var card = call.form().text("invoice_settings[default_payment_method]");
        if (!card.isEmpty()) {
            var method = call.find("payment_method", card);
            if (method == null || !Json.text(method, "customer").equals(id)) {
                throw Refusal.badRequest(
                        "resource_missing",
                        "The customer does not have a payment method with the ID " + card
                                + ". The payment method must be attached to the customer.",
                        "invoice_settings[default_payment_method]");
            }
        }
        call.take(customer, "name", "email", "description", "phone", "tax_exempt");
        call.takeNested(customer, "metadata", "address", "shipping");
        if (call.form().values().containsKey("invoice_settings[default_payment_method]")) {
            customer.withObjectProperty("invoice_settings").put("default_payment_method", card.isEmpty() ? null : card);
        }
    }
}
