package io.postpaid.sandbox;

import io.postpaid.sandbox.TestCard.BankAnswer;
import io.postpaid.sandbox.TestCard.Behaviour;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code /v1/payment_intents}: one amount that is charged at most once, over however many cards and tries.
 *
 * <p>requires_payment_method → requires_confirmation → succeeded, or back to requires_payment_method after a decline, or
 * requires_action when the customer must authenticate and may be there to do so.
 */
final class PaymentIntents {
    private static final Set<String> CANCELLATION_REASONS =
            Set.of("", "duplicate", "fraudulent", "requested_by_customer", "abandoned");

    private PaymentIntents() {}

    static ObjectNode create(Call call) {
        var form = call.form();
        form.required("amount");
        var confirm = form.flag("confirm");
        for (var name : List.of("off_session", "error_on_requires_action")) {
            if (form.has(name) && !confirm) {
                throw Refusal.badRequest("", "You may only specify " + name + " when confirm is true.", name);
            }
        }
        if (form.text("capture_method").equals("manual")) {
            throw Refusal.badRequest("", "The sandbox captures automatically only.", "capture_method");
        }
        var intent = Intents.create(call, "payment_intent");
        form.required("currency");
        fill(call, intent);
        call.tell("payment_intent.created", intent);
        return confirm ? confirmed(call, intent) : intent;
    }

    static ObjectNode update(Call call) {
        var intent = call.load("payment_intent");
        if (List.of("amount", "currency", "payment_method", "customer").stream().anyMatch(call.form()::has)) {
            Intents.mustBeOpen(intent, "update");
        }
        fill(call, intent);
        call.save(intent);
        return intent;
    }

    static ObjectNode confirm(Call call) {
        var intent = call.load("payment_intent");
        Intents.mustBeOpen(intent, "confirm");
        Intents.takeMethod(call, intent);
        call.take(intent, "receipt_email", "setup_future_usage");
        return confirmed(call, intent);
    }

    static ObjectNode cancel(Call call) {
        if (!CANCELLATION_REASONS.contains(call.form().text("cancellation_reason"))) {
            throw Refusal.badRequest("", "Invalid cancellation_reason", "cancellation_reason");
        }
        return Intents.canceled(call, call.load("payment_intent"));
    }

    private static ObjectNode confirmed(Call call, ObjectNode intent) {
        var method = Intents.method(
                call,
                intent,
                " You can either update the PaymentIntent with a payment method and then confirm it again, or confirm it"
                        + " again directly with a payment method.");
        var card = TestCard.of(method);
        if (PaymentMethods.authenticated(call, method)) return succeeded(call, intent, method);
        if (card.needsAuthentication() && mayAct(call))
            return Intents.requiresAction(call, intent, call.form().text("return_url"));
        return card.decline() == null
                ? succeeded(call, intent, method)
                : declined(call, intent, method, card.decline());
    }

    /** The customer has confirmed at the bank, or has not. */
    static ObjectNode authenticated(Call call, ObjectNode intent, boolean confirmed) {
        if (!confirmed) return Intents.notAuthenticated(call, intent);
        return succeeded(call, intent, PaymentMethods.resolve(call, Tree.text(intent, "payment_method")));
    }

    private static boolean mayAct(Call call) {
        var form = call.form();
        // off_session may also be "one_off" or "recurring": anything but a no means that nobody is there.
        var offSession =
                !form.text("off_session").isEmpty() && !form.text("off_session").equals("false");
        return !offSession && !form.flag("error_on_requires_action");
    }

    private static ObjectNode succeeded(Call call, ObjectNode intent, ObjectNode method) {
        var charge = Charges.approved(call, intent, method);
        intent.put("status", "succeeded")
                .put("amount_received", intent.path("amount").longValue())
                .put("latest_charge", Tree.text(charge, "id"))
                .putNull("last_payment_error")
                .putNull("next_action");
        if (!Tree.text(intent, "setup_future_usage").isEmpty()) Intents.bind(call, intent, method);
        call.tell("payment_intent.succeeded", intent);
        if (TestCard.of(method).behaviour() == Behaviour.DISPUTED) ChargeDisputes.open(call, charge, "fraudulent");
        return intent;
    }

    private static ObjectNode declined(Call call, ObjectNode intent, ObjectNode method, BankAnswer decline) {
        var charge = Charges.declined(call, intent, method, decline);
        var error = Refusal.error("card_error", decline.code(), decline.message(), "")
                .put("charge", Tree.text(charge, "id"))
                .put("decline_code", decline.declineCode());
        if (!decline.adviceCode().isEmpty()) error.put("advice_code", decline.adviceCode());
        error.set("payment_method", method);
        intent.put("status", "requires_payment_method")
                .put("latest_charge", Tree.text(charge, "id"))
                .putNull("payment_method")
                .putNull("next_action")
                .set("last_payment_error", error);
        call.tell("payment_intent.payment_failed", intent);
        var answered = error.deepCopy();
        answered.set("payment_intent", intent);
        answered.put("request_log_url", "https://dashboard.stripe.com/test/logs/" + call.requestId());
        return call.failed(402, answered);
    }

    private static void fill(Call call, ObjectNode intent) {
        var form = call.form();
        if (form.has("currency")) intent.put("currency", ChargeableAmounts.checked(form.required("currency")));
        if (form.has("amount") || form.has("currency")) {
            var amount = form.integer("amount", intent.path("amount").longValue());
            ChargeableAmounts.mustBeChargeable(amount, Tree.text(intent, "currency"));
            intent.put("amount", amount);
        }
        Intents.takeCustomer(call, intent);
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
        Intents.takeMethod(call, intent);
    }
}
