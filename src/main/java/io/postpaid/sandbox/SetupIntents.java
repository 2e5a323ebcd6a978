package io.postpaid.sandbox;

import java.io.IOException;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/setup_intents}: saving a card for later. */
final class SetupIntents {
    private SetupIntents() {}

    static Answer create(Call call) throws IOException {
        var form = call.form()
                .allow(
                        "customer",
                        "payment_method",
                        "payment_method_types",
                        "payment_method_options",
                        "automatic_payment_methods",
                        "usage",
                        "confirm",
                        "description",
                        "metadata",
                        "return_url",
                        "mandate_data",
                        "use_stripe_sdk");
        var intent = call.create(Blank.SETUP_INTENT, "seti");
        intent.put("client_secret", Json.text(intent, "id") + "_secret_sandbox");
        if (form.has("customer")) {
            intent.put("customer", Json.text(Customers.named(call, form.text("customer")), "id"));
        }
        call.take(intent, "description");
        if (form.has("usage")) {
            intent.put("usage", form.required("usage"));
        }
        call.takeNested(intent, "metadata");
        if (form.has("payment_method")) {
            use(call, intent);
        }
        call.tell("setup_intent.created", intent);
        return form.flag("confirm") ? confirmed(call, intent) : Answer.ok(call.expanded(intent));
    }

    static Answer read(Call call) throws IOException {
        call.form().allow("client_secret");
        return Answer.ok(call.expanded(load(call)));
    }

    static Answer confirm(Call call) throws IOException {
        call.form().allow("payment_method", "payment_method_options", "return_url", "mandate_data", "use_stripe_sdk");
        var intent = load(call);
        if (call.form().has("payment_method")) {
            use(call, intent);
        }
        return confirmed(call, intent);
    }

    static Answer cancel(Call call) throws IOException {
        call.form().allow("cancellation_reason");
        var intent = load(call);
        mustBeOpen(intent, "cancel");
        intent.put("status", "canceled").putNull("next_action");
        call.take(intent, "cancellation_reason");
        call.tell("setup_intent.canceled", intent);
        return Answer.ok(call.expanded(intent));
    }

    private static Answer confirmed(Call call, ObjectNode intent) throws IOException {
        mustBeOpen(intent, "confirm");
        if (Json.text(intent, "payment_method").isEmpty()) {
            throw Refusal.state(
                    "setup_intent_unexpected_state",
                    "You cannot confirm this SetupIntent because it's missing a payment method.",
                    "setup_intent",
                    intent);
        }
        var method = PaymentMethods.resolve(call, Json.text(intent, "payment_method"));
        if (TestCards.of(method).outcome() instanceof TestCards.Outcome.NeedsAuthentication) {
            intent.put("status", "requires_action").set("next_action", PaymentIntents.authentication(call));
            call.tell("setup_intent.requires_action", intent);
            return Answer.ok(call.expanded(intent));
        }
        if (!Json.text(intent, "customer").isEmpty()
                && Json.text(method, "customer").isEmpty()) {
            PaymentMethods.bind(call, method, Customers.named(call, Json.text(intent, "customer")));
        }
        intent.put("status", "succeeded").putNull("next_action");
        call.tell("setup_intent.succeeded", intent);
        return Answer.ok(call.expanded(intent));
    }

    private static void use(Call call, ObjectNode intent) throws IOException {
        var method = PaymentMethods.resolve(call, call.form().required("payment_method"));
        PaymentMethods.mustSuit(method, Json.text(intent, "customer"));
        intent.put("payment_method", Json.text(method, "id")).put("status", "requires_confirmation");
    }

    private static void mustBeOpen(ObjectNode intent, String verb) {
        var status = Json.text(intent, "status");
        if (status.equals("succeeded") || status.equals("canceled")) {
            throw Refusal.state(
                    "setup_intent_unexpected_state",
                    "You cannot " + verb + " this SetupIntent because it has a status of " + status + ".",
                    "setup_intent",
                    intent);
        }
    }

    private static ObjectNode load(Call call) throws IOException {
        return call.load("setup_intent", "setupintent");
    }
}
