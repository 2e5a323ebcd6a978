package io.postpaid.gate;

import static io.postpaid.gate.GateWorld.plain;
import static io.postpaid.gate.GateWorld.told;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postpaid.gate.Authorization.Status;
import io.postpaid.gate.Call.Priced;
import io.postpaid.gate.GateStore.Outcome;
import io.postpaid.pricing.rating.PriceCeiling;
import io.postpaid.support.Killed;
import io.postpaid.support.TestDatabase;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls that are decided together are answered as if each had come alone, and none of them suffers for another. */
class GateBatchTest {
    private static final String NOW = "2026-10-20T12:00:00Z";
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final BigDecimal PRICE = new BigDecimal("0.25");
    private static final int SEEDS = Integer.getInteger("gate.seeds", 8);
    private static final int OF_EACH = 16;

    @TempDir
    private Path home;

    private static Call hold(GateWorld world, String account, String key, String quantity, String at) {
        var asked = new BigDecimal(quantity);
        var now = Instant.parse(at);
        return Call.hold(
                account,
                asked,
                now,
                new Priced(
                        key,
                        "image",
                        new PriceCeiling(asked.multiply(PRICE), true),
                        true,
                        world.application.get(GatePrices.class).known().version(),
                        now.plusSeconds(900)));
    }

    private static Call settle(String account, UUID id, String used) {
        return Call.settle(account, id, new BigDecimal(used), Instant.parse(NOW));
    }

    private static List<Outcome> decided(GateWorld world, List<Call> calls) {
        return world.application.get(Deciding.class).decide(calls, PATIENCE);
    }

