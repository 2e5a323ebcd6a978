package io.postpaid.sandbox;

import tools.jackson.databind.node.ObjectNode;

/** What the two kinds of intents have in common: to charge a card, and to save one. */
final class Intents {
    private Intents() {}

    static ObjectNode create(Call call, String kind) {
        var intent = call.create(kind);
        return intent.put("client_secret", Tree.text(intent, "id") + "_secret_sandbox");
    }

    static void takeCustomer(Call call, ObjectNode intent) {
        if (call.form().has("customer")) {
            intent.put("customer", Tree.text(call.named("customer", call.form().text("customer")), "id"));
        }
    }

    /** The card that the call names becomes the intent's. */
    static void takeMethod(Call call, ObjectNode intent) {
        if (!call.form().has("payment_method")) return;
        var method = PaymentMethods.resolve(call, call.form().required("payment_method"));
        PaymentMethods.mustSuit(method, Tree.text(intent, "customer"));
        intent.put("payment_method", Tree.text(method, "id")).put("status", "requires_confirmation");
    }

    static ObjectNode method(Call call, ObjectNode intent, String whatToDo) {
        if (Tree.text(intent, "payment_method").isEmpty()) {
            throw Refusal.state(
                    "You cannot confirm this " + name(intent) + " because it's missing a payment method." + whatToDo,
                    intent);
        }
        return PaymentMethods.resolve(call, Tree.text(intent, "payment_method"));
    }

    /** Saves the card for the intent's customer, if it is nobody's yet. */
    static void bind(Call call, ObjectNode intent, ObjectNode method) {
        var customer = Tree.text(intent, "customer");
        if (customer.isEmpty() || !Tree.text(method, "customer").isEmpty()) return;
        PaymentMethods.bind(call, method, call.named("customer", customer));
    }

    /** What the customer has to do next: a page of the caller's if it named one, otherwise Stripe's own script. */
    static ObjectNode requiresAction(Call call, ObjectNode intent, String back) {
        var next = intent.put("status", "requires_action").putObject("next_action");
        if (back.isEmpty()) {
            next.put("type", "use_stripe_sdk").putObject("use_stripe_sdk").put("type", "three_d_secure_redirect");
        } else {
            next.put("type", "redirect_to_url")
                    .putObject("redirect_to_url")
                    .put("return_url", back)
                    .put("url", HostedPages.bank(call, intent));
        }
        call.tell(Tree.text(intent, "object") + ".requires_action", intent);
        return intent;
    }

    /** The bank could not make sure that it is the customer. */
    static ObjectNode notAuthenticated(Call call, ObjectNode intent) {
        var kind = Tree.text(intent, "object");
        var why = "We are unable to authenticate your payment method. Please choose a different payment method and try"
                + " again.";
        var error = Refusal.error("invalid_request_error", kind + "_authentication_failure", why, "");
        intent.put("status", "requires_payment_method")
                .putNull("payment_method")
                .putNull("next_action")
                .set(kind.equals("payment_intent") ? "last_payment_error" : "last_setup_error", error);
        call.tell(kind + (kind.equals("payment_intent") ? ".payment_failed" : ".setup_failed"), intent);
        return intent;
    }

    static ObjectNode canceled(Call call, ObjectNode intent) {
        mustBeOpen(intent, "cancel");
        intent.put("status", "canceled").putNull("next_action");
        if (intent.has("canceled_at")) intent.put("canceled_at", call.now());
        call.take(intent, "cancellation_reason");
        call.tell(Tree.text(intent, "object") + ".canceled", intent);
        return intent;
    }

    static void mustBeOpen(ObjectNode intent, String verb) {
        var status = Tree.text(intent, "status");
        if (!status.equals("succeeded") && !status.equals("canceled")) return;
        var charged = status.equals("succeeded") && verb.equals("confirm") && intent.has("amount");
        var why = charged
                ? "it has already succeeded after being previously confirmed."
                : "it has a status of " + status + ".";
        throw Refusal.state("You cannot " + verb + " this " + name(intent) + " because " + why, intent);
    }

    private static String name(ObjectNode intent) {
        return intent.has("amount") ? "PaymentIntent" : "SetupIntent";
    }
}
