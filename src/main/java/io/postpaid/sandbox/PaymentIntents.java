package io.postpaid.sandbox;

import java.io.IOException;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code /v1/payment_intents}: one amount that is charged at most once, over however many cards and tries.
 *
 * <p>requires_payment_method → requires_confirmation → succeeded, or back to requires_payment_method after a decline, or
 * requires_action when the customer must authenticate and may be there to do so.
 */
final class PaymentIntents {
    private static final String[] PARAMETERS = {
        "amount",
        "currency",
        "customer",
        "description",
        "metadata",
        "payment_method",
        "payment_method_types",
        "payment_method_options",
        "receipt_email",
        "setup_future_usage",
        "shipping",
        "statement_descriptor",
        "statement_descriptor_suffix",
        "transfer_group"
    };

    private static final String[] CONFIRM_PARAMETERS = {
        "payment_method",
        "payment_method_options",
        "payment_method_types",
        "off_session",
        "error_on_requires_action",
        "receipt_email",
        "return_url",
        "mandate_data",
        "setup_future_usage",
        "shipping",
        "use_stripe_sdk"
    };

    private static final Set<String> CANCELLATION_REASONS =
            Set.of("", "duplicate", "fraudulent", "requested_by_customer", "abandoned");

    private PaymentIntents() {}

    static Answer create(Call call) throws IOException {
        var form = call.form()
                .allow(union("automatic_payment_methods", "capture_method", "confirmation_method", "confirm"));
        form.required("amount");
        var confirm = form.flag("confirm");
        for (var name : new String[] {"off_session", "error_on_requires_action"}) {
            if (form.has(name) && !confirm) {
                throw Refusal.badRequest("", "You may only specify " + name + " when confirm is true.", name);
            }
        }
        if (form.text("capture_method").equals("manual")) {
            throw Refusal.badRequest("", "The sandbox captures automatically only.", "capture_method");
        }
        var intent = call.create(Blank.PAYMENT_INTENT, "pi");
        intent.put("client_secret", Json.text(intent, "id") + "_secret_sandbox");
        intent.put("currency", Currencies.checked(form.required("currency")));
        fill(call, intent);
        call.tell("payment_intent.created", intent);
        return confirm ? confirmed(call, intent) : Answer.ok(call.expanded(intent));
    }

    static Answer read(Call call) throws IOException {
        call.form().allow("client_secret");
        return Answer.ok(call.expanded(load(call)));
    }

    static Answer update(Call call) throws IOException {
        var form = call.form().allow(PARAMETERS);
        var intent = load(call);
        if (form.has("amount") || form.has("currency") || form.has("payment_method") || form.has("customer")) {
            mustBeOpen(intent, "update");
        }
        if (form.has("currency")) {
            intent.put("currency", Currencies.checked(form.required("currency")));
        }
        fill(call, intent);
        call.save(intent);
        return Answer.ok(call.expanded(intent));
    }

    static Answer confirm(Call call) throws IOException {
        call.form().allow(CONFIRM_PARAMETERS);
        var intent = load(call);
        mustBeOpen(intent, "confirm");
        if (call.form().has("payment_method")) {
            use(call, intent);
        }
        call.take(intent, "receipt_email", "setup_future_usage");
        return confirmed(call, intent);
    }

    static Answer cancel(Call call) throws IOException {
        var form = call.form().allow("cancellation_reason");
        if (!CANCELLATION_REASONS.contains(form.text("cancellation_reason"))) {
            throw Refusal.badRequest("", "Invalid cancellation_reason", "cancellation_reason");
        }
        var intent = load(call);
        mustBeOpen(intent, "cancel");
        intent.put("status", "canceled").put("canceled_at", call.now()).putNull("next_action");
        call.take(intent, "cancellation_reason");
        call.tell("payment_intent.canceled", intent);
        return Answer.ok(call.expanded(intent));
    }

    static Answer list(Call call) throws IOException {
        call.form().allow("customer", "created", "limit", "starting_after", "ending_before");
        return Listing.of(call, "payment_intent", "/v1/payment_intents", "customer");
    }

    /** What the customer has to do next: a page of the caller's if it named one, otherwise Stripe's own script. */
    static ObjectNode authentication(Call call) {
        var next = Json.MAPPER.createObjectNode();
        var back = call.form().text("return_url");
        if (back.isEmpty()) {
            next.put("type", "use_stripe_sdk").putObject("use_stripe_sdk").put("type", "three_d_secure_redirect");
        } else {
            next.put("type", "redirect_to_url")
                    .putObject("redirect_to_url")
                    .put("return_url", back)
                    .put("url", back);
        }
        return next;
    }

    private static Answer confirmed(Call call, ObjectNode intent) throws IOException {
        if (Json.text(intent, "payment_method").isEmpty()) {
            throw Refusal.state(
                    "payment_intent_unexpected_state",
                    "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update"
                            + " the PaymentIntent with a payment method and then confirm it again, or confirm it again"
                            + " directly with a payment method.",
                    "payment_intent",
                    intent);
        }
        var method = PaymentMethods.resolve(call, Json.text(intent, "payment_method"));
        return switch (TestCards.of(method).outcome()) {
            case TestCards.Outcome.Approved approved -> succeeded(call, intent, method);
            case TestCards.Outcome.Declined declined -> declined(call, intent, method, declined);
            case TestCards.Outcome.NeedsAuthentication needed ->
                mayAct(call) ? requiresAction(call, intent) : declined(call, intent, method, needed.withoutCustomer());
        };
    }

