package io.postpaid.sandbox;

import tools.jackson.databind.node.ObjectNode;

/** Which operation is meant; the operations themselves stand in the classes named after their objects. */
final class Calls {
    private Calls() {}

    static ObjectNode execute(String method, String path, Call call) {
        var address = method + " "
                + (call.id().isEmpty() ? path : path.replaceFirst("^(/v1/(?:checkout/|tax/)?[^/]+/)[^/]+", "$1*"));
        var parameters = Catalog.STRIPE.calls().get(address);
        if (parameters == null) {
            throw Refusal.of(404, "", "Unrecognized request URL (" + method + ": " + path + ").");
        }
        call.form().allow(parameters);
        var answer = switch (address) {
            case "POST /v1/customers" -> Customers.create(call);
            case "POST /v1/customers/*" -> Customers.update(call);
            case "DELETE /v1/customers/*" -> Customers.delete(call);
            case "GET /v1/customers/*/payment_methods" -> PaymentMethods.ofCustomer(call);
            case "POST /v1/payment_methods" -> PaymentMethods.create(call);
            case "GET /v1/payment_methods" -> PaymentMethods.list(call);
            case "POST /v1/payment_methods/*/attach" -> PaymentMethods.attach(call);
            case "POST /v1/payment_methods/*/detach" -> PaymentMethods.detach(call);
            case "POST /v1/setup_intents" -> SetupIntents.create(call);
            case "POST /v1/setup_intents/*/confirm" -> SetupIntents.confirm(call);
            case "POST /v1/setup_intents/*/cancel" -> Intents.canceled(call, call.load("setup_intent"));
            case "POST /v1/payment_intents" -> PaymentIntents.create(call);
            case "POST /v1/payment_intents/*" -> PaymentIntents.update(call);
            case "POST /v1/payment_intents/*/confirm" -> PaymentIntents.confirm(call);
            case "POST /v1/payment_intents/*/cancel" -> PaymentIntents.cancel(call);
            case "POST /v1/checkout/sessions" -> CheckoutSessions.create(call);
            case "POST /v1/checkout/sessions/*/expire" -> CheckoutSessions.expire(call);
            case "POST /v1/refunds" -> ChargeRefunds.create(call);
            case "POST /v1/disputes/*" -> ChargeDisputes.update(call);
            case "POST /v1/disputes/*/close" -> ChargeDisputes.close(call);
            case "POST /v1/payouts" -> Payouts.create(call);
            case "POST /v1/tax/calculations" -> TaxCalculations.create(call);
            case "POST /v1/tax/transactions/create_from_calculation" -> TaxTransactions.create(call);
            case "POST /v1/tax/transactions/create_reversal" -> TaxTransactions.reverse(call);
            default -> read(path, call);
        };
        return call.status() == 200 ? call.expanded(answer) : answer;
    }

    /** An object, or those of its kind. */
    private static ObjectNode read(String path, Call call) {
        var kind = Catalog.STRIPE.kinds().stream()
                .filter(of -> path.equals(of.path()) || path.startsWith(of.path() + "/"))
                .findFirst()
                .orElseThrow();
        if (!call.id().isEmpty()) return call.shown(kind.name());
        return kind.name().equals("event") ? Pages.events(call, kind) : Pages.of(call, kind);
    }
}
