package io.postpaid.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.support.TestDatabase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What a receiver may do to the deliveries, and what becomes of them. */
@ExtendWith(OutputCaptureExtension.class)
class EventDeliveryTest {
    private static final Instant NOW = Instant.parse("2026-11-01T08:00:00Z");
    private static final Duration SHORT = Duration.ofMillis(400);
    private static final Duration OFF_AFTER = Duration.ofDays(5);

    private final DataSource database = TestDatabase.createDataSource();
    private final JdbcClient jdbc = JdbcClient.create(database);
    private final BillingClock clock = new BillingClock(NOW);
    private final EventReceiver receiver = new EventReceiver();
    private final Deliverer deliverer = new Deliverer(database, receiver.url(), clock, SHORT, OFF_AFTER);
    private final Events events = deliverer.events;

    @BeforeEach
    void accounts() {
        jdbc.sql("""
                insert into account (id, name, email, currency, monthly_limit, free_credit, created_on)
                values ('acme', 'A', 'a@a.test', 'USD', 0, 0, date '2026-01-01'),
                       ('beta', 'B', 'b@b.test', 'USD', 0, 0, date '2026-01-01')""").update();
    }

    @AfterEach
    void close() {
        deliverer.close();
        receiver.close();
    }

    private void raise(String account) {
        jdbc.sql("update account set monthly_limit = monthly_limit + 1 where id = :id")
                .param("id", account)
                .update();
    }

    private void pass(Duration time) {
        clock.setTo(clock.instant().plus(time));
    }

    private List<String> states(String account) {
        return events.list(new Events.Filter(account, null, null), Long.MAX_VALUE, 100).reversed().stream()
                .map(entry -> entry.type() + " " + entry.state())
                .toList();
    }

    @Test
    void whatFollowsARefusedEventOfAnAccountWaitsAndOtherAccountsGoOn() {
        receiver.answering(
                call -> call.answer(call.got().account().equals("acme") ? 503 : 200, "not \u001b[31mnow\u0000"));
        raise("acme");
        raise("beta");
        assertThat(events.deliver()).isEqualTo(new Delivered.Tried(2, 1));
        assertThat(states("acme")).containsExactly("account.created WAITING", "limit.changed WAITING");
        assertThat(states("beta")).containsExactly("account.created DELIVERED", "limit.changed DELIVERED");
        var refused = events.list(new Events.Filter("acme", "account.created", null), Long.MAX_VALUE, 9)
                .getFirst();
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.answer()).isEqualTo("not [31mnow");
        assertThat(refused.nextTryAt()).isEqualTo(NOW.plusSeconds(5));

