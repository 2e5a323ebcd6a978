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
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The part of Stripe's HTTP interface that a biller uses. Here: who may ask, what was asked before under the same key,
 * and which operation is meant; the operations themselves stand in the classes named after their objects.
 */
final class StripeStandIn implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(StripeStandIn.class.getName());
    private static final int KEY_LENGTH_MAX = 255;
    private static final Answer FAILED =
            Answer.error(500, Refusal.error("api_error", "", "An unknown error occurred", ""));

    static {
        // The JDK's server reads this once. Without it each answer waits 40 ms for the client's delayed
        // acknowledgement.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    /** A request as it came, apart from its transport. */
    private record Request(String method, String path, Form form, String key, String authorization) {

        static Request of(HttpExchange exchange) throws IOException {
            var headers = exchange.getRequestHeaders();
            var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            var read = exchange.getRequestMethod().equals("GET");
            return new Request(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().getPath(),
                    Form.parse(read ? exchange.getRequestURI().getRawQuery() : body),
                    read
                            ? ""
                            : headers.getOrDefault("Idempotency-Key", List.of(""))
                                    .getFirst(),
                    headers.getOrDefault("Authorization", List.of("")).getFirst());
        }

        boolean writes() {
            return !method.equals("GET");
        }

        String print() {
            try {
                var digest = MessageDigest.getInstance("SHA-256");
                digest.update((method + ' ' + path + '\0').getBytes(StandardCharsets.UTF_8));
                return form.print(digest);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** An answer as it goes out. */
    private record Reply(int status, byte[] body, String requestId, boolean replayed) {

        static Reply of(Answer answer) {
            var requestId = "req_"
                    + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
            return new Reply(answer.status(), Json.bytes(answer.body()), requestId, false);
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

    int port() {
        return server.getAddress().getPort();
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
            var held = faults.now() ? late.poll() : null;
            if (held != null) takeEffectLate(held);
            var fault = faults.call(request.method() + " " + request.path());
            switch (fault) {
                case REQUEST_LOST -> {}
                case REQUEST_LATE -> holdBack(request);
                case ANSWER_LOST -> answer(request, fault);
                case SLOW -> {
                    pause();
                    send(exchange, request, answer(request, fault));
                }
                default -> send(exchange, request, answer(request, fault));
            }
        }
    }

    /** Under way, as far as anybody else with its key can tell. */
    private void holdBack(Request request) {
        if (request.key().isEmpty() || keysInUse.add(request.key())) late.add(request);
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
        if (!request.key().isEmpty()) {
            headers.set("Idempotency-Key", request.key());
        }
        if (reply.replayed()) {
            headers.set("Idempotent-Replayed", "true");
        }
        if (reply.status() >= 400 && reply.status() < 500) {
            headers.set("Stripe-Should-Retry", Boolean.toString(reply.status() == 409 || reply.lockTimeout()));
        }
        exchange.sendResponseHeaders(reply.status(), reply.body().length);
        exchange.getResponseBody().write(reply.body());
    }

    private Reply answer(Request request, OfCall fault) {
        switch (fault) {
            case BAD_GATEWAY -> {
                return Reply.of(Answer.error(502, Refusal.error("api_error", "", "Bad gateway", "")));
            }
            case FAILED_BEFORE -> {
                return Reply.of(FAILED);
            }
            case RATE_LIMITED -> {
                var message = "Request rate limit exceeded. Learn more at https://stripe.com/docs/rate-limits";
                return Reply.of(Answer.error(429, Refusal.error("invalid_request_error", "rate_limit", message, "")));
            }
            case LOCK_TIMEOUT -> {
                var message = "This object cannot be accessed right now because another API request or Stripe process"
                        + " is currently accessing it.";
                return Reply.of(Answer.error(429, Refusal.error("invalid_request_error", "lock_timeout", message, "")));
            }
            default -> {}
        }
        if (!request.authorization().matches("Bearer [sr]k_test_.+")) {
            return unauthorized(request);
        }
        if (request.key().length() > KEY_LENGTH_MAX) {
            return Reply.of(Answer.error(
                    400,
                    Refusal.error("invalid_request_error", "", "Idempotency keys may have up to 255 characters.", "")));
        }
        var keyed = !request.key().isEmpty();
        if (keyed && !keysInUse.add(request.key())) {
            return Reply.of(Answer.error(
                    409,
                    Refusal.error(
                            "invalid_request_error",
                            "idempotency_key_in_use",
                            "There is currently another in-progress request using this Idempotency Key (%s). Please try"
                                            .formatted(request.key())
                                    + " again later.",
                            "")));
        }
        try {
            return state.exclusively(() -> once(request, fault));
        } catch (IOException | RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, request.method() + " " + request.path(), e);
            return Reply.of(Answer.error(500, Refusal.error("api_error", "", "The sandbox failed: " + e, "")));
        } finally {
            if (keyed) {
                keysInUse.remove(request.key());
            }
        }
    }

    /** Answers from memory what was asked before under this key; what is new is executed and written, then answered. */
    private Reply once(Request request, OfCall fault) throws IOException {
        var now = clock.instant();
        var call = new Call(state, request.form(), idIn(request.path()), now, request.key());
        var print = request.print();
        var replay = request.key().isEmpty() ? null : state.replay(request.key(), now);
        if (replay != null && !replay.print().equals(print)) {
            return Reply.of(Answer.error(
                    400,
                    Refusal.error(
                            "idempotency_error",
                            "",
                            "Keys for idempotent requests can only be used with the same parameters and endpoint they"
                                    + " were first used with. Try using a key other than '" + request.key()
                                    + "' if you meant to execute a different request.",
                            "")));
        }
        if (replay != null) {
            return new Reply(replay.status(), replay.body(), call.requestId(), true);
        }
        settleRefunds(now);
        try {
            var answer = execute(request, call);
            return switch (fault) {
                case FAILED_BEHIND -> written(request, call, print, FAILED);
                case FAILED_WITHIN -> written(request, call.undone(), print, FAILED);
                default -> written(request, call, print, answer);
            };
        } catch (Refusal refusal) {
            if (!refusal.executed()) {
                return Reply.of(refusal.answer());
            }
            return written(request, call.undone(), print, refusal.answer());
        }
    }

    /** Pending refunds go on by the clock, whoever asks. */
    private void settleRefunds(Instant now) throws IOException {
        var call = new Call(state, Form.parse(""), "", now, "");
        Refunds.settle(call);
        var line = call.line("", Answer.ok(Json.MAPPER.createObjectNode()), new byte[0]);
        if (line == null) return;
        state.append(line);
        deliver(call);
    }

    private void deliver(Call call) throws IOException {
        var posting = deliveries;
        if (posting == null) return;
        for (var event : call.events()) {
            posting.deliver(Json.bytes(Objects.requireNonNull(state.find(event))), faults.deliveries());
        }
    }

    private Reply written(Request request, Call call, String print, Answer answer) throws IOException {
        if (!request.writes()) {
            return Reply.of(answer);
        }
        var body = Json.bytes(answer.body());
        var line = call.line(print, answer, body);
        if (line != null) {
            state.append(line);
        }
        deliver(call);
        return new Reply(answer.status(), body, call.requestId(), false);
    }

    private static Answer execute(Request request, Call call) throws IOException {
        return switch (request.method() + " " + template(request.path())) {
            case "POST /v1/customers" -> Customers.create(call);
            case "GET /v1/customers" -> Customers.list(call);
            case "GET /v1/customers/*" -> Customers.read(call);
            case "POST /v1/customers/*" -> Customers.update(call);
            case "GET /v1/customers/*/payment_methods" -> PaymentMethods.ofCustomer(call);
            case "POST /v1/payment_methods" -> PaymentMethods.create(call);
            case "GET /v1/payment_methods" -> PaymentMethods.list(call);
            case "GET /v1/payment_methods/*" -> PaymentMethods.read(call);
            case "POST /v1/payment_methods/*/attach" -> PaymentMethods.attach(call);
            case "POST /v1/payment_methods/*/detach" -> PaymentMethods.detach(call);
            case "POST /v1/setup_intents" -> SetupIntents.create(call);
            case "GET /v1/setup_intents/*" -> SetupIntents.read(call);
            case "POST /v1/setup_intents/*/confirm" -> SetupIntents.confirm(call);
            case "POST /v1/setup_intents/*/cancel" -> SetupIntents.cancel(call);
            case "POST /v1/payment_intents" -> PaymentIntents.create(call);
            case "GET /v1/payment_intents" -> PaymentIntents.list(call);
            case "GET /v1/payment_intents/*" -> PaymentIntents.read(call);
            case "POST /v1/payment_intents/*" -> PaymentIntents.update(call);
            case "POST /v1/payment_intents/*/confirm" -> PaymentIntents.confirm(call);
            case "POST /v1/payment_intents/*/cancel" -> PaymentIntents.cancel(call);
            case "GET /v1/charges" -> Charges.list(call);
            case "GET /v1/charges/*" -> Charges.read(call);
            case "POST /v1/refunds" -> Refunds.create(call);
            case "GET /v1/refunds" -> Refunds.list(call);
            case "GET /v1/refunds/*" -> Refunds.read(call);
            case "GET /v1/disputes" -> Disputes.list(call);
            case "GET /v1/disputes/*" -> Disputes.read(call);
            case "POST /v1/disputes/*" -> Disputes.update(call);
            case "POST /v1/disputes/*/close" -> Disputes.close(call);
            case "POST /v1/payouts" -> Payouts.create(call);
            case "GET /v1/payouts" -> Payouts.list(call);
            case "GET /v1/payouts/*" -> Payouts.read(call);
            case "GET /v1/balance_transactions" -> BalanceTransactions.list(call);
            case "GET /v1/balance_transactions/*" -> BalanceTransactions.read(call);
            case "GET /v1/events" -> Events.list(call);
            case "GET /v1/events/*" -> Events.read(call);
            default -> throw Refusal.unknownAddress(request.method(), request.path());
        };
    }

    /** The path with its id as a star. */
    private static String template(String path) {
        var id = idIn(path);
        return id.isEmpty() ? path : path.replaceFirst("^(/v1/[^/]+/)[^/]+", "$1*");
    }

    private static String idIn(String path) {
        var parts = path.split("/");
        return parts.length > 3 ? parts[3] : "";
    }

    private static Reply unauthorized(Request request) {
        var message = request.authorization().isEmpty()
                ? "You did not provide an API key. You need to provide your API key in the Authorization header, using"
                        + " Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY')."
                : "Invalid API Key provided: the sandbox takes test keys only, such as sk_test_x.";
        return Reply.of(Answer.error(401, Refusal.error("invalid_request_error", "", message, "")));
    }
}
