package io.postpaid.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.account.Accounts;
import io.postpaid.books.report.Check;
import io.postpaid.books.report.Verification;
import io.postpaid.credit.CreditLedger;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.pricing.pricebook.PriceBooks;
import io.postpaid.support.Http;
import io.postpaid.support.TestApplication;
import io.postpaid.web.key.ApiKeys;
import io.postpaid.web.key.Role;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * Two accounts with keys of their own, of every kind, send whatever they can think of to every call there is, beside an honest
 * one, whose bill and books are then what they are without them. {@code -Dhostile=60} does so for 60 seconds,
 * {@code -Dseed=N} replays a seed.
 */
class HostileTest {
    private static final int SECONDS = Integer.getInteger("hostile", 3);
    private static final long SEED = Long.getLong("seed", 20_261_030L);
    private static final int ROUNDS = 30;
    private static final String[] BOOKS = {
        "select product, day, quantity, records, free_quantity, free_records from daily_usage where account = 'honest'",
        "select source, case source when 'gate' then 'call' else id end, product, trim_scale(quantity), billable from usage_record where account = 'honest'",
        "select kind, amount, used, expires_on from credit_grant where account = 'honest'",
        "select kind, debit, credit, amount, currency, period from posting where account = 'honest'",
        "select period, cost, credits, accrued from monthly_cost where account = 'honest'",
        "select product, quantity, price, status, used, charged from gate_authorization where account = 'honest'",
        "select period, status, subtotal, credits, tax, total, amount_due, issued_on, due_on from invoice where account = 'honest'",
        "select product, quantity, unit_price, l.amount from invoice_line l join invoice i on i.id = l.invoice where account = 'honest'",
        "select status, monthly_limit, payment_method is not null from account where id = 'honest'",
        "select event, detail from account_event where account = 'honest'",
        "select kind, recipient from notice where account = 'honest'",
        "select amount, status from top_up where account = 'honest'",
        "select amount, status from limit_request where account = 'honest'"
    };

    /** What the hostile ones have found out: all that the honest one uses. */
    private final Queue<String> overheard = new ConcurrentLinkedQueue<>();

    private final Semaphore attacks = new Semaphore(0);

    @Test
    void theHonestAreBilledAsIfNobodyElseWereThere(@TempDir Path alone, @TempDir Path beside) throws Exception {
        var expected = billed(alone, false);
        assertThat(expected).contains("01J0").contains("PAID");
        assertThat(billed(beside, true)).as("seed %s", SEED).isEqualTo(expected);
    }

    private String billed(Path home, boolean hostile) throws Exception {
        try (var application = TestApplication.serving(home, Instant.parse("2026-10-30T10:00:00Z"), Map.of());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            prepare(application, home);
            var over = new AtomicBoolean();
            var attackers = new ArrayList<Future<?>>();
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
            if (hostile) {
                for (var name : List.of("mal", "vex")) {
                    var attacker = attacker(application, name);
                    attackers.add(threads.submit(() -> {
                        try {
                            while (!over.get() || System.nanoTime() < end) attacker.attack();
                            return null;
                        } finally {
                            // One that has failed is not waited for.
                            attacks.release(ROUNDS * 20);
                        }
                    }));
                }
            }
            try {
                work(application, hostile);
            } finally {
                over.set(true);
            }
            for (var attacker : attackers) attacker.get();
            return books(application);
        }
    }

    private static void prepare(TestApplication application, Path home) throws IOException {
        application.get(PriceBooks.class).importFile(Files.writeString(home.resolve("prices.yaml"), """
                currency: USD
                products:
                  text: {unit: word}
                  image: {unit: image}
                prices:
                  - {product: text, effective_from: 2026-01-01, amount: "0.0123"}
                  - {product: image, effective_from: 2026-01-01, amount: "0.25"}
                """));
        application.get(Accounts.class).importFile(Files.writeString(home.resolve("accounts.csv"), """
                id,name,email,free_credit,payment_method
                honest,Honest,honest@honest.test,5,pm_card_visa
                mal,Mal,mal@mal.test,,pm_card_visa
                vex,Vex,vex@vex.test,,
                """));
        application.get(CreditLedger.class).grantAllowances();
    }

