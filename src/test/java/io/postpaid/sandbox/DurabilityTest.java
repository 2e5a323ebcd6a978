package io.postpaid.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.stripe.exception.CardException;
import com.stripe.exception.IdempotencyException;
import com.stripe.param.PaymentIntentListParams;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stays true over repeated requests, restarts, crashes and several processes. */
class DurabilityTest {
    private static final String INTENT = "amount=5000&currency=usd&metadata[invoice]=42&confirm=true"
            + "&payment_method=pm_card_visa&off_session=true&expand[]=latest_charge";

    @TempDir
    private Path directory;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-01T08:00:00Z"));
    private final InstantSource clock = now::get;

    @Test
    void theSameKeyHasOneEffectAndOneAnswer() throws Exception {
        try (var sandbox = start()) {
            var wire = Wire.to(sandbox);
            var first = wire.post("/v1/payment_intents", INTENT, "invoice/42/create");
            var second = wire.post("/v1/payment_intents", INTENT, "invoice/42/create");

            assertThat(first.statusCode()).isEqualTo(200);
            assertThat(first.headers().firstValue("Idempotent-Replayed")).isEmpty();
            assertThat(second.headers().firstValue("Idempotent-Replayed")).contains("true");
            assertThat(second.headers().firstValue("Idempotency-Key")).contains("invoice/42/create");
            assertThat(second.body()).isEqualTo(first.body());
            assertThat(intents(wire)).isEqualTo(1);
        }
    }

    @Test
    void theSameKeyForSomethingElseIsAnError() throws Exception {
        try (var sandbox = start()) {
            var wire = Wire.to(sandbox);
            var customer = wire.customer("acme");
            var create = com.stripe.param.PaymentIntentCreateParams.builder()
                    .setAmount(5_00L)
                    .setCurrency("usd");
            wire.stripe().v1().paymentIntents().create(create.build(), Wire.key("k"));

            assertThatThrownBy(() -> wire.stripe()
                            .v1()
                            .paymentIntents()
                            .create(create.setAmount(6_00L).build(), Wire.key("k")))
                    .isInstanceOf(IdempotencyException.class);
            assertThat(wire.post("/v1/customers/" + customer, "amount=500&currency=usd", "k")
                            .statusCode())
                    .isEqualTo(400);
        }
    }

