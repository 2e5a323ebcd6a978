package io.postpaid.sandbox;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.postpaid.sandbox.Faults.OfCall;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The part of Stripe's HTTP interface that a biller uses. Here: who may ask, what goes wrong on the way, and what was
 * asked before under the same key.
 */
final class StripeStandIn implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(StripeStandIn.class.getName());

    static {
        // The JDK's server reads this once. Without it each answer waits 40 ms for the client's delayed
        // acknowledgement.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    /** An answer as it goes out. */
    private record Reply(int status, byte[] body, String requestId, boolean replayed) {

        static Reply of(int status, ObjectNode body) {
            var requestId = "req_"
                    + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
            return new Reply(status, Tree.bytes(body), requestId, false);
        }

        static Reply of(Refusal refusal) {
            return of(refusal.status(), refusal.body());
        }

        boolean lockTimeout() {
            return status == 429 && new String(body, StandardCharsets.UTF_8).contains("\"lock_timeout\"");
        }
    }

    private final HttpServer server;
    private final ExecutorService threads;
    private final Path journal;
    private final InstantSource clock;
    private final Set<String> keysInUse = ConcurrentHashMap.newKeySet();
    private final Queue<Request> late = new ConcurrentLinkedQueue<>();
    private volatile StripeState state;
    private volatile Faults faults = Faults.NONE;
    private volatile @Nullable Deliveries deliveries;

    private StripeStandIn(HttpServer server, Path journal, InstantSource clock) {
        this.server = server;
        this.journal = journal;
        this.state = new StripeState(journal);
        this.clock = clock;
        this.threads = Executors.newVirtualThreadPerTaskExecutor();
    }

    static StripeStandIn start(Path journal, InstantSource clock) throws IOException {
        var loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        var server = HttpServer.create(new InetSocketAddress(loopback, 0), 0);
        var standIn = new StripeStandIn(server, journal, clock);
        server.setExecutor(standIn.threads);
        server.createContext("/", standIn::serve);
        server.start();
        return standIn;
    }

    String base() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** From now on this goes wrong; what an earlier fault held back takes effect. */
    void suffer(Faults faults) {
        this.faults = faults;
        for (var request = late.poll(); request != null; request = late.poll()) takeEffectLate(request);
    }

    /** Events go to this endpoint, from now on. */
    void deliverTo(URI endpoint) {
        deliveries = new Deliveries(endpoint, Sandbox.WEBHOOK_SECRET, clock);
    }

    /** Nothing ever happened. */
    void forget() throws IOException {
        suffer(Faults.NONE);
        state.close();
        Files.deleteIfExists(journal);
        state = new StripeState(journal);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
        suffer(Faults.NONE);
        var posting = deliveries;
        if (posting != null) posting.close();
        try {
            state.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void serve(HttpExchange exchange) throws IOException {
        // Closed without an answer, the exchange takes its connection with it.
        try (exchange) {
            var request = Request.of(exchange);
            if (HostedPages.at(request.path())) {
                browse(exchange, request);
                return;
            }
            var held = faults.now() ? late.poll() : null;
            if (held != null) takeEffectLate(held);
            var fault = faults.call(request.method() + " " + request.path());
            switch (fault) {
                case REQUEST_LOST -> {}
                case REQUEST_LATE -> {
                    // Under way, as far as anybody else with its key can tell.
                    if (request.key().isEmpty() || keysInUse.add(request.key())) late.add(request);
                }
                case ANSWER_LOST -> answer(request, fault);
                default -> {
                    if (fault == OfCall.SLOW) pause();
                    send(exchange, request, answer(request, fault));
                }
            }
        }
    }

    /** A customer's browser, which has no key. */
    private void browse(HttpExchange exchange, Request request) throws IOException {
        var page = state.exclusively(() -> {
            var call = new Call(state, request.form(), request.id(), clock.instant(), "", base());
            var drawn = HostedPages.answer(request, call);
            keep(call, "", 0, Tree.MAPPER.createObjectNode());
            return drawn;
        });
        page.send(exchange);
    }

    private void takeEffectLate(Request request) {
        keysInUse.remove(request.key());
        answer(request, OfCall.NONE);
    }

    private void pause() {
        try {
            Thread.sleep(faults.pause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void send(HttpExchange exchange, Request request, Reply reply) throws IOException {
        var headers = exchange.getResponseHeaders();
        headers.set("Content-Type", "application/json");
        headers.set("Request-Id", reply.requestId());
        headers.set("Stripe-Version", Call.API_VERSION);
        if (!request.key().isEmpty()) headers.set("Idempotency-Key", request.key());
        if (reply.replayed()) headers.set("Idempotent-Replayed", "true");
        if (reply.status() >= 400 && reply.status() < 500) {
            headers.set("Stripe-Should-Retry", Boolean.toString(reply.status() == 409 || reply.lockTimeout()));
        }
        exchange.sendResponseHeaders(reply.status(), reply.body().length);
        exchange.getResponseBody().write(reply.body());
    }

    private Reply answer(Request request, OfCall fault) {
        var refusal = request.refusal(fault);
        if (refusal != null) return Reply.of(refusal);
        var keyed = !request.key().isEmpty();
        if (keyed && !keysInUse.add(request.key())) {
            return Reply.of(Refusal.of(
                    409,
                    "idempotency_key_in_use",
                    "There is currently another in-progress request using this Idempotency Key (" + request.key()
                            + "). Please try again later."));
        }
        try {
            return state.exclusively(() -> once(request, fault));
        } catch (IOException | RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, request.method() + " " + request.path(), e);
            return Reply.of(Refusal.failure(500, "The sandbox failed: " + e));
        } finally {
            if (keyed) keysInUse.remove(request.key());
        }
    }

    /** Answers from memory what was asked before under this key; what is new is executed and written, then answered. */
    private Reply once(Request request, OfCall fault) throws IOException {
        var now = clock.instant();
        var print = request.print();
        var replay = request.key().isEmpty() ? null : state.replay(request.key(), now);
        if (replay != null && !replay.print().equals(print)) {
            return Reply.of(Refusal.keyReused(
                    "Keys for idempotent requests can only be used with the same parameters and endpoint they were first"
                            + " used with. Try using a key other than '" + request.key()
                            + "' if you meant to execute a different request."));
        }
        if (replay == null) settle(now);
        var call = new Call(state, request.form(), request.id(), now, request.key(), base());
        if (replay != null) return new Reply(replay.status(), replay.body(), call.requestId(), true);
        try {
            var body = Calls.execute(request.method(), request.path(), call);
            return switch (fault) {
                case FAILED_BEHIND -> written(request, call, print, Refusal.FAILED.status(), Refusal.FAILED.body());
                case FAILED_WITHIN ->
                    written(request, call.undone(), print, Refusal.FAILED.status(), Refusal.FAILED.body());
                default -> written(request, call, print, call.status(), body);
            };
        } catch (Refusal refusal) {
            return refusal.executed()
                    ? written(request, call.undone(), print, refusal.status(), refusal.body())
                    : Reply.of(refusal);
        }
    }

    /** Pending refunds and payouts go on by the clock, whoever asks. */
    private void settle(Instant now) throws IOException {
        var call = new Call(state, Form.parse(""), "", now, "", base());
        ChargeRefunds.settle(call);
        Payouts.settle(call);
        keep(call, "", 0, Tree.MAPPER.createObjectNode());
    }

    private Reply written(Request request, Call call, String print, int status, ObjectNode body) throws IOException {
        if (!request.writes()) return Reply.of(status, body);
        keep(call, print, status, body);
        return new Reply(status, Tree.bytes(body), call.requestId(), false);
    }

    /** Makes the call's effect last, and then delivers its events. */
    private void keep(Call call, String print, int status, ObjectNode body) throws IOException {
        var line = call.line(print, status, body);
        if (line != null) state.append(line);
        var posting = deliveries;
        if (posting == null) return;
        for (var event : call.events()) {
            posting.deliver(Tree.bytes(Objects.requireNonNull(state.find(event))), faults.deliveries());
        }
    }
}