    private static boolean mayAct(Call call) {
        var form = call.form();
        // off_session may also be "one_off" or "recurring": anything but a no means that nobody is there.
        var offSession =
                !form.text("off_session").isEmpty() && !form.text("off_session").equals("false");
        return !offSession && !form.flag("error_on_requires_action");
    }

    private static Answer succeeded(Call call, ObjectNode intent, ObjectNode method) throws IOException {
        var charge = Charges.approved(call, intent, method);
        intent.put("status", "succeeded")
                .put("amount_received", intent.path("amount").longValue())
                .put("latest_charge", Json.text(charge, "id"))
                .putNull("last_payment_error")
                .putNull("next_action");
        var saves = !Json.text(intent, "setup_future_usage").isEmpty()
                && !Json.text(intent, "customer").isEmpty()
                && Json.text(method, "customer").isEmpty();
        if (saves) {
            PaymentMethods.bind(call, method, Customers.named(call, Json.text(intent, "customer")));
        }
        call.tell("payment_intent.succeeded", intent);
        if (TestCards.of(method) == TestCards.DISPUTED) {
            Disputes.open(call, charge, "fraudulent");
        }
        return Answer.ok(call.expanded(intent));
    }

    private static Answer requiresAction(Call call, ObjectNode intent) throws IOException {
        intent.put("status", "requires_action").set("next_action", authentication(call));
        call.tell("payment_intent.requires_action", intent);
        return Answer.ok(call.expanded(intent));
    }

    private static Answer declined(
            Call call, ObjectNode intent, ObjectNode method, TestCards.Outcome.Declined declined) {
        var charge = Charges.declined(call, intent, method, declined);
        var error = Refusal.error("card_error", declined.code(), declined.message(), "")
                .put("charge", Json.text(charge, "id"))
                .put("decline_code", declined.declineCode());
        if (!declined.adviceCode().isEmpty()) {
            error.put("advice_code", declined.adviceCode());
        }
        error.set("payment_method", method);
        intent.put("status", "requires_payment_method")
                .put("latest_charge", Json.text(charge, "id"))
                .putNull("payment_method")
                .putNull("next_action")
                .set("last_payment_error", error);
        call.tell("payment_intent.payment_failed", intent);
        var answered = error.deepCopy();
        answered.set("payment_intent", intent);
        answered.put("request_log_url", "https://dashboard.stripe.com/test/logs/" + call.requestId());
        return Answer.error(402, answered);
    }

    private static void fill(Call call, ObjectNode intent) throws IOException {
        var form = call.form();
        if (form.has("amount") || form.has("currency")) {
            var amount = form.integer("amount", intent.path("amount").longValue());
            Currencies.mustBeChargeable(amount, Json.text(intent, "currency"));
            intent.put("amount", amount);
        }
        if (form.has("customer")) {
            intent.put("customer", Json.text(Customers.named(call, form.text("customer")), "id"));
        }
        call.take(
                intent,
                "description",
                "receipt_email",
                "setup_future_usage",
                "statement_descriptor",
                "statement_descriptor_suffix",
                "transfer_group");
        call.takeNested(intent, "metadata", "shipping", "automatic_payment_methods");
        if (intent.path("automatic_payment_methods").isObject()) {
            intent.withObjectProperty("automatic_payment_methods").put("enabled", true);
        }
        if (form.has("payment_method")) {
            use(call, intent);
        }
    }

    private static void use(Call call, ObjectNode intent) throws IOException {
        var method = PaymentMethods.resolve(call, call.form().required("payment_method"));
        PaymentMethods.mustSuit(method, Json.text(intent, "customer"));
        intent.put("payment_method", Json.text(method, "id")).put("status", "requires_confirmation");
    }

    private static void mustBeOpen(ObjectNode intent, String verb) {
        var status = Json.text(intent, "status");
        if (status.equals("succeeded") && verb.equals("confirm")) {
            throw unexpected(
                    "You cannot confirm this PaymentIntent because it has already succeeded after being previously"
                            + " confirmed.",
                    intent);
        }
        if (status.equals("succeeded") || status.equals("canceled")) {
            throw unexpected(
                    "You cannot " + verb + " this PaymentIntent because it has a status of " + status + ".", intent);
        }
    }

    private static Refusal unexpected(String message, ObjectNode intent) {
        return Refusal.state("payment_intent_unexpected_state", message, "payment_intent", intent);
    }

    private static ObjectNode load(Call call) throws IOException {
        return call.load("payment_intent", "payment_intent");
    }

    private static String[] union(String... more) {
        return Stream.of(PARAMETERS, CONFIRM_PARAMETERS, more)
                .flatMap(Arrays::stream)
                .distinct()
                .toArray(String[]::new);
    }
}
