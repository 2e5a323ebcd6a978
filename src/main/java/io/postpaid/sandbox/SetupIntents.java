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
        var method = Intents.method(call, intent, "");
        if (TestCard.of(method).behaviour() == TestCard.Behaviour.NEEDS_AUTHENTICATION) {
            return Intents.requiresAction(call, intent);
        }
        Intents.bind(call, intent, method);
        intent.put("status", "succeeded").putNull("next_action");
        call.tell("setup_intent.succeeded", intent);
        return intent;
    }
}
