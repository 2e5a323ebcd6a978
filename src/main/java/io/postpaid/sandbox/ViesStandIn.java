package io.postpaid.sandbox;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.node.ObjectNode;

/** The REST interface of VIES, where every tax id is registered unless it is said otherwise. It forgets all when it is closed. */
public final class ViesStandIn implements AutoCloseable {
    /** Answers nothing, and keeps the connection. */
    public static final String HANGS = "hangs";
    /** Closes the connection instead of answering. */
    public static final String LOST = "lost";
    /** The answer of who is there, but does not know the id. */
    public static final String INVALID = "INVALID";

    private static final String VALID = "VALID";
    private static final String PATH = "/taxation_customs/vies/rest-api/check-vat-number";
    private static final Pattern COUNTRY = Pattern.compile("[A-Z]{2}");
    private static final Pattern NUMBER = Pattern.compile("[0-9A-Za-z+*.]{2,12}");
    private static final String UNKNOWN = "---";
    private static final int BODY_MAX = 10_000;

    /** Something that is no answer of VIES. */
    private record Raw(int status, String body) {}

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final InstantSource clock;
    private final Map<String, Object> answers = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final AtomicLong consultations = new AtomicLong();
    private final CountDownLatch closed = new CountDownLatch(1);

    private ViesStandIn(HttpServer server, InstantSource clock) {
        this.server = server;
        this.clock = clock;
    }

    public static ViesStandIn start(InstantSource clock) {
        try {
            var loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
            var standIn = new ViesStandIn(HttpServer.create(new InetSocketAddress(loopback, 0), 0), clock);
            standIn.server.setExecutor(standIn.threads);
            standIn.server.createContext("/", standIn::serve);
            standIn.server.start();
            return standIn;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start the sandbox's VIES", e);
        }
    }

    public String base() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /**
     * From now on this is said of a tax id, or of all of a country.
     *
     * @param id such as {@code DE129273398} or {@code DE}
     * @param answer {@code VALID}, {@link #INVALID}, an error such as {@code MS_UNAVAILABLE}, {@link #HANGS} or {@link #LOST}
     */
    public void say(String id, String answer) {
        answers.put(id, answer);
    }

    /** From now on this comes back for a tax id, which need not be what VIES ever says. */
    public void sendBack(String id, int status, String body) {
        answers.put(id, new Raw(status, body));
    }

    /** What was asked for so far, with what for whom: {@code DE129273398 by SE556677889901}. */
    public List<String> asked() {
        return List.copyOf(asked);
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.close();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!exchange.getRequestURI().getPath().equals(PATH)
                    || !exchange.getRequestMethod().equals("POST")) {
                send(exchange, 404, "");
                return;
            }
            var question = question(exchange);
            var country = Tree.text(question, "countryCode");
            var number = Tree.text(question, "vatNumber");
            var id = country + number;
            var requester = Tree.text(question, "requesterMemberStateCode") + Tree.text(question, "requesterNumber");
            asked.add(id + (requester.isEmpty() ? "" : " by " + requester));
            var answer = answers.getOrDefault(id, answers.getOrDefault(country, VALID));
            if (answer instanceof Raw(var status, var body)) {
                send(exchange, status, body);
                return;
            }
            switch (String.valueOf(answer)) {
                case HANGS -> hang();
                case LOST -> {}
                case VALID, INVALID -> {
                    if (COUNTRY.matcher(country).matches()
                            && NUMBER.matcher(number).matches()) {
                        boolean valid = answer.equals(VALID);
                        send(
                                exchange,
                                200,
                                answered(country, number, valid, !requester.isEmpty())
                                        .toString());
                    } else {
                        send(exchange, 400, failed("INVALID_INPUT"));
                    }
                }
                default -> send(exchange, 200, failed(answer.toString()));
            }
        }
    }

    private static ObjectNode question(HttpExchange exchange) throws IOException {
        try {
            return Tree.object(exchange.getRequestBody().readNBytes(BODY_MAX));
        } catch (JacksonException | ClassCastException e) {
            return Tree.MAPPER.createObjectNode();
        }
    }

    private ObjectNode answered(String country, String number, boolean valid, boolean numbered) {
        return Tree.MAPPER
                .createObjectNode()
                .put("countryCode", country)
                .put("vatNumber", number)
                .put("requestDate", clock.instant().toString())
                .put("valid", valid)
                .put(
                        "requestIdentifier",
                        numbered && valid ? "WAPI%012d".formatted(consultations.incrementAndGet()) : "")
                .put("name", UNKNOWN)
                .put("address", UNKNOWN)
                .put("traderName", UNKNOWN)
                .put("traderNameMatch", "NOT_PROCESSED");
    }

    private static String failed(String error) {
        var body = Tree.MAPPER.createObjectNode().put("actionSucceed", false);
        body.putArray("errorWrappers").addObject().put("error", error);
        return body.toString();
    }

    private void hang() {
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
