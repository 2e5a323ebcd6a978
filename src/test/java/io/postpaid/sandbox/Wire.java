package io.postpaid.sandbox;

import com.stripe.StripeClient;
import com.stripe.net.RequestOptions;
import com.stripe.param.CustomerCreateParams;
import com.stripe.param.PaymentIntentConfirmParams;
import com.stripe.param.PaymentIntentCreateParams;
import com.stripe.param.PaymentMethodAttachParams;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;

/** What the tests say to the stand-in: mostly with Stripe's own client, and plainly where its details matter. */
record Wire(String base, StripeClient stripe, HttpClient http) {

    static Wire to(Sandbox sandbox) {
        var stripe = StripeClient.builder()
                .setApiKey("sk_test_x")
                .setApiBase(sandbox.stripeBase())
                .setMaxNetworkRetries(0)
                .build();
        return new Wire(sandbox.stripeBase(), stripe, HttpClient.newHttpClient());
    }

    static RequestOptions key(String key) {
        return RequestOptions.builder().setIdempotencyKey(key).build();
    }

    String customer(String name) throws Exception {
        return stripe.v1()
                .customers()
                .create(CustomerCreateParams.builder()
                        .setName(name)
                        .setEmail(name + "@acme.example")
                        .build())
                .getId();
    }

    String card(String customer, String alias) throws Exception {
        return stripe.v1()
                .paymentMethods()
                .attach(
                        alias,
                        PaymentMethodAttachParams.builder()
                                .setCustomer(customer)
                                .build())
                .getId();
    }

    String intent(String customer, long amount) throws Exception {
        return stripe.v1()
                .paymentIntents()
                .create(PaymentIntentCreateParams.builder()
                        .setAmount(amount)
                        .setCurrency("usd")
                        .setCustomer(customer)
                        .putMetadata("invoice", "2026-000042")
                        .build())
                .getId();
    }

    static PaymentIntentConfirmParams.Builder unattended(String card) {
        return PaymentIntentConfirmParams.builder()
                .setPaymentMethod(card)
                .setOffSession(true)
                .setErrorOnRequiresAction(true);
    }

    HttpResponse<String> get(String path) throws Exception {
        return http.send(request(path, "").GET().build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> post(String path, String form, String key) throws Exception {
        return postAsync(path, form, key).get();
    }

    CompletableFuture<HttpResponse<String>> postAsync(String path, String form, String key) {
        var request = request(path, key).POST(HttpRequest.BodyPublishers.ofString(form));
        return http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> delete(String path) throws Exception {
        return http.send(request(path, "").DELETE().build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path, String key) {
        var request = HttpRequest.newBuilder(URI.create(base + path)).header("Authorization", "Bearer sk_test_x");
        return key.isEmpty() ? request : request.header("Idempotency-Key", key);
    }
}
