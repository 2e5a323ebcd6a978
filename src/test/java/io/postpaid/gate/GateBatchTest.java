package io.postpaid.gate;

import static io.postpaid.gate.GateWorld.items;
import static io.postpaid.gate.GateWorld.told;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postpaid.gate.Authorization.Status;
import io.postpaid.gate.GateStore.Outcome;
import io.postpaid.support.Killed;
import io.postpaid.support.TestDatabase;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls that are decided together do not suffer for one another. */
class GateBatchTest {
    private static final String NOW = "2026-10-20T12:00:00Z";
    private static final BigDecimal PRICE = new BigDecimal("0.25");

    @TempDir
    private Path home;

    private static Call hold(GateWorld world, String account, String key, String... products) {
        return world.hold(account, key, List.of(products), "2", Instant.parse(NOW));
    }

    private static <T> List<Future<T>> atOnce(List<Callable<T>> calls) throws InterruptedException {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            return threads.invokeAll(calls);
        }
    }

    @Test
    void oneBadCallFailsAlone() throws Exception {
        try (var world = new GateWorld(home, NOW)) {
            for (int n = 0; n < 4; n++) world.account("a" + n, "0", "1000", true);
            var calls = new ArrayList<Call>(IntStream.range(0, 8)
                    .mapToObj(n -> hold(world, "a" + n % 4, "k" + n, "image"))
                    .toList());
            calls.set(2, hold(world, "a2", "k2", "image", "feed"));
            calls.set(5, hold(world, "a1", "k5", "image", "\0"));
            assertThatThrownBy(() -> world.decided(calls)).isInstanceOf(RuntimeException.class);
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

    /** Every third is of two items. */
    private static Authorization pair(GateWorld world, String account, String key) {
        boolean two = key.hashCode() % 3 == 0;
        var call = world.admitted(account, key, two ? "image 2, feed 3" : "image 2");
        var ending = world.gate().settle(account, call.id(), items(two ? "feed 4, image 1" : "image 1"));
        assertThat(told(ending)).isEqualTo("SETTLED 0.25");
        return ((Ending.Ended) ending).call();
    }
}
