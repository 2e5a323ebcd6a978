package io.postpaid.gate;

import static io.postpaid.gate.GateWorld.plain;
import static io.postpaid.gate.GateWorld.told;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.platform.batch.Runs;
import io.postpaid.platform.calendar.BillingPeriod;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Billed is never more than usable credit and limit, and is what was charged, whatever happens in which order. */
class GateTheoremTest {
    private static final List<String> PRODUCTS = List.of("audio", "image", "text", "steep", "pack", "feed");
    private static final int ACCOUNTS = 40;
    private static final int CLIENTS = 64;
    /** Per client; -Dgate.calls=1000 for the long form. */
    private static final int CALLS = Integer.getInteger("gate.calls", 100);

    private static final int NIGHTS = 3;

    private final long seed = Long.getLong("seed", 20261020);

    private record Open(String account, Authorization call) {}

    @Test
    void theNightBillsExactlyWhatWasCharged(@TempDir Path home) throws IOException {
        var random = new Random(seed);
        try (var world = new GateWorld(home, "2026-10-12T00:00:00Z", Map.of("postpaid.gate.hold", "PT6H"))) {
            var limits = new ArrayList<BigDecimal>();
            for (int n = 0; n < ACCOUNTS; n++) {
                limits.add(new BigDecimal(random.nextInt(4) * 10));
                world.account(
                        "a" + n, Integer.toString(random.nextInt(3) * 10), plain(limits.get(n)), random.nextInt(4) > 0);
                // Some have a cap of their own, below the limit or not.
                if (n % 3 == 0) limits.set(n, limits.get(n).min(world.cap("a" + n, new BigDecimal(n % 4 * 6))));
            }
            var open = new ArrayList<Open>();
            int key = 0;
            int refused = 0;
            for (var day = LocalDate.of(2026, 10, 13);
                    !day.isAfter(LocalDate.of(2026, 10, 16));
                    day = day.plusDays(1)) {
                for (int hour = 9; hour < 32; hour += 3) {
                    // The last hours are those before the next night's run: calls of the day before are settled there.
                    world.application.moveTo(day.minusDays(1)
                            .atStartOfDay()
                            .plusHours(hour)
                            .minusMinutes(1)
                            .toInstant(ZoneOffset.UTC));
                    for (int n = 0; n < ACCOUNTS; n++) {
                        switch (world.gate().authorize("a" + n, "k" + key++, items(random), false)) {
                            case Decision.Admitted(var call) -> open.add(new Open("a" + n, call));
                            case Decision.Refused _ -> refused++;
                            case Decision.KeyReused _, Decision.Unusable _ -> fail("not asked for");
                        }
                    }
                    while (!open.isEmpty() && random.nextInt(ACCOUNTS) > 0) {
                        var ended = open.remove(random.nextInt(open.size()));
                        end(world, ended, random);
                    }
                }
                world.night(day);
            }
            world.night(LocalDate.of(2026, 10, 20));

            for (int n = 0; n < ACCOUNTS; n++) {
                var id = "a" + n;
                assertThat(world.held(id)).as("seed %d, %s", seed, id).isEqualTo("0");
                assertThat(world.cost(id))
                        .as("seed %d, %s", seed, id)
                        .isEqualTo(plain(charged(world, id)))
                        .isEqualTo(plain(summed(world, id)));
                assertThat(world.number(
                                "select coalesce(sum(accrued), 0) from monthly_cost where account = '" + id + "'"))
                        .as("seed %d, %s", seed, id)
                        .isLessThanOrEqualTo(limits.get(n));
            }
            assertThat(refused).as("calls that came to a limit").isGreaterThan(ACCOUNTS / 2);
            world.verify();
            billTheMonth(world);
        }
    }

    /** Most calls are of one item, some of several. */
    private static List<Asked> items(Random random) {
        var products = new ArrayList<>(PRODUCTS);
        Collections.shuffle(products, random);
        return products.stream()
                .limit(random.nextInt(3) == 0 ? random.nextInt(2, 4) : 1)
                .map(product -> new Asked(
                        "",
                        product,
                        BigDecimal.valueOf(random.nextInt(1, 90_000), random.nextInt(4) == 0 ? 3 : 0)
                                .min(BigDecimal.valueOf(random.nextInt(1, 120)))))
                .toList();
    }

    private static void end(GateWorld world, Open open, Random random) {
        var id = open.call().id();
        if (random.nextInt(8) == 0) {
            world.gate().release(open.account(), id);
            return;
        }
        var used = open.call().items().stream()
                .map(item -> new Asked("", item.product(), used(item.quantity(), random)))
                .toList();
        world.gate().settle(open.account(), id, used);
    }

    private static BigDecimal used(BigDecimal asked, Random random) {
        return switch (random.nextInt(7)) {
            case 0, 1, 2 -> asked;
            case 3 -> asked.add(BigDecimal.TEN);
            case 4 -> BigDecimal.ZERO;
            default ->
                asked.multiply(BigDecimal.valueOf(random.nextInt(1, 10), 1)).setScale(6, java.math.RoundingMode.DOWN);
        };
    }

    private static BigDecimal summed(GateWorld world, String account) {
        return new BigDecimal(
                world.application.get(UsageSummaries.class).of(account).cost());
    }