        raise("beta");
        assertThat(events.deliverDue(() -> true)).isEqualTo(new Delivered.Tried(1, 0));
        receiver.answering(call -> call.answer(204, ""));
        pass(Duration.ofSeconds(5));
        assertThat(events.deliverDue(() -> true)).isEqualTo(new Delivered.Tried(2, 0));
        assertThat(events.attempts(refused.id()))
                .extracting(Events.Attempt::status)
                .containsExactly(503, 204);
    }

    @Test
    void aReceiverThatTakesNothingForDaysIsSwitchedOffAndOnAgain(CapturedOutput log) {
        receiver.answering(call -> call.answer(500, ""));
        for (int hours = 0; hours <= 5 * 24; hours += 5) {
            assertThat(events.deliver()).isEqualTo(new Delivered.Tried(0, 2));
            pass(Duration.ofHours(5));
        }
        assertThat(events.deliver()).isInstanceOf(Delivered.SwitchedOff.class);
        assertThat(log.getAll()).containsOnlyOnce("ERROR").contains("./postpaid events resume");
        assertThat(log.getAll()).doesNotContain("in-the-address").doesNotContain(EventReceiver.SECRET);
        int before = receiver.got().size();
        raise("acme");
        assertThat(events.deliver()).isInstanceOf(Delivered.SwitchedOff.class);
        assertThat(receiver.got()).hasSize(before);
        assertThat(events.status().waiting()).isEqualTo(3);

        receiver.answering(call -> call.answer(200, ""));
        assertThat(events.resume(false)).isZero();
        assertThat(events.deliver()).isEqualTo(new Delivered.Tried(3, 0));
        assertThat(events.status().offSince()).isNull();
        assertThat(audited()).containsExactly("off_because", "off_because");
    }

    private List<String> audited() {
        return jdbc.sql("""
                        select key from audit_entry, jsonb_object_keys(after) key
                         where what = 'event_receiver' and key like '%because' order by id""").query(String.class).list();
    }

    @Test
    void whatWaitsIsLeftOutWhereThatIsWanted() {
        receiver.answering(call -> call.answer(410, ""));
        events.deliver();
        assertThat(events.deliver()).isEqualTo(new Delivered.SwitchedOff("it answered 410 Gone"));
        receiver.answering(call -> call.answer(200, ""));
        assertThat(events.resume(true)).isEqualTo(2);
        raise("acme");
        assertThat(events.deliver()).isEqualTo(new Delivered.Tried(1, 0));
        assertThat(states("acme")).containsExactly("account.created SKIPPED", "limit.changed DELIVERED");
    }

    @Test
    void anEventThatAloneIsRefusedForDaysIsGivenUpAndCanBeSentAgain() {
        receiver.answering(
                call -> call.answer(call.got().body().contains("\"account.created\",\"position\":1,") ? 400 : 200, ""));
        raise("acme");
        var first = events.after(0, null, 1).getFirst();
        for (int hours = 0; hours <= 5 * 24; hours += 5) {
            raise("beta");
            events.deliver();
            pass(Duration.ofHours(5));
        }
        assertThat(states("acme")).containsExactly("account.created GIVEN_UP", "limit.changed DELIVERED");
        assertThat(events.status().givenUp()).isEqualTo(1);
        assertThat(events.sendAgain(first.id())).map(Events.Attempt::status).contains(400);
        receiver.answering(call -> call.answer(200, ""));
        assertThat(events.sendAgain(first.id())).map(Events.Attempt::status).contains(200);
        assertThat(states("acme").getFirst()).isEqualTo("account.created DELIVERED");
        assertThat(events.sendAgain(first.id())).map(Events.Attempt::delivered).contains(true);
        assertThat(receiver.taken().stream().filter(got -> got.id().equals(first.id())))
                .hasSize(2);
    }

    @Test
    void oneThatWaitsIsNotSentBeforeThoseInFrontOfIt() {
        receiver.answering(call -> call.answer(500, ""));
        raise("acme");
        events.deliver();
        var last = events.list(new Events.Filter("acme", null, null), Long.MAX_VALUE, 1)
                .getFirst();
        receiver.answering(call -> call.answer(200, ""));
        assertThat(events.sendAgain(last.id())).isEqualTo(Optional.empty());
        assertThat(receiver.taken()).isEmpty();
        events.deliverDue(() -> true);
        assertThat(receiver.taken().stream()
                        .filter(got -> got.account().equals("acme"))
                        .map(got -> got.json().get("type").asString()))
                .containsExactly("account.created", "limit.changed");
        assertThatThrownBy(() -> events.sendAgain("evt_" + "0".repeat(32))).hasMessageContaining("There is no event");
        assertThatThrownBy(() -> events.sendAgain("evt_'; drop table account"))
                .hasMessageContaining("There is no event");
    }

    /** Of a thousand accounts not each finds out by itself that nobody is there. */
    @Test
    void aReceiverThatIsDownIsLeftAloneForAMinute() {
        jdbc.sql("""
                insert into account (id, name, email, currency, monthly_limit, free_credit, created_on)
                select 'many-' || n, 'A', 'a@a.test', 'USD', 0, 0, date '2026-01-01' from generate_series(1, 200) n""").update();
        receiver.answering(EventReceiver.Call::hangUp);
        assertThat(events.deliver())
                .isInstanceOfSatisfying(
                        Delivered.Tried.class,
                        tried -> assertThat(tried.refused()).isBetween(20, 40));
        assertThat(events.deliverDue(() -> true)).isEqualTo(new Delivered.Later());
        receiver.answering(call -> call.answer(200, ""));
        pass(Duration.ofMinutes(1));
        assertThat(events.deliverDue(() -> true)).isEqualTo(new Delivered.Tried(202, 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"silence", "drip", "flood", "headers", "noise", "redirect", "close"})
    void aHostileReceiverTakesLittleTimeAndLittleMemory(String way) throws IOException {
        try (var hostile = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                var own = new Deliverer(
                        database, "http://127.0.0.1:" + hostile.getLocalPort() + "/", clock, SHORT, OFF_AFTER)) {
            Thread.ofVirtual().start(() -> serve(hostile, way));
            long began = System.nanoTime();
            assertThat(own.events.deliver()).isEqualTo(new Delivered.Tried(0, 2));
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(SHORT.multipliedBy(8));
            assertThat(receiver.got()).isEmpty();
            assertThat(own.events.list(new Events.Filter(null, null, null), Long.MAX_VALUE, 9))
                    .allSatisfy(entry -> {
                        assertThat(entry.state()).isEqualTo(EventState.WAITING);
                        assertThat(entry.answer()).hasSizeBetween(0, 500).doesNotContain("\u0000");
                    });
        }
    }

    private void serve(ServerSocket hostile, String way) {
        while (!hostile.isClosed()) {
            try {
                var socket = hostile.accept();
                Thread.ofVirtual().start(() -> answer(socket, way));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void answer(Socket socket, String way) {
        try (socket;
                var out = socket.getOutputStream()) {
            socket.getInputStream().read(new byte[10_000]);
            switch (way) {
                case "silence" -> LockSupport.parkNanos(SHORT.multipliedBy(20).toNanos());
                case "drip" -> {
                    out.write(bytes("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"));
                    repeat(out, "x", 20_000_000);
                }
                case "flood" -> {
                    out.write(bytes("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"));
                    repeat(out, "x".repeat(100_000), 0);
                }
                case "headers" -> {
                    out.write(bytes("HTTP/1.1 200 OK\r\n"));
                    repeat(out, "A: " + "x".repeat(10_000) + "\r\n", 0);
                }
                case "noise" -> repeat(out, "\u0000\u0001\r\n\u001b[2J", 0);
                case "redirect" ->
                    out.write(bytes(
                            "HTTP/1.1 307 Elsewhere\r\nLocation: " + receiver.url() + "\r\nContent-Length: 0\r\n\r\n"));
                default -> {}
            }
        } catch (IOException e) {
            // It was hung up on.
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void repeat(java.io.OutputStream out, String text, long nanos) throws IOException {
        for (int i : IntStream.range(0, 100_000).toArray()) {
            out.write(bytes(text));
            out.flush();
            if (nanos > 0) LockSupport.parkNanos(nanos + i);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://a.test/x", "a.test", "http://user:word@a.test/", "http:///x", "http://a b/"})
    void anAddressThatIsNoneIsRefusedWithoutBeingShown(String url) {
        assertThatThrownBy(() -> new EventSettings(url, EventReceiver.SECRET, OFF_AFTER))
                .hasMessageContaining("POSTPAID_EVENTS_URL")
                .hasMessageNotContaining(url);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "whsec_c2hvcnQ=",
                "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
                "whsec_not base64 at all, is it"
            })
    void aSecretThatIsNoneIsRefusedWithoutBeingShown(String secret) {
        assertThatThrownBy(() -> new EventSettings("https://a.test/", secret, OFF_AFTER))
                .hasMessageContaining("POSTPAID_EVENTS_SECRET")
                .hasMessageNotContaining(secret);
    }

    /** The example of the specification's reference implementations. */
    @Test
    void aSignatureIsThatOfTheSpecification() {
        var body = bytes("{\"test\": 2432232314}");
        assertThat(new Signer("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
                        .signature("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body))
                .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        assertThat(new Signer("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw " + EventReceiver.SECRET)
                        .signature("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body))
                .matches("v1,g0hM9SsE\\+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE= v1,[A-Za-z0-9+/]{43}=");
    }
}
