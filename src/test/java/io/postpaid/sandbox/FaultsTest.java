package io.postpaid.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.EnumSource.Mode.EXCLUDE;

import com.stripe.exception.SignatureVerificationException;
import com.stripe.net.Webhook;
import com.sun.net.httpserver.HttpServer;
import io.postpaid.sandbox.Faults.OfCall;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What each fault does to a call, what it leaves behind, and what the same key is answered afterwards. */
class FaultsTest {
    private Instant now = Instant.parse("2026-11-01T08:00:00Z");
    private Sandbox sandbox;
    private Wire wire;
    private String intent;

    @BeforeEach
    void start(@TempDir Path directory) throws Exception {
        sandbox = Sandbox.start(directory, () -> now);
        wire = Wire.to(sandbox);
        var customer = wire.customer("acme");
        wire.card(customer, "pm_card_visa");
        intent = wire.intent(customer, 1000);
    }

    @AfterEach
    void stop() {
        sandbox.close();
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            # fault,        answer, charges then, replay, charges in the end
            NONE,           200,    1,            200,    1
            SLOW,           200,    1,            200,    1
            REQUEST_LOST,   lost,   0,            200,    1
            ANSWER_LOST,    lost,   1,            200,    1
            FAILED_BEFORE,  500,    0,            200,    1
            FAILED_WITHIN,  500,    0,            500,    0
            FAILED_BEHIND,  500,    1,            500,    1
            BAD_GATEWAY,    502,    0,            200,    1
            RATE_LIMITED,   429,    0,            200,    1
            LOCK_TIMEOUT,   429,    0,            200,    1""")
    void aKeyRemembersWhatBeganToExecute(OfCall fault, String answer, int charges, int replay, int inTheEnd)
            throws Exception {
        sandbox.suffer(only(fault));
        assertThat(confirm()).isEqualTo(answer);
        sandbox.suffer(Faults.NONE);
        assertThat(charges()).isEqualTo(charges);
        assertThat(confirm()).isEqualTo(Integer.toString(replay));
        assertThat(charges()).isEqualTo(inTheEnd);
    }

    @Test
    void aLateRequestHoldsItsKeyUntilItTakesEffect() throws Exception {
        sandbox.suffer(new Faults(0, 0) {
            private boolean first = true;

            @Override
            OfCall call(String request) {
                var fault = first ? OfCall.REQUEST_LATE : OfCall.NONE;
                first = false;
                return fault;
            }

            @Override
            boolean now() {
                return false;
            }
        });
        assertThat(confirm()).isEqualTo("lost");
        assertThat(charges()).isZero();
        assertThat(confirm()).isEqualTo("409");
        sandbox.suffer(Faults.NONE);
        assertThat(charges()).isEqualTo(1);
        assertThat(confirm()).isEqualTo("200");
        assertThat(charges()).isEqualTo(1);
    }

    @Test
    void aKeyIsForgottenAfterADay() throws Exception {
        var first = wire.post("/v1/customers", "name=acme", "k").body();
        now = now.plus(Duration.ofHours(24)).minusSeconds(1);
        assertThat(wire.post("/v1/customers", "name=acme", "k").body()).isEqualTo(first);
        now = now.plusSeconds(1);
        assertThat(wire.post("/v1/customers", "name=acme", "k").body()).isNotEqualTo(first);
    }

    @ParameterizedTest
    @EnumSource(value = OfCall.class, mode = EXCLUDE, names = "NONE")
    void everyFaultIsDrawn(OfCall fault) {
        var faults = new Faults(1, 100);
        for (int call = 0; call < 200; call++) faults.call("GET /");
        assertThat(faults.drawn()).contains(fault + " GET /").hasSize(200);
    }

    @Test
    void theSameSeedIsTheSameSchedule() {
        var one = Faults.parse("42:20");
        var other = Faults.parse(" 42:20 ");
        for (int call = 0; call < 200; call++) assertThat(one.call("x")).isEqualTo(other.call("x"));
        assertThat(one.drawn()).hasSizeBetween(20, 60);
        assertThat(Faults.parse("").call("x")).isEqualTo(OfCall.NONE);
        for (var wrong : List.of("42", "a:b", "1:101", "1:-1", "1:2:3")) {
            assertThatThrownBy(() -> Faults.parse(wrong)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void eventsAreDeliveredSignedAndInOrderUnlessTheyAreToBeLateOrDouble() throws Exception {
        var seen = new LinkedBlockingQueue<String>();
        var refused = new AtomicBoolean();
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            var signature = exchange.getRequestHeaders().getFirst("Stripe-Signature");
            try {
                // The clock of the sandbox is not that of the library: any age is fine.
                Webhook.Signature.verifyHeader(body, signature, Sandbox.WEBHOOK_SECRET, 0);
                // The first one is refused, and comes again.
                boolean taken = refused.getAndSet(true);
                seen.add((taken ? "" : "refused ") + Tree.text(Tree.object(body), "type"));
                exchange.sendResponseHeaders(taken ? 200 : 503, -1);
            } catch (SignatureVerificationException e) {
                exchange.sendResponseHeaders(400, -1);
            }
            exchange.close();
        });
        server.start();
        try {
            sandbox.deliverTo(
                    URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/webhooks"));
            assertThat(confirm()).isEqualTo("200");
            assertThat(take(seen, 3))
                    .containsExactly("refused charge.succeeded", "charge.succeeded", "payment_intent.succeeded");

            sandbox.suffer(new Faults(3, 0) {
                @Override
                List<Duration> deliveries() {
                    return List.of(Duration.ofMillis(20), Duration.ofMillis(1));
                }
            });
            wire.customer("late");
            assertThat(take(seen, 2)).containsExactly("customer.created", "customer.created");
        } finally {
            server.stop(0);
        }
    }

    private static List<String> take(LinkedBlockingQueue<String> seen, int count) throws InterruptedException {
        var taken = new ArrayList<String>();
        while (taken.size() < count) {
            var next = seen.poll(10, TimeUnit.SECONDS);
            if (next == null) break;
            taken.add(next);
        }
        return taken;
    }

    private static Faults only(OfCall fault) {
        return new Faults(0, 0) {
            @Override
            OfCall call(String request) {
                return fault;
            }
        };
    }

    private String confirm() throws Exception {
        try {
            var answer = wire.post(
                    "/v1/payment_intents/" + intent + "/confirm",
                    "payment_method=pm_card_visa&off_session=true",
                    "key");
            return Integer.toString(answer.statusCode());
        } catch (ExecutionException dropped) {
            return "lost";
        }
    }

    private int charges() throws Exception {
        return Tree.object(wire.get("/v1/charges").body()).path("data").size();
    }
}
