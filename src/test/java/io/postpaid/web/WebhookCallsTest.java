package io.postpaid.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.stripe.net.Webhook;
import io.postpaid.account.Accounts;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.pricing.pricebook.PriceBooks;
import io.postpaid.support.Http;
import io.postpaid.support.TestApplication;
import io.postpaid.usage.intake.Ingestion;
import io.postpaid.web.WebhookCalls.Received;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stripe tells over HTTP that a customer has paid by himself. */
class WebhookCallsTest {
    private static final Instant NOW = Instant.parse("2026-11-02T10:00:00Z");
    private static final String SECRET = "whsec_sandbox";

    @Test
    void aSignedEventSettlesTheInvoiceOnceAndNothingElseDoes(@TempDir Path home) throws Exception {
        try (var application = TestApplication.serving(home, NOW, Map.of())) {
            var intent = declined(application, home);
            var stripe = new Http(URI.create(application.sandbox().stripeBase()).getPort(), "sk_test_sandbox");
            stripe.post(
                            "/v1/payment_intents/" + intent + "/confirm",
                            "payment_method=pm_card_visa",
                            Map.of("Content-Type", "application/x-www-form-urlencoded"))
                    .is(200);
            var event = stripe.get("/v1/events?type=payment_intent.succeeded")
                    .json()
                    .at("/data/0");
            var body = event.toString();
            var caller = application.http(null);

            caller.post("/webhooks/stripe", body).is(400, "INVALID_SIGNATURE");
            caller.post("/webhooks/stripe", body, signed(body, "whsec_forged", 0))
                    .is(400, "INVALID_SIGNATURE");
            caller.post("/webhooks/stripe", body + " ", signed(body, SECRET, 0)).is(400, "INVALID_SIGNATURE");
            caller.post("/webhooks/stripe", body, signed(body, SECRET, 301)).is(400, "INVALID_SIGNATURE");
            caller.post("/webhooks/stripe", body, signed(body, SECRET, -301)).is(400, "INVALID_SIGNATURE");
            for (var unreadable : List.of("", "{", "[]", "{\"id\":7}")) {
                caller.post("/webhooks/stripe", unreadable, signed(unreadable, SECRET, 0))
                        .is(400, "INVALID_REQUEST");
            }
            assertThat(statuses(application)).isEqualTo("OPEN, 0 told");

            var id = event.at("/id").asString();
            caller.post("/webhooks/stripe", body, signed(body, SECRET, 0)).is(200, new Received(id, true));
            caller.post("/webhooks/stripe", body, signed(body, SECRET, 60)).is(200, new Received(id, false));
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(statuses(application)).isEqualTo("PAID, 1 told"));
            caller.post("/webhooks/stripe", body, signed(body, SECRET, 60)).is(200, new Received(id, false));
        }
    }

    private static Map<String, String> signed(String body, String secret, long ageSeconds) throws Exception {
        return Map.of(
                "Stripe-Signature",
                Webhook.Signature.generateSignatureHeader(body, secret, NOW.getEpochSecond() - ageSeconds));
    }

    private static String statuses(TestApplication application) {
        return application.jdbc().sql("""
                        select status || ', ' || (select count(*) from notice where kind = 'payment-succeeded') || ' told'
                          from invoice""").query(String.class).single();
    }

    /** @return the intent of an invoice whose card was declined */
    private static String declined(TestApplication application, Path home) throws Exception {
        application.get(PriceBooks.class).importFile(Files.writeString(home.resolve("prices.yaml"), """
                currency: USD
                products:
                  calls: {unit: call}
                prices:
                  - {product: calls, effective_from: 2026-01-01, amount: "1"}
                """));
        application.get(Accounts.class).importFile(Files.writeString(home.resolve("accounts.csv"), """
                id,name,email,free_credit,payment_method
                acme,Acme,acme@acme.test,0,pm_card_visa_chargeDeclinedInsufficientFunds
                """));
        application.get(Ingestion.class).ingest(Files.writeString(home.resolve("usage.ndjson"), """
                {"id":"1","account":"acme","product":"calls","quantity":"7","occurred_at":"2026-10-03T00:00:00Z"}
                """), null, _ -> {});
        application.nightly(LocalDate.parse("2026-11-01"));
        application.monthly(BillingPeriod.parse("2026-10"));
        return application
                .jdbc()
                .sql("select stripe_id from payment_intent")
                .query(String.class)
                .single();
    }
}
