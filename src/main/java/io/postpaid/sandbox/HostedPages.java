package io.postpaid.sandbox;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** The pages that Stripe and a bank show to a customer: Checkout's form for a card, and the bank's question. */
final class HostedPages {
    private static final String CHECKOUT = "/c/pay/";
    private static final String BANK = "/test/bank/";
    private static final Pattern EXPIRY = Pattern.compile("(0[1-9]|1[0-2]) ?/ ?(?:20)?([0-9]{2})");

    private HostedPages() {}

    /** What the browser gets: a page, or another address. */
    record Page(int status, String html, @Nullable String location) {

        static Page of(int status, String title, String body) {
            return new Page(status, """
                    <!DOCTYPE html>
                    <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
                    <title>%s · Stripe stand-in</title>
                    <style>body{font:16px/1.5 system-ui,sans-serif;max-width:26rem;margin:3rem auto;padding:0 1rem}
                    label,input{display:block;width:100%%;box-sizing:border-box}input{font:inherit;padding:.5rem;margin:0 0 1rem}
                    button{font:inherit;padding:.5rem 1rem}.error{color:#a40000}small{color:#555}</style></head>
                    <body><main><p><small>Test mode: no card is charged here.</small></p><h1>%s</h1>
                    %s</main></body></html>
                    """.formatted(escaped(title), escaped(title), body), null);
        }

        static Page to(String url) {
            return new Page(303, "", url);
        }

        void send(HttpExchange exchange) throws IOException {
            var bytes = html.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
            if (location != null) exchange.getResponseHeaders().set("Location", location);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            if (bytes.length > 0) exchange.getResponseBody().write(bytes);
        }
    }

    static boolean at(String path) {
        return path.startsWith(CHECKOUT) || path.startsWith(BANK);
    }

    /** The bank's page for an intent; each question has its own, so that an old one answers no new one. */
    static String bank(Call call, ObjectNode intent) {
        return call.page(BANK + Tree.text(intent, "id") + "/" + call.requestId());
    }

    static Page answer(Request request, Call call) {
        return request.path().startsWith(BANK) ? bank(request, call) : checkout(request, call);
    }

    private static Page checkout(Request request, Call call) {
        var session = call.find("checkout.session", call.id());
        if (session == null) return gone("There is no such page.");
        if (!CheckoutSessions.open(call, session)) return gone("This page is used up.");
        var setup = call.named("setup_intent", Tree.text(session, "setup_intent"));
        // Back from the bank.
        if (Tree.text(setup, "status").equals("succeeded")) return complete(call, session);
        if (!request.writes()) return form(session, Tree.text(setup.path("last_setup_error"), "message"));
        var form = call.form();
        var card = TestCard.ofNumber(form.text("number"));
        var expiry = EXPIRY.matcher(form.text("expiry"));
        if (card.isEmpty()) return form(session, "Use one of Stripe's test cards, such as 4242 4242 4242 4242.");
        if (!expiry.matches()) return form(session, "The expiry date is a month and a year, such as 12/34.");
        var month = YearMonth.of(2000 + Integer.parseInt(expiry.group(2)), Integer.parseInt(expiry.group(1)));
        if (month.isBefore(YearMonth.from(Instant.ofEpochSecond(call.now()).atOffset(ZoneOffset.UTC)))) {
            return form(session, "Your card's expiration date is in the past.");
        }
        var method = PaymentMethods.make(call, card.get());
        method.withObjectProperty("card")
                .put("exp_month", month.getMonthValue())
                .put("exp_year", month.getYear());
        call.save(method);
        var tried = SetupIntents.entered(call, setup, method, call.page(request.path()));
        var next = Tree.text(tried.path("next_action").path("redirect_to_url"), "url");
        return next.isEmpty() ? complete(call, session) : Page.to(next);
    }

    private static Page complete(Call call, ObjectNode session) {
        CheckoutSessions.complete(call, session);
        return Page.to(Tree.text(session, "success_url").replace("{CHECKOUT_SESSION_ID}", Tree.text(session, "id")));
    }

    private static Page form(ObjectNode session, String error) {
        var cancel = Tree.text(session, "cancel_url");
        return Page.of(200, "Save a card", """
                %s<form method="post">
                <label for="number">Card number</label><input id="number" name="number" inputmode="numeric" required>
                <label for="expiry">Expiry, MM/YY</label><input id="expiry" name="expiry" required>
                <label for="cvc">Security code</label><input id="cvc" name="cvc" inputmode="numeric" required>
                <button>Save card</button></form>%s
                """.formatted(
                        error.isEmpty() ? "" : "<p class=\"error\" role=\"alert\">" + escaped(error) + "</p>",
                        cancel.isEmpty() ? "" : "<p><a href=\"" + escaped(cancel) + "\">Back</a></p>"));
    }

    private static Page bank(Request request, Call call) {
        var id = call.id();
        var payment = call.find("payment_intent", id);
        var intent = payment != null ? payment : call.find("setup_intent", id);
        if (intent == null) return gone("There is no such page.");
        var next = intent.path("next_action").path("redirect_to_url");
        if (!Tree.text(next, "url").endsWith(request.path())) return gone("The bank asks this no more.");
        var back = Tree.text(next, "return_url");
        if (!request.writes()) return question(intent, back);
        boolean confirmed = call.form().text("answer").equals("confirm");
        if (payment == null) {
            SetupIntents.authenticated(call, intent, confirmed);
        } else {
            PaymentIntents.authenticated(call, intent, confirmed);
        }
        var kind = Tree.text(intent, "object");
        return Page.to(back + (back.contains("?") ? "&" : "?") + kind + "=" + id + "&" + kind + "_client_secret="
                + URLEncoder.encode(Tree.text(intent, "client_secret"), StandardCharsets.UTF_8) + "&redirect_status="
                + (confirmed ? "succeeded" : "failed"));
    }

    private static Page question(ObjectNode intent, String back) {
        var amount = intent.has("amount")
                ? "a payment of " + intent.path("amount").longValue() + " in the minor unit of "
                        + Tree.text(intent, "currency").toUpperCase(java.util.Locale.ROOT)
                : "that this card is charged later";
        return Page.of(200, "Your bank", """
                <p>Do you confirm %s?</p>
                <form method="post"><button name="answer" value="confirm">Confirm</button>
                <button name="answer" value="fail">Fail</button></form>
                <p><a href="%s">Leave without an answer</a></p>
                """.formatted(escaped(amount), escaped(back)));
    }

    private static Page gone(String why) {
        return Page.of(404, "Nothing to do", "<p>" + escaped(why) + "</p>");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