    @Test
    void aDeclineIsReplayedAndAWrongParameterIsNot() throws Exception {
        try (var sandbox = start()) {
            var wire = Wire.to(sandbox);
            var customer = wire.customer("acme");
            var card = wire.card(customer, "pm_card_chargeCustomerFail");
            var intent = wire.intent(customer, 50_00);
            var confirm = Wire.unattended(card).build();
            var charges = new ArrayList<String>();
            for (int i = 0; i < 2; i++) {
                charges.add(catchThrowableOfType(
                                CardException.class,
                                () -> wire.stripe()
                                        .v1()
                                        .paymentIntents()
                                        .confirm(intent, confirm, Wire.key("confirm/1")))
                        .getCharge());
            }
            assertThat(charges.getLast()).isEqualTo(charges.getFirst());

            assertThat(wire.post("/v1/customers", "nam=acme", "typo").statusCode())
                    .isEqualTo(400);
            assertThat(wire.post("/v1/customers", "name=acme", "typo").statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void aKeyIsForgottenAfterADay() throws Exception {
        try (var sandbox = start()) {
            var wire = Wire.to(sandbox);
            wire.post("/v1/payment_intents", INTENT, "k");
            now.updateAndGet(then -> then.plus(Duration.ofHours(24)).minusSeconds(1));
            assertThat(wire.post("/v1/payment_intents", INTENT, "k").headers().map())
                    .containsKey("idempotent-replayed");
            now.updateAndGet(then -> then.plusSeconds(1));

            wire.post("/v1/payment_intents", INTENT, "k");

            assertThat(intents(wire)).isEqualTo(2);
        }
    }

    @Test
    void twoRequestsWithOneKeyAtOnceAreOneTooMany() throws Exception {
        try (var sandbox = start();
                var journal = new Journal(directory.resolve("stripe.journal"), (at, line) -> {})) {
            var wire = Wire.to(sandbox);
            var both = new ArrayList<CompletableFuture<java.net.http.HttpResponse<String>>>();
            // Nobody gets past the held journal, so only a refusal can be answered.
            var refused = journal.exclusively(() -> {
                both.add(wire.postAsync("/v1/payment_intents", INTENT, "k"));
                both.add(wire.postAsync("/v1/payment_intents", INTENT, "k"));
                return CompletableFuture.anyOf(both.toArray(CompletableFuture[]::new))
                        .join();
            });

            assertThat(((java.net.http.HttpResponse<?>) refused).statusCode()).isEqualTo(409);
            assertThat(both).extracting(reply -> reply.get().statusCode()).containsExactlyInAnyOrder(200, 409);
        }
    }

    @Test
    void aRestartForgetsNothing() throws Exception {
        String body;
        String customer;
        try (var sandbox = start()) {
            var wire = Wire.to(sandbox);
            customer = wire.customer("acme");
            body = wire.post("/v1/payment_intents", INTENT, "k").body();
        }
        try (var sandbox = start()) {
            var wire = Wire.to(sandbox);
            var replayed = wire.post("/v1/payment_intents", INTENT, "k");

            assertThat(replayed.body()).isEqualTo(body);
            assertThat(replayed.headers().firstValue("Idempotent-Replayed")).contains("true");
            assertThat(wire.stripe().v1().customers().retrieve(customer).getName())
                    .isEqualTo("acme");
            assertThat(wire.customer("next")).isGreaterThan(customer);
        }
    }

    @Test
    void twoOnOneDirectorySeeEachOther() throws Exception {
        try (var one = start();
                var two = start()) {
            var first = Wire.to(one);
            var second = Wire.to(two);
            var customer = first.customer("acme");
            var card = second.card(customer, "pm_card_visa");
            var intent = first.intent(customer, 5_00);
            second.stripe()
                    .v1()
                    .paymentIntents()
                    .confirm(intent, Wire.unattended(card).build());

            assertThat(first.stripe().v1().paymentIntents().retrieve(intent).getStatus())
                    .isEqualTo("succeeded");
            var body = first.post("/v1/payment_intents", INTENT, "k").body();
            assertThat(second.post("/v1/payment_intents", INTENT, "k").body()).isEqualTo(body);
            assertThat(second.customer("next")).isNotEqualTo(first.customer("next"));
        }
    }

    @Test
    void aLineTornByAKilledProcessNeverHappened() throws Exception {
        var journal = directory.resolve("stripe.journal");
        try (var sandbox = start()) {
            var wire = Wire.to(sandbox);
            var customer = wire.customer("acme");
            var whole = Files.size(journal);
            wire.post("/v1/customers", "name=torn", "k");
            var line = Files.readAllBytes(journal);
            try (var other = start()) {
                var torn = java.util.Arrays.copyOfRange(line, (int) whole, line.length - 20);
                Files.write(journal, torn, StandardOpenOption.APPEND);

                var after = Wire.to(other);
                assertThat(after.stripe().v1().customers().retrieve(customer).getName())
                        .isEqualTo("acme");
                assertThat(Files.size(journal)).isEqualTo(line.length);
                var next = after.customer("next");
                assertThat(wire.stripe().v1().customers().retrieve(next).getName())
                        .isEqualTo("next");
            }
        }
    }

    @Test
    void eachLineOfTheJournalIsOneJsonDocument() throws Exception {
        try (var sandbox = start()) {
            var wire = Wire.to(sandbox);
            wire.post("/v1/payment_intents", INTENT, "a \"quoted\" key");
            wire.customer("acme");
        }
        assertThat(Files.readAllLines(directory.resolve("stripe.journal")))
                .hasSize(2)
                .allSatisfy(line ->
                        assertThat(Tree.object(line).path("objects").isArray()).isTrue());
    }

    private Sandbox start() {
        return Sandbox.start(directory, clock);
    }

    private static int intents(Wire wire) throws Exception {
        return wire.stripe()
                .v1()
                .paymentIntents()
                .list(PaymentIntentListParams.builder().build())
                .getData()
                .size();
    }
}