    /** A service lets the calls of the honest account through and reports its usage. */
    private void work(TestApplication application, boolean hostile) throws InterruptedException {
        var keys = application.get(ApiKeys.class);
        var service = application.http(keys.ofOperator("", Role.SERVICE).secret());
        var gate = service.actingFor("honest");
        var own = application.http(keys.ofAccount("honest", "", Role.USAGE).secret());
        for (int n = 0; n < ROUNDS; n++) {
            var key = "call-" + n;
            overheard.add(key);
            var id = gate.post(
                            "/v1/authorizations",
                            "{\"product\":\"text\",\"quantity\":" + (n + 10) + "}",
                            Map.of("Idempotency-Key", key))
                    .is(201)
                    .json()
                    .at("/id")
                    .asString();
            overheard.add(id);
            overheard.add("01J" + (n + 1));
            if (hostile)
                assertThat(attacks.tryAcquire(20, 60, TimeUnit.SECONDS)).isTrue();
            if (n % 5 == 4) {
                gate.post("/v1/authorizations/" + id + "/release", "{}").is(200);
            } else {
                gate.post("/v1/authorizations/" + id + "/settle", "{\"quantity\":" + (n + 5) + "}")
                        .is(200);
            }
            taken(service.post("/v1/usage", usage("default", "01J" + n, "honest", "image", "" + n)));
            taken(own.post("/v1/usage", usage("default", "01J" + n, "honest", "text", "1.5")));
            if (n % 7 == 6) taken(service.post("/v1/usage", correction("default", "v" + n, "01J" + n, "honest")));
            if (n % 11 == 10) taken(service.post("/v1/usage", correction("gate", "v" + n, id, "honest")), n % 5 != 4);
            assertThat(own.get("/v1/access").is(200).json().at("/allowed").asBoolean())
                    .isTrue();
        }
    }

    private static void taken(Http.Answer answer) {
        taken(answer, true);
    }

    private static void taken(Http.Answer answer, boolean accepted) {
        answer.is(200, Map.of("accepted", accepted ? 1 : 0, "duplicates", 0, "quarantined", accepted ? 0 : 1));
    }

    private static String usage(String source, String id, String account, String product, String quantity) {
        return """
                {"source":"%s","id":"%s","account":"%s","product":"%s","quantity":"%s","occurred_at":"2026-10-30T09:00:00Z"}
                """.formatted(source, id, account, product, quantity).strip();
    }

    private static String correction(String source, String id, String voids, String account) {
        return """
                {"type":"void","source":"%s","id":"%s","voids":"%s","account":"%s","occurred_at":"2026-10-30T09:30:00Z"}
                """.formatted(source, id, voids, account).strip();
    }

    private String books(TestApplication application) {
        for (var night : List.of("2026-10-31", "2026-11-01")) {
            application.moveTo(Instant.parse(night + "T08:00:00Z"));
            assertThat(application.nightly(LocalDate.parse(night)).completed()).isTrue();
        }
        application.moveTo(Instant.parse("2026-11-01T09:00:00Z"));
        assertThat(application.monthly(BillingPeriod.parse("2026-10")).completed())
                .isTrue();
        assertThat(application.get(Verification.class).run())
                .filteredOn(check -> !check.holds())
                .map(Check::examples)
                .as("seed %s", SEED)
                .isEmpty();
        var books = new StringBuilder();
        for (var sql : BOOKS) {
            books.append("-- ").append(sql).append('\n');
            application
                    .jdbc()
                    .sql("select t::text from (" + sql + ") t order by 1")
                    .query(String.class)
                    .list()
                    .forEach(row -> books.append(row).append('\n'));
        }
        return books.toString();
    }

    private Attacker attacker(TestApplication application, String account) {
        var keys = application.get(ApiKeys.class);
        var callers = new ArrayList<Http>();
        for (var may : List.of(
                new Role[] {}, new Role[] {Role.GATE}, new Role[] {Role.USAGE}, new Role[] {Role.GATE, Role.USAGE})) {
            callers.add(application.http(keys.ofAccount(account, "", may).secret()));
        }
        var calls = new ArrayList<String>();
        application
                .get(RequestMappingHandlerMapping.class)
                .getHandlerMethods()
                .keySet()
                .forEach(call -> {
                    for (var method : call.getMethodsCondition().getMethods()) {
                        for (var pattern : call.getPatternValues()) calls.add(method + " " + pattern);
                    }
                });
        calls.sort(null);
        return new Attacker(account, callers, calls);
    }

