package io.postpaid.payments.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.stripe.StripeClient;
import com.stripe.net.Webhook;
import com.stripe.param.PaymentIntentConfirmParams;
import io.postpaid.books.report.Verification;
import io.postpaid.payments.charging.World;
import io.postpaid.payments.stripe.StripeEvent;
import io.postpaid.support.Http;
import io.postpaid.support.Operator;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A serving process that is really killed over an event of Stripe: once it is stored, and once what follows is done. Stripe
 * sends again what was not answered, or the night finds what is left; the customer's payment is booked once.
 */
class WebhookKillTest {
    /** Behind the night, so that no schedule is due. */
    private static final Instant NOW = World.morning(World.ISSUED.plusDays(1)).plus(Duration.ofHours(2));

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Set<String> PROVED = Set.of(
            "settlements", "charged-once", "confirmed-once", "money-in", "settlement-postings", "events", "notices");

    private World world;
    private Operator operator;
    private StripeClient stripe;

    @BeforeEach
    void start(@TempDir Path folder) throws IOException {
        world = new World(folder.resolve("world"), Map.of());
        operator = new Operator(folder.resolve("home"), NOW.toString());
        stripe = StripeClient.builder()
                .setApiKey("sk_test_sandbox")
                .setApiBase(world.application.sandbox().stripeBase())
                .build();
        for (var account : List.of("stored", "done", "left")) {
            world.account(account, "pm_card_visa_chargeDeclinedInsufficientFunds");
            world.invoice(account, "10.00");
        }
        world.charge();
        world.application.moveTo(NOW);
    }

    @AfterEach
    void stop() throws IOException {
        operator.close();
        world.close();
    }

    @Test
    void anEventIsProcessedOnceWhereverItsProcessIsKilled() throws Exception {
        var stored = paidByTheCustomer("stored");
        var done = paidByTheCustomer("done");
        var left = paidByTheCustomer("left");

        // Stored and answered; what follows waits for the account when the process dies.
        var first = serve();
        try (var lock = DriverManager.getConnection(database(), "postgres", "")) {
            lock(lock, "stored");
            deliver(first, stored).is(200, Map.of("event", id(stored), "first", true));
            await().atMost(LONG).until(() -> count("select count(*) from pg_locks where not granted") > 0);
            assertThat(first.killAfter(Duration.ZERO)).isTrue();
        }
        assertThat(told()).containsExactly("done OPEN 0", "left OPEN 0", "stored OPEN 0");
        assertThat(count("select count(*) from stripe_event_due")).isEqualTo(1);

        // The next process does it. Then one dies when all is done, before Stripe has read its answer.
        operator.at(NOW.plus(Duration.ofMinutes(2)).toString());
        var second = serve();
        await().atMost(LONG).until(() -> told().contains("stored PAID 1"));
        var unread =
                HttpClient.newHttpClient().sendAsync(request(second, done), HttpResponse.BodyHandlers.ofInputStream());
        await().atMost(LONG).until(() -> told().contains("done PAID 1"));
        assertThat(second.killAfter(Duration.ZERO)).isTrue();
        unread.cancel(true);

        // Stripe sends both again; a third event is stored, and its process dies and does not come back.
        var third = serve();
        deliver(third, done).is(200, Map.of("event", id(done), "first", false));
        deliver(third, stored).is(200, Map.of("event", id(stored), "first", false));
        try (var lock = DriverManager.getConnection(database(), "postgres", "")) {
            lock(lock, "left");
            deliver(third, left).is(200, Map.of("event", id(left), "first", true));
            await().atMost(LONG).until(() -> count("select count(*) from pg_locks where not granted") > 0);
            assertThat(third.killAfter(Duration.ZERO)).isTrue();
        }
        assertThat(told()).containsExactly("done PAID 1", "left OPEN 0", "stored PAID 1");
        for (int night = 2; night <= 3; night++) {
            var day = World.ISSUED.plusDays(night);
            world.application.moveTo(World.morning(day));
            world.sweep(day);
            world.night(day);
        }

        assertThat(told()).containsExactly("done PAID 1", "left PAID 1", "stored PAID 1");
        assertThat(count("select count(*) from stripe_event_due")).isZero();
        assertThat(
                        count(
                                "select count(*) from stripe_event where type = 'payment_intent.succeeded' and effect = 'SETTLED'"))
                .isEqualTo(3);
        assertThat(count("select count(*) from settlement where kind = 'CARD'")).isEqualTo(3);
        assertThat(count("select count(*) from surplus")).isZero();
        for (var account : List.of("stored", "done", "left")) {
            assertThat(world.chargesAtStripe(account)).containsExactly("failed 1000", "succeeded 1000");
        }
        assertThat(world.application.get(Verification.class).run())
                .filteredOn(check -> PROVED.contains(check.name()))
                .hasSize(PROVED.size())
                .allMatch(check -> check.holds());
    }

