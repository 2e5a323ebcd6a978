package io.postpaid.events;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The seller's side: a real HTTP server that keeps what it gets, and answers as it is told. */
final class EventReceiver implements AutoCloseable {
    static final String SECRET = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    private static final Duration AWAITED_MAX = Duration.ofSeconds(30);

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Got> got = new ArrayList<>();
    private volatile Answering answering = call -> call.answer(204, "");

    /** A request; what was answered is 0 where it was not. */
    record Got(String id, String timestamp, String signature, String body, int answered) {
        JsonNode json() {
            return JsonMapper.shared().readTree(body);
        }

        String account() {
            return json().get("account").asString();
        }

        boolean taken() {
            return answered / 100 == 2;
        }
    }

    @FunctionalInterface
    interface Answering {
        void to(Call call) throws IOException;
    }

    /** A request that waits for its answer. */
    record Call(HttpExchange exchange, Got got, EventReceiver receiver) {
        void answer(int status, String text) throws IOException {
            // Kept first, so that nobody who has the answer looks before.
            receiver.keep(new Got(got.id(), got.timestamp(), got.signature(), got.body(), status));
            var bytes = text.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            if (bytes.length > 0) exchange.getResponseBody().write(bytes);
            exchange.close();
        }

        /** Closes the connection instead. */
        void hangUp() {
            receiver.keep(got);
            exchange.close();
        }
    }

    EventReceiver() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/events?token=in-the-address";
    }

    EventReceiver answering(Answering with) {
        answering = with;
        return this;
    }

    private void handle(HttpExchange exchange) throws IOException {
        var headers = exchange.getRequestHeaders();
        var got = new Got(
                headers.getFirst("webhook-id"),
                headers.getFirst("webhook-timestamp"),
                headers.getFirst("webhook-signature"),
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8),
                0);
        answering.to(new Call(exchange, got, this));
    }

    private void keep(Got one) {
        synchronized (got) {
            got.add(one);
            got.notifyAll();
        }
    }

    List<Got> got() {
        synchronized (got) {
            return List.copyOf(got);
        }
    }

    List<Got> taken() {
        return got().stream().filter(Got::taken).toList();
    }

    /** Waits until so many were taken. */
    List<Got> awaitTaken(int count) throws InterruptedException {
        long until = System.nanoTime() + AWAITED_MAX.toNanos();
        synchronized (got) {
            while (taken().size() < count && System.nanoTime() < until) got.wait(AWAITED_MAX.toMillis() / 10);
        }
        return taken();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