    /** Sends one random call after the other, and expects that none does harm. */
    private final class Attacker {
        private final String self;
        private final List<Http> callers;
        private final List<String> calls;
        private final SplittableRandom random;

        Attacker(String self, List<Http> callers, List<String> calls) {
            this.self = self;
            this.callers = callers;
            this.calls = calls;
            this.random = new SplittableRandom(SEED + self.hashCode());
        }

        void attack() {
            var call = one(calls);
            var verb = random.nextInt(20) == 0
                    ? one(List.of("GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS"))
                    : call.substring(0, call.indexOf(' '));
            var path = call.substring(call.indexOf(' ') + 1).replaceAll("\\{(?:[^{}]|\\{[^}]*})*}", id());
            var query = query();
            byte[] body = verb.equals("GET") || verb.equals("HEAD") ? null : body();
            var answer = one(callers)
                    .send(
                            verb,
                            path + query,
                            body,
                            Map.of(
                                    "Content-Type",
                                    one(List.of(
                                            "application/json",
                                            "application/json",
                                            "application/x-ndjson",
                                            "text/plain")),
                                    "Idempotency-Key",
                                    one(List.of("k" + random.nextInt(50), "call-" + random.nextInt(ROUNDS)))));
            var told = "seed %s: %s %s%s %s: %s %s"
                    .formatted(
                            SEED,
                            verb,
                            path,
                            query,
                            body == null ? "" : new String(body, StandardCharsets.UTF_8),
                            answer.status(),
                            answer.text());
            assertThat(answer.status()).as(told).isLessThan(500).isNotEqualTo(429);
            if (query.contains("honest"))
                assertThat(answer.status()).as(told).isGreaterThanOrEqualTo(path.startsWith("/v1/") ? 400 : 200);
            if (answer.status() < 300 && path.startsWith("/v1/"))
                assertThat(answer.text()).as(told).doesNotContain("honest");
            attacks.release();
        }

        private <T> T one(List<T> of) {
            return of.get(random.nextInt(of.size()));
        }

        private String somethingOverheard() {
            var all = List.copyOf(overheard);
            return all.isEmpty() ? "x" : one(all);
        }

        private String id() {
            return one(List.of(
                    somethingOverheard(),
                    somethingOverheard(),
                    "2026-000001",
                    "2026-000002",
                    "..%2f..",
                    "%00",
                    "%ff",
                    "01900000-0000-7000-8000-00000000000" + random.nextInt(10),
                    "a".repeat(600)));
        }

        private String query() {
            return one(List.of(
                    "",
                    "",
                    "",
                    "?account=" + self,
                    "?account=honest",
                    "?account=honest&account=" + self,
                    "?account=" + self + "&account=honest",
                    "?account=%00",
                    "?before=2026-000001",
                    "?before=%00",
                    "?limit=99999999999",
                    "?limit=2",
                    "?account=HONEST",
                    "?account=honest%20"));
        }

        private byte[] body() {
            var account = one(List.of("honest", self, self, self));
            var id = one(List.of(somethingOverheard(), "m" + random.nextInt(1000)));
            var source = one(
                    List.of("default", "default", "gate", "account:honest/default", "account:" + self + "/default"));
            var quantity = one(List.of("0", "1", "-1", "1e2", "1e999999", "0.000000001", "99999999999999999999", "x"));
            var well = one(List.of(
                    usage(source, id, account, "text", quantity),
                    "[" + usage("default", id, self, "text", "1") + "," + usage(source, id, account, "image", quantity)
                            + "]",
                    correction(source, id, somethingOverheard(), account),
                    "{\"product\":\"text\",\"quantity\":\"" + quantity + "\"}",
                    "{\"quantity\":\"" + quantity + "\"}",
                    "{\"amount\":\"" + quantity + "\",\"reason\":\"more\"}",
                    "{\"amount\":\"" + one(List.of("1", "5.00", "1e18")) + "\",\"currency\":\"USD\"}",
                    "{\"account\":\"honest\",\"amount\":\"500\",\"product\":\"text\",\"quantity\":1}",
                    "{}",
                    "[]",
                    "null",
                    "{\"a\\u0000\":\"\\ud800\"}"));
            var bytes = well.getBytes(StandardCharsets.UTF_8);
            if (random.nextInt(4) > 0 || bytes.length == 0) return bytes;
            for (int n = random.nextInt(1, 4); n > 0; n--)
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            return bytes;
        }
    }
}
