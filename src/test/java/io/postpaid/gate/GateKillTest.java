package io.postpaid.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.support.Http;
import io.postpaid.support.Operator;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** A serving process that is really killed under load: what it answered holds, and what it did not can be asked again. */
class GateKillTest {
    private static final int CLIENTS = 16;
    private static final int CALLS_BEFORE = 300;
    private static final String LIMIT = "120";

    /** What callers were told, by idempotency key. */
    private final ConcurrentMap<String, String> ids = new ConcurrentHashMap<>();

    private final ConcurrentMap<String, String> charges = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Integer> asked = new ConcurrentHashMap<>();
    private final AtomicInteger keys = new AtomicInteger();

    @Test
    void whatWasAnsweredHoldsAndTheRestIsAskedAgain(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("prices.yaml"), GateWorld.PRICES);
        Files.writeString(folder.resolve("accounts.csv"), """
                id,name,email,monthly_limit,payment_method
                hot,Hot,hot@hot.test,%s,pm_card_visa
                """.formatted(LIMIT));
        try (var operator = new Operator(folder.resolve("home"), "2026-10-20T12:00:00Z")) {
            operator.must("prices", "import", "../prices.yaml");
            operator.must("accounts", "import", "../accounts.csv");
            var secret = operator.must("keys", "create", "--operator", "--role", "service", "--json")
                    .json()
                    .get("key")
                    .asString();

            var first = operator.start("serve", "--port", "0", "--json");
            var http = new Http(first.port(), secret, "hot");
            try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int n = 0; n < CLIENTS; n++) clients.submit(() -> callUntilItDies(http));
                first.until(() -> ids.size() >= CALLS_BEFORE);
                assertThat(first.killAfter(Duration.ZERO)).isTrue();
            }
            assertThat(charges).hasSizeGreaterThan(CALLS_BEFORE / 2).hasSizeLessThan(asked.size());

            var second = operator.start("serve", "--port", "0", "--json");
            var again = new Http(second.port(), secret, "hot");
            for (var key : asked.keySet()) askAgain(again, key);
            assertThat(second.killAfter(Duration.ZERO)).isTrue();

            operator.at("2026-10-21T08:00:00Z");
            operator.start("rerun", "--failed").result();
            operator.must("run", "nightly", "--date", "2026-10-21");
            operator.must("verify");
            var jdbc = operator.jdbc();
            var settled = new HashMap<String, String>();
            jdbc.sql("select idempotency_key, charged from gate_authorization where status = 'SETTLED'")
                    .query(row -> {
                        settled.put(row.getString("idempotency_key"), GateWorld.plain(row.getBigDecimal("charged")));
                    });
            assertThat(settled).containsAllEntriesOf(charges);
            // What was under way when it died may have been settled, which nobody has been told.
            assertThat(settled.size() - charges.size()).isBetween(0, CLIENTS);
            assertThat(number(jdbc, "select held from gate_balance")).isZero();
            assertThat(number(jdbc, "select sum(cost) from monthly_cost"))
                    .isEqualByComparingTo(number(jdbc, "select sum(charged) from gate_authorization"));
            assertThat(number(jdbc, "select sum(accrued) from monthly_cost"))
                    .isLessThanOrEqualTo(new BigDecimal(LIMIT));
        }
    }

    private void callUntilItDies(Http http) {
        try {
            while (true) {
                int n = keys.incrementAndGet();
                var key = "k" + n;
                asked.put(key, n % 7 + 1);
                var held = authorize(http, key);
                if (held.status() != 201) continue;
                ids.put(key, held.json().get("id").asString());
                if (n % 10 > 0) settle(http, key);
            }
        } catch (UncheckedIOException killed) {
            // The caller does not know what became of its last call.
        }
    }

    private void askAgain(Http http, String key) {
        var held = authorize(http, key);
        if (held.status() != 201) {
            assertThat(ids).doesNotContainKey(key);
            held.is(402, held.json().at("/error/code").asString());
            return;
        }
        var id = held.json().get("id").asString();
        assertThat(ids.getOrDefault(key, id)).isEqualTo(id);
        ids.put(key, id);
        if (charges.containsKey(key)) settle(http, key);
        else if (Integer.parseInt(key.substring(1)) % 3 > 0) settle(http, key);
    }

    private Http.Answer authorize(Http http, String key) {
        return http.post(
                "/v1/authorizations",
                "{\"product\":\"image\",\"quantity\":" + asked.get(key) + "}",
                Map.of("Idempotency-Key", key));
    }

    /** Once told, always told the same. */
    private void settle(Http http, String key) {
        var settled = http.post("/v1/authorizations/" + ids.get(key) + "/settle", "{\"quantity\":\"0.5\"}");
        assertThat(settled.status()).as(settled.text()).isEqualTo(200);
        JsonNode charged = settled.json().get("charged");
        var plain = GateWorld.plain(new BigDecimal(charged.asString()));
        var before = charges.put(key, plain);
        assertThat(before == null ? plain : before).isEqualTo(plain);
    }

    private static BigDecimal number(JdbcClient jdbc, String sql) {
        return jdbc.sql(sql).query(BigDecimal.class).single();
    }
}
