package io.postpaid.gate;

import static io.postpaid.gate.GateWorld.items;
import static io.postpaid.gate.GateWorld.plain;
import static io.postpaid.gate.GateWorld.told;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A call that is priced from several items is one call. */
class GateItemsTest {
    private GateWorld world;

    @BeforeEach
    void open(@TempDir Path home) throws IOException {
        world = new GateWorld(home, "2026-10-20T12:00:00Z");
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void theyAreHeldAndChargedTogether() throws IOException {
        world.account("acme", "20", "100", true);
        var call = world.admitted("acme", "k1", "image 2, audio 60, text 150");
        assertThat(plain(call.price())).isEqualTo("3.0639");
        assertThat(world.held("acme")).isEqualTo("3.0639");
        assertThat(world.admitted("acme", "k1", "text 150, image 2.0, audio 60"))
                .isEqualTo(call);
        for (var other :
                List.of("image 2", "image 2, audio 60", "image 3, audio 60, text 150", "image 2, audio 60, pack 1")) {
            assertThat(world.ask("acme", "k1", other)).as(other).isEqualTo(new Decision.KeyReused(call));
        }

        assertThat(world.settledItems("acme", call.id(), "text 120, audio 90, image 1"))
                .isEqualTo("SETTLED 2.5139");
        assertThat(world.settledItems("acme", call.id(), "image 1, text 120, audio 90"))
                .isEqualTo("SETTLED 2.5139");
        assertThat(world.settledItems("acme", call.id(), "image 1, text 120, audio 60"))
                .isEqualTo("refused: SETTLED");
        assertThat(world.settled("acme", call.id(), "1")).isEqualTo("refused: SETTLED");
        assertThat(told(world.gate().release("acme", call.id()))).isEqualTo("refused: SETTLED");
        assertThat(world.held("acme")).isEqualTo("0");
        assertThat(world.jdbc()
                        .sql(
                                "select id || ' ' || trim_scale(quantity) || ' ' || billable from usage_record order by id")
                        .query(String.class)
                        .list())
                .containsExactlyInAnyOrder(
                        call.id() + "/image 1 true",
                        call.id() + "/audio 60 true",
                        call.id() + "+/audio 30 false",
                        call.id() + "/text 120 true");
        world.night(LocalDate.of(2026, 10, 21));
        assertThat(world.cost("acme")).isEqualTo("2.5139");
        world.verify();

        // Each is taken back by itself.
        world.inbox("""
                {"id":"v","type":"void","source":"gate","voids":"%s/text","account":"acme","occurred_at":"2026-10-21T12:00:00Z"}
                """.formatted(call.id()));
        world.night(LocalDate.of(2026, 10, 22));
        assertThat(world.cost("acme")).isEqualTo("0.3139");
        world.verify();
    }

    @Test
    void theyEndTogether() {
        world.account("acme", "20", "100", true);
        var call = world.admitted("acme", "k1", "image 2, feed 5");
        for (var other : List.of("image 2", "image 2, audio 5", "image 2, feed 5, audio 1")) {
            assertThat(world.settledItems("acme", call.id(), other))
                    .isEqualTo("items: Settle each item of the call once: it is one of 2 image, 5 feed");
        }
        assertThat(world.settled("acme", call.id(), "2")).startsWith("items: ");
        var second = world.jdbc()
                .sql("select id from gate_authorization where idempotency_key is null")
                .query(java.util.UUID.class)
                .single();
        assertThat(world.settled("acme", second, "2")).isEqualTo("unknown");
        assertThat(told(world.gate().release("acme", second))).isEqualTo("unknown");
        assertThat(told(world.gate().release("acme", call.id()))).isEqualTo("RELEASED");
        assertThat(world.settledItems("acme", call.id(), "image 2, feed 5")).isEqualTo("refused: RELEASED");

        var late = world.admitted("acme", "k2", "image 4, audio 60");
        var forgotten = world.admitted("acme", "k3", "image 4, audio 60");
        world.moveTo("2026-10-20T12:15:00Z");
        assertThat(world.settledItems("acme", late.id(), "image 4, audio 60")).isEqualTo("refused: EXPIRED");
        world.night(LocalDate.of(2026, 10, 21));
        assertThat(told(world.gate().release("acme", forgotten.id()))).isEqualTo("EXPIRED");
        assertThat(world.held("acme")).isEqualTo("0");

        // One item is also a call of one.
        var one = world.admitted("acme", "k4", "image 4");
        assertThat(world.admitted("acme", "k4", "image", "4")).isEqualTo(one);
        assertThat(world.settledItems("acme", one.id(), "audio 4")).startsWith("items: ");
        assertThat(world.settledItems("acme", one.id(), "image 4")).isEqualTo("SETTLED 1");
        assertThat(world.settled("acme", one.id(), "4")).isEqualTo("SETTLED 1");
        world.verify();
    }

    @Test
    void atTheLimitExactlyThoseAreLetThroughThatFit() throws Exception {
        world.account("hot", "0.3139", "3.139", true);
        List<Callable<Boolean>> calls = IntStream.range(0, 60)
                .<Callable<Boolean>>mapToObj(n -> () -> {
                    if (!(world.ask("hot", "k" + n, "image 1, audio 60") instanceof Decision.Admitted(var call)))
                        return false;
                    if (n % 2 == 0) {
                        assertThat(world.settledItems("hot", call.id(), "audio 61, image 1"))
                                .isEqualTo("SETTLED 0.3139");
                    }
                    return true;
                })
                .toList();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            assertThat(threads.invokeAll(calls))
                    .extracting(java.util.concurrent.Future::resultNow)
                    .filteredOn(admitted -> admitted)
                    .hasSize(11);
        }
        var refused = (Decision.Refused) world.ask("hot", "late", "image 1, audio 60");
        assertThat(plain(refused.price())).isEqualTo("0.3139");
        assertThat(plain(refused.remaining())).isEqualTo("0");
        world.night(LocalDate.of(2026, 10, 21));
        world.verify();
    }

    @Test
    void whatCannotBePricedIsNamed() {
        world.account("acme", "20", "100", true);
        var items = List.of(
                new Asked("a.", "image", java.math.BigDecimal.ONE), new Asked("b.", "video", java.math.BigDecimal.ONE));
        assertThat(world.gate().authorize("acme", "k", items, false))
                .isEqualTo(new Decision.Unusable("b.product", "There is no product 'video'"));
        assertThat(world.gate().authorize("acme", "k", items("image 1, audio 2, image 2"), false))
                .isEqualTo(new Decision.Unusable("product", "'image' is named twice: add its quantities up"));
        assertThat(world.number("select count(*) from gate_authorization")).isZero();
    }
}