    /** Each account, what became of its invoice, and how many confirmations it was sent. */
    private List<String> told() {
        return world.jdbc.sql("""
                        select i.account || ' ' || i.status || ' '
                               || (select count(*) from notice n where n.account = i.account and n.kind = 'payment-succeeded')
                          from invoice i
                         order by i.account""").query(String.class).list();
    }

    private long count(String sql) {
        return world.jdbc.sql(sql).query(Long.class).single();
    }

    private String database() {
        return world.application.setting("spring.datasource.url");
    }

    private static void lock(java.sql.Connection connection, String account) throws SQLException {
        connection.setAutoCommit(false);
        try (var statement = connection.prepareStatement("select id from account where id = ? for update")) {
            statement.setString(1, account);
            statement.execute();
        }
    }

    /** A process of its own, on the database, the sandbox and the mail server of this test. */
    private Operator.Running serve() {
        var server = operator.start(
                List.of(
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx256m",
                        "-Dspring.datasource.url=" + database(),
                        "-Dspring.datasource.username=postgres",
                        "-DSTRIPE_API_KEY=sk_test_sandbox",
                        "-DSTRIPE_API_BASE=" + world.application.sandbox().stripeBase(),
                        "-Dspring.mail.host=127.0.0.1",
                        "-Dspring.mail.port=" + world.application.sandbox().smtpPort()),
                "serve",
                "--port",
                "0",
                "--json");
        assertThat(server.port()).isPositive();
        return server;
    }

    /** The event of an invoice that the customer has paid by himself, as Stripe sends it. */
    private String paidByTheCustomer(String account) throws Exception {
        var intent = world.jdbc
                .sql("select p.stripe_id from payment_intent p join invoice i on i.id = p.invoice where i.account = :a")
                .param("a", account)
                .query(String.class)
                .single();
        stripe.v1()
                .paymentIntents()
                .confirm(
                        intent,
                        PaymentIntentConfirmParams.builder()
                                .setPaymentMethod("pm_card_visa")
                                .build());
        var port = URI.create(world.application.sandbox().stripeBase()).getPort();
        var events = new Http(port, "sk_test_sandbox")
                .get("/v1/events?type=payment_intent.succeeded")
                .json()
                .at("/data");
        return events.get(0).toString();
    }

    private static String id(String event) {
        return StripeEvent.parse(event).id();
    }

    private static Http.Answer deliver(Operator.Running server, String event) throws Exception {
        return new Http(server.port(), null)
                .post("/webhooks/stripe", event, Map.of("Stripe-Signature", signature(event)));
    }

    private static HttpRequest request(Operator.Running server, String event) throws Exception {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/webhooks/stripe"))
                .header("Content-Type", "application/json")
                .header("Stripe-Signature", signature(event))
                .POST(HttpRequest.BodyPublishers.ofString(event))
                .build();
    }

    private static String signature(String event) throws Exception {
        return Webhook.Signature.generateSignatureHeader(event, Webhooks.SANDBOX_SECRET, NOW.getEpochSecond());
    }
}
