package io.postpaid.web;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Sends each request to one of several servers that say that they are ready, and to another only where none takes the connection. */
final class Balancer implements AutoCloseable {
    private static final int LOOK_MILLIS = 100;
    private static final Set<String> OF_A_CONNECTION =
            Set.of("connection", "content-length", "host", "transfer-encoding", "upgrade", "http2-settings", "expect");

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<Integer> servers = new CopyOnWriteArrayList<>();
    private final List<Integer> ready = new CopyOnWriteArrayList<>();
    private final AtomicInteger turn = new AtomicInteger();
    private final HttpServer front;
    private final ScheduledExecutorService looking = Executors.newSingleThreadScheduledExecutor();

    Balancer() throws IOException {
        front = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        front.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        front.createContext("/", this::pass);
        front.start();
        looking.scheduleWithFixedDelay(this::look, 0, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    int port() {
        return front.getAddress().getPort();
    }

    void add(int server) {
        servers.add(server);
    }

    boolean isReady(int server) {
        return ready.contains(server);
    }

    private void look() {
        for (var server : servers) {
            if (says(server) && !ready.contains(server)) ready.add(server);
            else if (!says(server)) ready.remove(server);
        }
    }

    private boolean says(int server) {
        try {
            var asked = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server + "/ready"))
                    .build();
            return client.send(asked, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void pass(HttpExchange call) throws IOException {
        try (call) {
            var body = call.getRequestBody().readAllBytes();
            var answer = answer(call, body);
            answer.headers().map().forEach((name, values) -> {
                if (!OF_A_CONNECTION.contains(name.toLowerCase()))
                    call.getResponseHeaders().put(name, values);
            });
            call.sendResponseHeaders(answer.statusCode(), answer.body().length == 0 ? -1 : answer.body().length);
            if (answer.body().length > 0) call.getResponseBody().write(answer.body());
        } catch (IOException e) {
            call.getResponseHeaders().add("X-Why", String.valueOf(e));
            call.sendResponseHeaders(502, -1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private HttpResponse<byte[]> answer(HttpExchange call, byte[] body) throws IOException, InterruptedException {
        var tried = new java.util.ArrayList<>(ready);
        java.util.Collections.rotate(tried, turn.incrementAndGet());
        ConnectException refused = new ConnectException("no server is ready");
        for (var server : tried) {
            var sent = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server + call.getRequestURI()))
                    .method(call.getRequestMethod(), BodyPublishers.ofByteArray(body));
            call.getRequestHeaders().forEach((name, values) -> {
                if (!OF_A_CONNECTION.contains(name.toLowerCase())) values.forEach(value -> sent.header(name, value));
            });
            try {
                return client.send(sent.build(), BodyHandlers.ofByteArray());
            } catch (ConnectException e) {
                refused = e;
            }
        }
        throw refused;
    }

    @Override
    public void close() {
        looking.shutdownNow();
        front.stop(0);
    }
}