    /** The invoices are of the very cost that the accounts were told. */
    private static void billTheMonth(GateWorld world) {
        var summaries = new ConcurrentHashMap<String, BigDecimal>();
        for (int n = 0; n < ACCOUNTS; n++) {
            summaries.put("a" + n, summed(world, "a" + n));
        }
        world.night(LocalDate.of(2026, 11, 1));
        var october = BillingPeriod.parse("2026-10");
        assertThat(world.application.get(Runs.class).monthly(october).completed())
                .isTrue();
        var invoices = world.application.get(Invoices.class).issued(october);
        assertThat(invoices).hasSizeGreaterThan(ACCOUNTS / 2);
        for (var invoice : invoices) {
            // Printed lines are rounded, each by half a cent at most.
            assertThat(invoice.subtotal()
                            .subtract(summaries.get(invoice.account()))
                            .abs())
                    .as("seed, %s", invoice.account())
                    .isLessThan(new BigDecimal("0.06"));
        }
        world.verify();
    }

    private static BigDecimal charged(GateWorld world, String account) {
        return world.number(
                "select coalesce(sum(charged), 0) from gate_authorization where account = '" + account + "'");
    }

    @Test
    void sixtyFourClientsNeverOverspendOneAccount(@TempDir Path home) throws Exception {
        try (var world = new GateWorld(home, "2026-10-20T01:00:00Z", Map.of("postpaid.gate.hold", "PT20H"))) {
            int limit = CLIENTS * CALLS / 2;
            world.account("hot", "20", Integer.toString(2 * limit), true);
            world.cap("hot", BigDecimal.valueOf(limit));
            var settled = new AtomicLong();
            var refused = new AtomicLong();
            var passed = new Semaphore(0);
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var clients = new ArrayList<Future<?>>();
                for (int n = 0; n < CLIENTS; n++) {
                    int client = n;
                    clients.add(threads.submit(() -> {
                        try {
                            call(world, client, settled, refused, passed);
                        } finally {
                            // Who fails keeps nobody waiting.
                            passed.release(NIGHTS);
                        }
                    }));
                }
                // Nights go by meanwhile, each taking what is there by then; no client waits for them.
                for (int night = 20; night < 20 + NIGHTS; night++) {
                    passed.acquire(CLIENTS);
                    world.night(LocalDate.of(2026, 10, night));
                    world.moveTo("2026-10-%dT18:00:00Z".formatted(night));
                }
                for (var client : clients) client.get();
            }
            world.night(LocalDate.of(2026, 10, 31));

            assertThat(settled.get()).isGreaterThan(CLIENTS);
            assertThat(refused.get()).as("calls came to the limit").isPositive();
            assertThat(world.held("hot")).isEqualTo("0");
            assertThat(world.cost("hot")).isEqualTo(plain(charged(world, "hot")));
            assertThat(charged(world, "hot")).isLessThanOrEqualTo(BigDecimal.valueOf(20L + limit));
            assertThat(world.number("select accrued from monthly_cost where account = 'hot'"))
                    .isLessThanOrEqualTo(BigDecimal.valueOf(limit));
            assertThat(world.number("select count(*) from usage_record where billable"))
                    .isEqualByComparingTo(BigDecimal.valueOf(settled.get()));
            world.verify();
        }
    }

    private static void call(GateWorld world, int client, AtomicLong settled, AtomicLong refused, Semaphore passed) {
        var random = new Random(client);
        for (int n = 0; n < CALLS; n++) {
            if (n % (CALLS / NIGHTS) == 0) passed.release();
            var key = client + "/" + n;
            var product = PRODUCTS.get(random.nextInt(4) == 0 ? random.nextInt(5) : 1);
            var quantity = BigDecimal.valueOf(random.nextInt(1, 40));
            // Some ask for something free beside it.
            var items = new ArrayList<>(List.of(new Asked("", product, quantity)));
            if (random.nextInt(3) == 0) items.add(new Asked("", "feed", BigDecimal.ONE));
            if (!(world.gate().authorize("hot", key, items, false) instanceof Decision.Admitted(var call))) {
                refused.incrementAndGet();
                continue;
            }
            if (random.nextInt(8) == 0) {
                assertThat(((Decision.Admitted) world.gate().authorize("hot", key, items.reversed(), false))
                                .call()
                                .id())
                        .isEqualTo(call.id());
            }
            switch (random.nextInt(10)) {
                case 0 -> world.gate().release("hot", call.id());
                case 1 -> {
                    // Forgotten, as by a caller that died.
                }
                default -> {
                    var used = new ArrayList<>(items);
                    used.set(0, new Asked("", product, BigDecimal.valueOf(random.nextInt(1, quantity.intValue() + 1))));
                    var ending = settle(world, call.id(), used);
                    if (ending.startsWith("SETTLED")) settled.incrementAndGet();
                    else assertThat(ending).isEqualTo("refused: EXPIRED");
                    if (random.nextInt(8) == 0)
                        assertThat(settle(world, call.id(), used)).isEqualTo(ending);
                }
            }
        }
    }

    private static String settle(GateWorld world, UUID call, List<Asked> used) {
        return told(world.gate().settle("hot", call, used));
    }
}
