package io.postpaid.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.Postpaid;
import io.postpaid.support.Operator;
import io.postpaid.web.key.ApiKeys;
import io.postpaid.web.key.Role;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * How many calls a second a serving process lets through and settles, asked by this one over HTTP with a key of
 * the seller's servers: {@code ./mvnw test -Dtest=GateLoad -Dload=10}, in seconds of each measurement.
 */
@EnabledIfSystemProperty(named = "load", matches = "\\d+")
class GateLoad {
    private static final int SECONDS = Integer.getInteger("load", 10);
    private static final int ACCOUNTS = 1_000;
    private static final int CLIENTS = 64;

    @TempDir
    private Path folder;

    private final AtomicInteger keys = new AtomicInteger();
    private String base = "";
    private String secret = "";

    @Test
    void pairsASecond() throws Exception {
        Files.writeString(folder.resolve("prices.yaml"), """
                currency: USD
                products:
                  audio: {unit: second, listed_per: 60, listed_unit: minute}
                prices:
                  - {product: audio, effective_from: 2026-01-01, amount: "0.0639", per: 60}
                """);
        Files.write(folder.resolve("accounts.csv"), (Iterable<String>) IntStream.rangeClosed(0, ACCOUNTS)
                .mapToObj(n -> n == 0
                        ? "id,name,email,monthly_limit,payment_method"
                        : "a%d,A%d,a%d@load.test,1000000,pm_card_visa".formatted(n, n, n))::iterator);
        try (var operator = new Operator(folder.resolve("home"), "2026-10-20T12:00:00Z")) {
            operator.must("prices", "import", "../prices.yaml");
            operator.must("accounts", "import", "../accounts.csv");
            secret = secret(operator);
            var accounts =
                    IntStream.rangeClosed(1, ACCOUNTS).mapToObj(n -> "a" + n).toList();
            var serving = operator.start(List.of("-XX:+UseParallelGC", "-Xmx512m"), "serve", "--port", "0", "--json");
            try {
                System.setProperty("http.maxConnections", Integer.toString(CLIENTS));
                base = "http://127.0.0.1:" + serving.port() + "/v1/authorizations";
                measure("warm-up", accounts, 2 * SECONDS, 0);
                long peak = measure("1,000 accounts", accounts, SECONDS, 0);
                measure("1,000 accounts at half of that", accounts, SECONDS, (int) (peak / 2));
                measure("one account", accounts.subList(0, 1), SECONDS, 0);
            } finally {
                serving.killAfter(Duration.ZERO);
            }
        }
    }

    private static String secret(Operator operator) {
        try (var context = new SpringApplicationBuilder(Postpaid.class)
                .web(WebApplicationType.NONE)
                .lazyInitialization(true)
                .properties(Map.of(
                        "POSTPAID_HOME", operator.home().toString(),
                        "STRIPE_API_KEY", "sk_test_unused",
                        "spring.mail.host", "127.0.0.1",
                        "spring.datasource.url", operator.database(),
                        "spring.datasource.username", "postgres"))
                .run()) {
            return context.getBean(ApiKeys.class).ofOperator("", Role.SERVICE).secret();
        }
    }

    /** @param rate pairs a second, or 0 for as many as there are */
    private long measure(String name, List<String> accounts, int seconds, int rate) throws Exception {
        var authorized = new ConcurrentLinkedQueue<Long>();
        var settled = new ConcurrentLinkedQueue<Long>();
        var next = new AtomicLong();
        long begun = System.nanoTime();
        long end = begun + seconds * 1_000_000_000L;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var clients = new ArrayList<java.util.concurrent.Future<?>>();
            for (int n = 0; n < CLIENTS; n++) {
                clients.add(threads.submit(() -> {
                    while (System.nanoTime() < end) {
                        long turn = next.getAndIncrement();
                        // What is late is measured from when it was due, so that waiting for others counts as well.
                        long due = rate == 0 ? System.nanoTime() : begun + turn * 1_000_000_000L / rate;
                        if (due > end) break;
                        while (System.nanoTime() < due) Thread.sleep(Duration.ofNanos(due - System.nanoTime()));
                        pair(accounts.get((int) (turn % accounts.size())), due, authorized, settled);
                    }
                    return null;
                }));
            }
            for (var client : clients) client.get();
        }
        long pairs = settled.size() * 1_000_000_000L / (System.nanoTime() - begun);
        System.out.printf(
                "%-32s %5d pairs/s   authorize p50 %5.1f ms  p99 %5.1f ms   settle p50 %5.1f ms  p99 %5.1f ms%n",
                name, pairs, at(authorized, 50), at(authorized, 99), at(settled, 50), at(settled, 99));
        return pairs;
    }

    private void pair(
            String account, long due, ConcurrentLinkedQueue<Long> authorized, ConcurrentLinkedQueue<Long> settled)
            throws IOException {
        var held = post("", account, "{\"product\":\"audio\",\"quantity\":60}");
        assertThat(held.get("price").asString()).isEqualTo("0.0639");
        long now = System.nanoTime();
        authorized.add(now - due);
        var done = post("/" + held.get("id").asString() + "/settle", account, "{\"quantity\":42}");
        assertThat(done.get("charged").asString()).isEqualTo("0.04473");
        settled.add(System.nanoTime() - now);
    }

    /** By the platform's plainest client, which leaves the two cores to what is measured. */
    private JsonNode post(String path, String account, String body) throws IOException {
        var call = (HttpURLConnection)
                URI.create(base + path + "?account=" + account).toURL().openConnection();
        call.setDoOutput(true);
        call.setRequestProperty("Authorization", "Bearer " + secret);
        call.setRequestProperty("Content-Type", "application/json");
        call.setRequestProperty("Idempotency-Key", "k" + keys.getAndIncrement());
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        call.setFixedLengthStreamingMode(bytes.length);
        try (var out = call.getOutputStream()) {
            out.write(bytes);
        }
        try (var in = call.getInputStream()) {
            return JsonMapper.shared().readTree(in.readAllBytes());
        }
    }

    private static double at(ConcurrentLinkedQueue<Long> nanos, int percent) {
        var sorted = nanos.stream().mapToLong(Long::longValue).toArray();
        Arrays.sort(sorted);
        return sorted.length == 0 ? 0 : sorted[(int) ((sorted.length - 1L) * percent / 100)] / 1e6;
    }
}
