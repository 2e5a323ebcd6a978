package io.postpaid.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.support.Http;
import io.postpaid.support.Operator;
import io.postpaid.support.Operator.Running;
import io.postpaid.web.portal.Browser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Two servers on one database are replaced one after the other while they are called: no call fails. */
@EnabledIfSystemProperty(named = "lives", matches = "2", disabledReason = "Four servers: a part of -Pdeep")
class RollingRestartTest {
    private static final List<String> SERVER =
            List.of("-Xmx384m", "-XX:+UseSerialGC", "-DPOSTPAID_DRAIN=PT2S", "-DPOSTPAID_PAGE_RATE=100000");
    private static final int CALLERS = 4;
    private static final int CALLS_BETWEEN = 100;

    private final Queue<String> failed = new ConcurrentLinkedQueue<>();
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger pages = new AtomicInteger();
    private volatile boolean stopped;

    @Test
    void noCallFails(@TempDir Path folder) throws Exception {
        try (var operator = new Operator(folder.resolve("home"), "2026-10-20T12:00:00Z");
                var balancer = new Balancer()) {
            var secret = books(operator, folder);
            var one = serve(operator, balancer);
            var two = serve(operator, balancer);
            var link =
                    operator.must("portal", "acme", "--json").json().get("url").asString();
            var browser = new Browser(balancer.port());
            browser.get(link.substring(link.indexOf("/billing")));
            assertThat(browser.submit("/billing/sign-in/link", Map.of()).status())
                    .isEqualTo(302);
            try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int n = 0; n < CALLERS; n++) {
                    int caller = n;
                    callers.submit(() -> call(new Http(balancer.port(), secret, "acme"), "k" + caller + "-"));
                }
                callers.submit(() -> look(browser));
                for (var server : List.of(one, two)) {
                    more(server);
                    server.process().destroy();
                    assertThat(server.result().exitCode())
                            .as(server.result().err())
                            .isZero();
                    more(serve(operator, balancer));
                }
                stopped = true;
            }
            assertThat(failed).isEmpty();
            assertThat(calls.get()).isGreaterThan(4 * CALLS_BETWEEN);
            assertThat(pages.get()).isGreaterThan(10);
            operator.must("verify");
        }
    }

    private static String books(Operator operator, Path folder) throws IOException {
        Files.writeString(folder.resolve("prices.yaml"), """
                currency: USD
                products: {calls: {unit: call}}
                prices: [{product: calls, effective_from: 2026-01-01, amount: "0.01"}]
                """);
        Files.writeString(folder.resolve("accounts.csv"), """
                id,name,email,monthly_limit,payment_method
                acme,Acme,acme@acme.test,100000,pm_card_visa
                """);
        operator.must("prices", "import", "../prices.yaml");
        operator.must("accounts", "import", "../accounts.csv");
        return operator.must("keys", "create", "--operator", "--role", "service", "--json")
                .json()
                .get("key")
                .asString();
    }

    private static Running serve(Operator operator, Balancer balancer) {
        var server = operator.start(SERVER, "serve", "--port", "0", "--json");
        int port = server.port();
        balancer.add(port);
        server.until(() -> balancer.isReady(port));
        return server;
    }

    private void more(Running server) {
        int enough = calls.get() + CALLS_BETWEEN;
        server.until(() -> calls.get() >= enough || !failed.isEmpty());
    }

    private void call(Http http, String keys) {
        for (int n = 0; !stopped; n++) {
            try {
                var held = http.post(
                        "/v1/authorizations",
                        "{\"product\":\"calls\",\"quantity\":1}",
                        Map.of("Idempotency-Key", keys + n));
                if (held.status() != 201) {
                    failed.add("authorize: " + held.status() + " " + held.text() + held.header("X-Why"));
                } else {
                    calls.incrementAndGet();
                }
            } catch (RuntimeException e) {
                failed.add("authorize: " + e);
            }
        }
    }

    private void look(Browser browser) {
        while (!stopped) {
            try {
                var page = browser.get("/billing");
                if (page.status() != 200) failed.add("page: " + page.status() + page.header("X-Why") + page.location());
                else pages.incrementAndGet();
            } catch (RuntimeException e) {
                failed.add("page: " + e);
            }
        }
    }
}