    private static <T> List<Future<T>> atOnce(List<Callable<T>> calls) throws InterruptedException {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            return threads.invokeAll(calls);
        }
    }

    private static String line(Outcome outcome) {
        var call = outcome.call();
        return outcome.outcome() + (call == null ? "" : " " + call.status() + " " + plain(call.cost()));
    }

    @Test
    void togetherIsAsOneByOne() throws IOException {
        try (var world = new GateWorld(home, NOW)) {
            for (int seed = 0; seed < SEEDS; seed++) {
                var one = outcomes(world, seed, "one" + seed, 1);
                assertThat(outcomes(world, seed, "all" + seed, Integer.MAX_VALUE))
                        .as("seed %d", seed)
                        .isEqualTo(one);
                assertThat(kept(world, "all" + seed)).as("seed %d", seed).isEqualTo(kept(world, "one" + seed));
            }
            world.verify();
        }
    }

    /** The same calls of two accounts, so many at a time: what was answered to each. */
    private static List<String> outcomes(GateWorld world, int seed, String name, int together) {
        var random = new Random(seed);
        var accounts = List.of(name + "a", name + "b");
        accounts.forEach(account -> world.account(account, "20", "1000", true));
        var holds = new ArrayList<Call>();
        for (int n = 0; n < OF_EACH; n++) {
            // Some come twice, and some twice as another call.
            var key = "k" + (random.nextInt(6) == 0 ? random.nextInt(OF_EACH) : n);
            var at = random.nextInt(5) == 0 ? "2026-10-19T23:50:00Z" : NOW;
            holds.add(hold(world, accounts.get(n % 2), key, Integer.toString(random.nextInt(1, 8)), at));
        }
        var held = inParts(world, holds, together);
        var ends = new ArrayList<Call>();
        for (int n = 0; n < OF_EACH; n++) {
            var id = random.nextInt(8) == 0
                    ? new UUID(seed, n)
                    : held.get(n).held().id();
            var used = List.of("0", "1", "2", "0.333333333", "1.5", "7").get(random.nextInt(6));
            var account = accounts.get(random.nextInt(9) == 0 ? (n + 1) % 2 : n % 2);
            ends.add(
                    random.nextInt(5) == 0 ? Call.release(account, id, Instant.parse(NOW)) : settle(account, id, used));
        }
        var lines = new ArrayList<String>();
        held.forEach(outcome -> lines.add(line(outcome)));
        inParts(world, ends, together).forEach(outcome -> lines.add(line(outcome)));
        return lines;
    }

    private static List<Outcome> inParts(GateWorld world, List<Call> calls, int together) {
        var outcomes = new ArrayList<Outcome>();
        for (int from = 0; from < calls.size(); from += Math.min(together, OF_EACH)) {
            outcomes.addAll(decided(
                    world, calls.subList(from, Math.min(calls.size(), from + Math.min(together, OF_EACH)))));
        }
        return outcomes;
    }

    /** All that was written about these accounts. */
    private static List<String> kept(GateWorld world, String name) {
        return world.jdbc().sql("""
                        select right(account, 1) || ' ' || concat_ws(' ', 'held', held::numeric(12, 6)) as kept
                          from gate_balance where starts_with(account, :name)
                         union all
                        select right(account, 1) || concat_ws(' ', ' call', idempotency_key, status, product, trim_scale(quantity),
                                                      billable, proportional, trim_scale(price), monthly_limit,
                                                      authorized_at, expires_at, trim_scale(used), trim_scale(charged))
                          from gate_authorization where starts_with(account, :name)
                         union all
                        select right(r.account, 1) || concat_ws(' ', ' record', a.idempotency_key, length(r.id), r.product,
                                                      trim_scale(r.quantity), r.occurred_at, r.billable, r.operation,
                                                      r.file, r.line = a.n, k.file, k.line = a.n, k.day)
                          from usage_record r
                          join gate_authorization a on a.id::text = rtrim(r.id, '+')
                          join usage_key k on k.key = r.key
                         where starts_with(r.account, :name)
                         union all
                        select right(account, 1) || concat_ws(' ', ' arrival', file, product, day, trim_scale(quantity), records,
                                                      trim_scale(free_quantity), free_records, trim_scale(gate_charge))
                          from usage_arrival where starts_with(account, :name)
                         order by kept""").param("name", name).query(String.class).list();
    }

    @Test
    void oneBadCallFailsAlone() throws Exception {
        try (var world = new GateWorld(home, NOW)) {
            for (int n = 0; n < 4; n++) world.account("a" + n, "0", "1000", true);
            var calls = new ArrayList<Call>(IntStream.range(0, 8)
                    .mapToObj(n -> hold(world, "a" + n % 4, "k" + n, "2", NOW))
                    .toList());
            calls.set(5, hold(world, "a1", "\0", "2", NOW));
            assertThatThrownBy(() -> decided(world, calls)).isInstanceOf(RuntimeException.class);
            assertThat(world.number("select count(*) from gate_authorization")).isZero();

            var batches = world.application.get(Batches.class);
            var answers = atOnce(calls.stream()
                    .map(call -> (Callable<Outcome>) () -> batches.decide(call))
                    .toList());
            for (int n = 0; n < 8; n++) {
                if (n == 5) assertThat(answers.get(n).state()).isEqualTo(Future.State.FAILED);
                else assertThat(answers.get(n).resultNow().outcome()).isEqualTo("HELD");
            }
            assertThat(world.held("a1")).isEqualTo("0.5");
            assertThat(world.number("select sum(held) from gate_balance")).isEqualByComparingTo("3.5");
        }
    }

    @Test
    void anAccountThatIsLockedKeepsNoOtherWaiting() throws Exception {
        try (var world = new GateWorld(home, NOW);
                var other = world.application.get(DataSource.class).getConnection()) {
            for (int n = 0; n < 20; n++) {
                world.account("a" + n, "0", "1000", true);
                world.admitted("a" + n, "first", "image", "1");
            }
            other.setAutoCommit(false);
            other.createStatement().execute("select from gate_balance where account = 'a7' for update");
            var answers = atOnce(IntStream.range(0, 40)
                    .mapToObj(n -> (Callable<Decision>) () -> world.ask("a" + n % 20, "k" + n, "image", "1"))
                    .toList());
            other.rollback();
            other.setAutoCommit(true);
            for (int n = 0; n < 40; n++) {
                if (n % 20 == 7) assertThat(answers.get(n).state()).isEqualTo(Future.State.FAILED);
                else assertThat(answers.get(n).resultNow()).isInstanceOf(Decision.Admitted.class);
            }
            world.admitted("a7", "k7", "image", "1");
        }
    }

    @Test
    void twoServersLetThroughExactlyWhatThereIsRoomFor() throws Exception {
        var database = Map.of("spring.datasource.url", TestDatabase.create());
        try (var one = new GateWorld(home.resolve("one"), NOW, database);
                var two = new GateWorld(home.resolve("two"), NOW, database)) {
            // One hot account with room for 200 calls, and others with room for 3 each.
            one.account("hot", "20", "30", true);
            for (int n = 0; n < 50; n++) one.account("a" + n, "0.25", "0.5", true);
            var calls = new ArrayList<Callable<Boolean>>();
            for (int n = 0; n < 300; n++) calls.add(call(n % 2 == 0 ? one : two, "hot", "k" + n, n % 3 == 0));
            for (int n = 0; n < 250; n++) calls.add(call(n % 2 == 0 ? one : two, "a" + n % 50, "k" + n, n % 3 == 0));
            Collections.shuffle(calls, new Random(1));
            for (var call : atOnce(calls)) assertThat(call.state()).isEqualTo(Future.State.SUCCESS);

            assertThat(one.number("select count(*) from gate_authorization where account = 'hot'"))
                    .isEqualByComparingTo("200");
            assertThat(one.number("select count(*) from gate_authorization where account <> 'hot'"))
                    .isEqualByComparingTo("150");
            assertThat(one.number("select sum(price) from gate_authorization")).isEqualByComparingTo("87.5");
            assertThat(one.number("select sum(held) from gate_balance"))
                    .isEqualByComparingTo(
                            one.number("select sum(price) from gate_authorization where status = 'HELD'"));
            assertThat(one.refused("hot", "late", "image", "1"))
                    .isEqualTo(two.refused("hot", "late", "image", "1"))
                    .contains("price 0.25 remaining 0");
            one.verify();
        }
    }

    /** Asks for a call, and settles it in full if that is wanted, so that it never makes room again. */
    private static Callable<Boolean> call(GateWorld world, String account, String key, boolean settled) {
        return () -> {
            if (!(world.ask(account, key, "image", "1") instanceof Decision.Admitted(var call))) return false;
            if (settled) assertThat(world.settled(account, call.id(), "1")).isEqualTo("SETTLED 0.25");
            return true;
        };
    }

    @Test
    void aProcessThatDiesInABatchHasToldNothingThatIsNotSo() throws Exception {
        try (var world = new GateWorld(home, NOW)) {
            for (int n = 0; n < 4; n++) {
                world.account("a" + n, "0", "1000", true);
                world.admitted("a" + n, "first", "image", "1");
            }
            boolean killed = true;
            for (int point = 0; killed; point++) {
                int round = point;
                List<Callable<Authorization>> calls = IntStream.range(0, 12)
                        .<Callable<Authorization>>mapToObj(n -> () -> pair(world, "a" + n % 4, round + "/" + n))
                        .toList();
                world.application.crashes.killAfter(point);
                var told = atOnce(calls);
                killed = world.application.crashes.dead();
                world.application.crashes.revive();
                var again = atOnce(calls);
                for (int n = 0; n < calls.size(); n++) {
                    assertThat(again.get(n).resultNow().status()).isEqualTo(Status.SETTLED);
                    if (told.get(n).state() == Future.State.SUCCESS) {
                        assertThat(again.get(n).resultNow())
                                .isEqualTo(told.get(n).resultNow());
                    } else {
                        assertThat(told.get(n).exceptionNow()).isInstanceOf(Killed.class);
                    }
                }
                assertThat(world.number("select sum(held) from gate_balance")).isEqualByComparingTo("1");
                assertThat(world.number("select sum(gate_charge) from usage_arrival"))
                        .isEqualByComparingTo(
                                BigDecimal.valueOf(12L * (round + 1)).multiply(PRICE));
            }
            world.verify();
        }
    }

    private static Authorization pair(GateWorld world, String account, String key) {
        var call = world.admitted(account, key, "image", "2");
        var ending = world.gate().settle(account, call.id(), BigDecimal.ONE);
        assertThat(told(ending)).isEqualTo("SETTLED 0.25");
        return ((Ending.Ended) ending).call();
    }
}
