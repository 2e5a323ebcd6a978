package io.postpaid.sandbox;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/payment_methods}: cards, made from {@link TestCard}. */
final class PaymentMethods {
    private static final int VALID_YEARS = 8;

    private PaymentMethods() {}

    static ObjectNode create(Call call) {
        var form = call.form();
        if (!form.required("type").equals("card")) {
            throw Refusal.badRequest("", "Invalid type: the sandbox has cards only", "type");
        }
        var method = make(call, card(form));
        call.takeNested(method, "metadata", "billing_details");
        call.take(method, "allow_redisplay");
        if (form.has("card[exp_month]")) {
            method.withObjectProperty("card")
                    .put("exp_month", form.integer("card[exp_month]", 0))
                    .put("exp_year", form.integer("card[exp_year]", 0));
        }
        call.save(method);
        return method;
    }

    static ObjectNode list(Call call) {
        call.form().required("customer");
        return Pages.of(call, Catalog.STRIPE.kind("payment_method"));
    }

    static ObjectNode ofCustomer(Call call) {
        var customer = Tree.text(call.load("customer"), "id");
        var url = "/v1/customers/" + customer + "/payment_methods";
        return Pages.page(call, Catalog.STRIPE.kind("payment_method"), url, "customer", List.of(customer));
    }

    static ObjectNode attach(Call call) {
        var form = call.form();
        var customer = call.named("customer", form.required("customer"));
        var method = resolve(call, call.id());
        var owner = Tree.text(method, "customer");
        if (!owner.isEmpty() && !owner.equals(form.text("customer"))) {
            throw Refusal.badRequest(
                    "", "The payment method you provided has already been attached to a customer.", "payment_method");
        }
        if (owner.isEmpty()) {
            bind(call, method, customer);
        }
        return method;
    }

    static ObjectNode detach(Call call) {
        var method = call.load("payment_method");
        if (Tree.text(method, "customer").isEmpty()) {
            throw Refusal.badRequest(
                    "",
                    "The payment method you provided is not attached to a customer so detachment is impossible.",
                    "payment_method");
        }
        var customer = call.named("customer", Tree.text(method, "customer"));
        var settings = customer.withObjectProperty("invoice_settings");
        if (Tree.text(settings, "default_payment_method").equals(call.id())) {
            settings.putNull("default_payment_method");
            call.tell("customer.updated", customer);
        }
        release(call, method);
        return method;
    }

    /** It is nobody's any more. */
    static void release(Call call, ObjectNode method) {
        method.putNull("customer");
        call.tell("payment_method.detached", method);
        // Stripe shows it nowhere, but never lets a detached card be used again.
        call.save(Tree.MAPPER
                .createObjectNode()
                .put("id", detachmentOf(Tree.text(method, "id")))
                .put("object", "detachment"));
    }

    /** The payment method that a parameter names; a test card's name makes a new one, as at Stripe. */
    static ObjectNode resolve(Call call, String id) {
        var card = TestCard.ofPaymentMethod(id);
        if (card.isPresent()) {
            var method = make(call, card.get());
            call.save(method);
            return method;
        }
        var method = call.named("payment_method", id);
        if (call.has(detachmentOf(id))) {
            throw Refusal.badRequest(
                    "",
                    "This PaymentMethod was previously used without being attached to a Customer or was detached from a"
                            + " Customer, and may not be used again.",
                    "payment_method");
        }
        return method;
    }

    static void bind(Call call, ObjectNode method, ObjectNode customer) {
        method.put("customer", Tree.text(customer, "id"));
        call.tell("payment_method.attached", method);
    }

    /** Remembers that its customer has confirmed at the bank that it may be charged later. */
    static void authenticate(Call call, ObjectNode method) {
        if (TestCard.of(method).behaviour() != TestCard.Behaviour.NEEDS_AUTHENTICATION_ONCE) return;
        call.save(Tree.MAPPER
                .createObjectNode()
                .put("id", authenticationOf(method))
                .put("object", "authentication"));
    }

    static boolean authenticated(Call call, ObjectNode method) {
        return call.has(authenticationOf(method));
    }

    private static String authenticationOf(ObjectNode method) {
        return "authenticated_" + Tree.text(method, "id");
    }

    /** The customer's own, or one that is nobody's yet. */
    static void mustSuit(ObjectNode method, String customer) {
        var owner = Tree.text(method, "customer");
        if (!owner.isEmpty() && !owner.equals(customer)) {
            throw Refusal.badRequest(
                    "",
                    "The provided PaymentMethod (" + Tree.text(method, "id")
                            + ") belongs to a Customer. Please supply that Customer with this request.",
                    "payment_method");
        }
    }

    static ObjectNode make(Call call, TestCard card) {
        var method = call.create("payment_method");
        var year = Instant.ofEpochSecond(call.now()).atOffset(ZoneOffset.UTC).getYear();
        var details = Catalog.STRIPE
                .card()
                .deepCopy()
                .put("brand", card.brand())
                .put("display_brand", card.brand())
                .put("exp_year", year + VALID_YEARS)
                .put("fingerprint", card.fingerprint())
                .put("funding", card.funding())
                .put("last4", card.last4());
        if (card.country() != null) details.put("country", card.country());
        details.withObjectProperty("networks").withArrayProperty("available").add(card.brand());
        method.set("card", details);
        return method;
    }

    private static TestCard card(Form form) {
        if (form.has("card[token]")) {
            var token = form.text("card[token]");
            return TestCard.ofToken(token).orElseThrow(() -> Refusal.noSuchParameter("token", token, "card[token]"));
        }
        return TestCard.ofNumber(form.required("card[number]"))
                .orElseThrow(() -> Refusal.card(
                        "card_declined",
                        "test_mode_live_card",
                        "Your card was declined. Your request was in test mode, but used a non test card."));
    }

    private static String detachmentOf(String id) {
        return "detached_" + id;
    }
}
