package io.postpaid.sandbox;

import java.time.Duration;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/checkout/sessions} in setup mode: a page of Stripe's on which a customer enters a card for later. */
final class CheckoutSessions {
    private static final Duration VALID = Duration.ofHours(24);

    private CheckoutSessions() {}

    static ObjectNode create(Call call) {
        var form = call.form();
        if (!form.required("mode").equals("setup")) {
            throw Refusal.badRequest("", "The sandbox has sessions in setup mode only.", "mode");
        }
        form.required("success_url");
        var session = call.create("checkout.session");
        var setup = Intents.create(call, "setup_intent");
        Intents.takeCustomer(call, session);
        Intents.takeCustomer(call, setup);
        call.take(session, "success_url", "cancel_url", "client_reference_id", "currency", "locale");
        call.takeNested(session, "metadata");
        call.tell("setup_intent.created", setup);
        session.put("setup_intent", Tree.text(setup, "id"))
                .put("expires_at", call.now() + VALID.toSeconds())
                .put("url", call.page("/c/pay/" + Tree.text(session, "id")));
        call.save(session);
        return session;
    }

    static ObjectNode expire(Call call) {
        var session = call.load("checkout.session");
        if (!open(call, session)) {
            throw Refusal.badRequest("", "Only Checkout Sessions with a status in [\"open\"] can be expired.", "");
        }
        session.put("status", "expired").putNull("url");
        call.tell("checkout.session.expired", session);
        return session;
    }

    static boolean open(Call call, ObjectNode session) {
        return Tree.text(session, "status").equals("open")
                && call.now() < session.path("expires_at").longValue();
    }

    /** The card is saved. */
    static void complete(Call call, ObjectNode session) {
        session.put("status", "complete").putNull("url");
        call.tell("checkout.session.completed", session);
    }
}
