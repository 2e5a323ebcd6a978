package io.postpaid.usage.bucket;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** The part of S3 that inboxes and documents use, over real HTTP with paths as other providers have them. Signatures are not checked. */
public final class S3StandIn implements AutoCloseable {
    static {
        System.setProperty("sun.net.httpserver.nodelay", "true");
        System.setProperty("aws.accessKeyId", "AKIDEXAMPLE");
        System.setProperty("aws.secretAccessKey", "wJalrXUtnFEMI-secret");
    }

    private static final byte[] NOTHING = {};

    private final HttpServer server;
    private final Map<String, NavigableMap<String, byte[]>> buckets = new HashMap<>();
    private final Queue<Integer> failures = new ArrayDeque<>();
    /** As {@code GET key 0-999}, in their order. */
    public final List<String> requests = new CopyOnWriteArrayList<>();

    private volatile int pageSize = 1000;
    private volatile int cuts;
    private volatile int cutAfter;
    private volatile boolean ranges = true;

    public S3StandIn() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::serve);
        server.start();
    }

    public String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    public synchronized S3StandIn put(String bucket, String key, String content) {
        buckets.computeIfAbsent(bucket, _ -> new TreeMap<>()).put(key, content.getBytes(UTF_8));
        return this;
    }

    public synchronized List<String> keys(String bucket) {
        return List.copyOf(buckets.getOrDefault(bucket, new TreeMap<>()).keySet());
    }

    public synchronized byte[] content(String bucket, String key) {
        return Objects.requireNonNull(
                Objects.requireNonNull(buckets.get(bucket)).get(key));
    }

    public synchronized void remove(String bucket, String key) {
        buckets.getOrDefault(bucket, new TreeMap<>()).remove(key);
    }

    void pagesOf(int keys) {
        pageSize = keys;
    }

    /** The next requests fail with these. */
    public synchronized void fail(Integer... statuses) {
        failures.addAll(List.of(statuses));
    }

    /** So many answers with an object break off behind so many bytes. */
    void cut(int answers, int bytes) {
        cuts = answers;
        cutAfter = bytes;
    }

    void knowNoRanges() {
        ranges = false;
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            var body = exchange.getRequestBody().readAllBytes();
            synchronized (this) {
                answer(exchange, body);
            }
        }
    }

    private void answer(HttpExchange exchange, byte[] body) throws IOException {
        var path = exchange.getRequestURI().getRawPath().substring(1).split("/", 2);
        var key = path.length < 2 ? "" : decoded(path[1]);
        var headers = exchange.getRequestHeaders();
        var range = headers.getFirst("Range");
        requests.add("%s %s%s"
                .formatted(exchange.getRequestMethod(), key, range == null ? "" : range.replace("bytes=", " ")));
        var objects = buckets.get(path[0]);
        var failure = failures.poll();
        if (failure != null) {
            refuse(exchange, failure, failure == 503 ? "SlowDown" : "AccessDenied");
        } else if (headers.getFirst("Authorization") == null) {
            refuse(exchange, 403, "AccessDenied");
        } else if (objects == null) {
            refuse(exchange, 404, "NoSuchBucket");
        } else if (key.isEmpty()) {
            list(exchange, path[0], objects);
        } else if (exchange.getRequestMethod().equals("PUT")) {
            objects.put(key, body);
            exchange.getResponseHeaders().set("ETag", etag(body));
            exchange.sendResponseHeaders(200, -1);
        } else {
            object(exchange, objects, key);
        }
    }

    private void object(HttpExchange exchange, NavigableMap<String, byte[]> objects, String key) throws IOException {
        var content = objects.get(key);
        if (content == null) {
            refuse(exchange, 404, "NoSuchKey");
            return;
        }
        var condition = exchange.getRequestHeaders().getFirst("If-Match");
        if (condition != null && !condition.equals(etag(content))) {
            refuse(exchange, 412, "PreconditionFailed");
            return;
        }
        exchange.getResponseHeaders().set("ETag", etag(content));
        switch (exchange.getRequestMethod()) {
            case "DELETE" -> {
                objects.remove(key);
                exchange.sendResponseHeaders(204, -1);
            }
            case "HEAD" -> {
                exchange.getResponseHeaders().set("Content-Length", Integer.toString(content.length));
                exchange.sendResponseHeaders(200, -1);
            }
            default -> content(exchange, content);
        }
    }

    private void content(HttpExchange exchange, byte[] content) throws IOException {
        var range = exchange.getRequestHeaders().getFirst("Range");
        int from = 0;
        int to = content.length - 1;
        if (range != null && ranges) {
            var ends = range.replace("bytes=", "").split("-");
            from = Integer.parseInt(ends[0]);
            to = Math.min(to, Integer.parseInt(ends[1]));
            exchange.getResponseHeaders().set("Content-Range", "bytes %d-%d/%d".formatted(from, to, content.length));
        }
        var part = Arrays.copyOfRange(content, from, to + 1);
        exchange.sendResponseHeaders(range != null && ranges ? 206 : 200, part.length);
        if (cuts > 0 && part.length > cutAfter) {
            cuts--;
            part = Arrays.copyOf(part, cutAfter);
        }
        exchange.getResponseBody().write(part);
        exchange.getResponseBody().flush();
    }

    private void list(HttpExchange exchange, String bucket, NavigableMap<String, byte[]> objects) throws IOException {
        var query = query(exchange);
        if (!"2".equals(query.get("list-type"))) {
            refuse(exchange, 501, "NotImplemented");
            return;
        }
        var prefix = query.getOrDefault("prefix", "");
        var token = query.get("continuation-token");
        var behind = token == null ? "" : new String(Base64.getDecoder().decode(token), UTF_8);
        var keys = objects.tailMap(behind, false).keySet().stream()
                .filter(key -> key.startsWith(prefix))
                .toList();
        var page = keys.subList(0, Math.min(pageSize, keys.size()));
        var xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ListBucketResult><Name>" + bucket
                + "</Name><EncodingType>url</EncodingType>");
        if (page.size() < keys.size()) {
            xml.append("<IsTruncated>true</IsTruncated><NextContinuationToken>")
                    .append(Base64.getEncoder().encodeToString(page.getLast().getBytes(UTF_8)))
                    .append("</NextContinuationToken>");
        } else {
            xml.append("<IsTruncated>false</IsTruncated>");
        }
        objects.forEach((key, content) -> {
            if (page.contains(key)) xml.append(entry(key, content));
        });
        send(exchange, 200, xml.append("</ListBucketResult>").toString());
    }

    private static String entry(String key, byte[] content) {
        return "<Contents><Key>%s</Key><LastModified>2026-10-01T00:00:00.000Z</LastModified><ETag>%s</ETag><Size>%d</Size></Contents>"
                .formatted(URLEncoder.encode(key, UTF_8), etag(content).replace("\"", "&quot;"), content.length);
    }

    private static Map<String, String> query(HttpExchange exchange) {
        var parameters = new HashMap<String, String>();
        for (var parameter : exchange.getRequestURI().getRawQuery().split("&")) {
            var sides = parameter.split("=", 2);
            parameters.put(sides[0], sides.length < 2 ? "" : decoded(sides[1]));
        }
        return parameters;
    }

    private static String decoded(@Nullable String text) {
        return URLDecoder.decode(String.valueOf(text).replace("+", "%2B"), UTF_8);
    }

    private static void refuse(HttpExchange exchange, int status, String code) throws IOException {
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        send(
                exchange,
                status,
                "<Error><Code>%s</Code><Message>The stand-in says %s</Message></Error>".formatted(code, code));
    }

    private static void send(HttpExchange exchange, int status, String xml) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/xml");
        var bytes = status == 204 ? NOTHING : xml.getBytes(UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static String etag(byte[] content) {
        try {
            return '"'
                    + HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(content))
                    + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
