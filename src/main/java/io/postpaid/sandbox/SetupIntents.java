package io.postpaid.sandbox;

import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/setup_intents}: saving a card for later. */
final class SetupIntents {
    private SetupIntents() {}

    static ObjectNode create(Call call) {
        var form = call.form();
        var intent = Intents.create(call, "setup_intent");
        Intents.takeCustomer(call, intent);
        call.take(intent, "description");
        if (form.has("usage")) intent.put("usage", form.required("usage"));
        call.takeNested(intent, "metadata");
        Intents.takeMethod(call, intent);
        call.tell("setup_intent.created", intent);
        return form.flag("confirm") ? confirmed(call, intent) : intent;
    }

    static ObjectNode confirm(Call call) {
        var intent = call.load("setup_intent");
        Intents.takeMethod(call, intent);
        return confirmed(call, intent);
    }

    private static ObjectNode confirmed(Call call, ObjectNode intent) {
        Intents.mustBeOpen(intent, "confirm");
        return confirmed(
                call, intent, Intents.method(call, intent, ""), call.form().text("return_url"));
    }

    /** A card that a customer has entered on a page of Stripe's, to which the bank leads back. */
    static ObjectNode entered(Call call, ObjectNode intent, ObjectNode method, String back) {
        return confirmed(call, intent.put("payment_method", Tree.text(method, "id")), method, back);
    }

    private static ObjectNode confirmed(Call call, ObjectNode intent, ObjectNode method, String back) {
        return TestCard.of(method).needsAuthentication()
                ? Intents.requiresAction(call, intent, back)
                : succeeded(call, intent, method);
    }

    /** The customer has confirmed at the bank, or has not. */
    static ObjectNode authenticated(Call call, ObjectNode intent, boolean confirmed) {
        if (!confirmed) return Intents.notAuthenticated(call, intent);
        var method = PaymentMethods.resolve(call, Tree.text(intent, "payment_method"));
        PaymentMethods.authenticate(call, method);
        return succeeded(call, intent, method);
    }

    private static ObjectNode succeeded(Call call, ObjectNode intent, ObjectNode method) {
        Intents.bind(call, intent, method);
        intent.put("status", "succeeded").putNull("next_action");
        call.tell("setup_intent.succeeded", intent);
        return intent;
    }
}
