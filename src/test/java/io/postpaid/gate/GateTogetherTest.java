package io.postpaid.gate;

import static io.postpaid.gate.GateWorld.plain;
import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.gate.Call.Item;
import io.postpaid.gate.GateStore.Outcome;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls that are decided together are answered as if each had come alone. */
class GateTogetherTest {
    private static final String NOW = "2026-10-20T12:00:00Z";
    private static final int SEEDS = Integer.getInteger("gate.seeds", 8);
    private static final int OF_EACH = 16;

    @TempDir
    private Path home;

    private static Call settle(String account, UUID id, List<String> products, List<String> used) {
        return Call.settle(
                account,
                id,
                IntStream.range(0, products.size())
                        .mapToObj(n -> Item.used(products.get(n), new BigDecimal(used.get(n % used.size()))))
                        .toList(),
                Instant.parse(NOW));
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
        var kinds = List.of(
                List.of("image"), List.of("image"), List.of("image", "audio"), List.of("feed", "audio", "image"));
        for (int n = 0; n < OF_EACH; n++) {
            // Some come twice, and some twice as another call.
            var key = "k" + (random.nextInt(6) == 0 ? random.nextInt(OF_EACH) : n);
            var at = random.nextInt(5) == 0 ? "2026-10-19T23:50:00Z" : NOW;
            var products = kinds.get(random.nextInt(kinds.size()));
            holds.add(world.hold(
                    accounts.get(n % 2), key, products, Integer.toString(random.nextInt(1, 8)), Instant.parse(at)));
        }
        var held = inParts(world, holds, together);
        var ends = new ArrayList<Call>();
        for (int n = 0; n < OF_EACH; n++) {
            var id = random.nextInt(8) == 0
                    ? new UUID(seed, n)
                    : held.get(n).held().id();
            var used = new ArrayList<>(List.of("0", "1", "2", "0.333333333", "1.5", "7"));
            Collections.shuffle(used, random);
            // Some with items that are not those of the call, and some in another order.
            var products = random.nextInt(8) == 0 ? kinds.get(random.nextInt(4)) : products(held.get(n));
            if (random.nextBoolean()) products = products.reversed();
            var account = accounts.get(random.nextInt(9) == 0 ? (n + 1) % 2 : n % 2);
            ends.add(
                    random.nextInt(5) == 0
                            ? Call.release(account, id, Instant.parse(NOW))
                            : settle(account, id, products, used));
        }
        var lines = new ArrayList<String>();
        held.forEach(outcome -> lines.add(line(outcome)));
        inParts(world, ends, together).forEach(outcome -> lines.add(line(outcome)));
        return lines;
    }

    private static List<String> products(Outcome held) {
        return held.held().items().stream().map(Authorization.Item::product).toList();
    }

    private static List<Outcome> inParts(GateWorld world, List<Call> calls, int together) {
        var outcomes = new ArrayList<Outcome>();
        for (int from = 0; from < calls.size(); from += Math.min(together, OF_EACH)) {
            outcomes.addAll(world.decided(
                    calls.subList(from, Math.min(calls.size(), from + Math.min(together, OF_EACH)))));
        }
        return outcomes;
    }

    /** All that was written about these accounts. */
    private static List<String> kept(GateWorld world, String name) {
        return world.jdbc().sql("""
                        select right(account, 1) || ' ' || concat_ws(' ', 'held', held::numeric(12, 6)) as kept
                          from gate_balance where starts_with(account, :name)
                         union all
                        select right(account, 1) || concat_ws(' ', ' call', coalesce(idempotency_key, first), status, product,
                                                      trim_scale(quantity), billable, proportional, trim_scale(price),
                                                      monthly_limit, authorized_at, expires_at, trim_scale(used),
                                                      trim_scale(charged))
                          from gate_authorization
                          left join (select id, idempotency_key || '+' as first from gate_authorization) f on f.id = call
                         where starts_with(account, :name)
                         union all
                        select right(r.account, 1) || concat_ws(' ', ' record', c.idempotency_key, length(r.id), r.product,
                                                      trim_scale(r.quantity), r.occurred_at, r.billable, r.operation,
                                                      r.file, r.line = a.n, k.file, k.line = a.n, k.day)
                          from usage_record r
                          join gate_authorization a on gate_record_id(a) = gate_record_of(r.id)
                          join gate_authorization c on c.id = coalesce(a.call, a.id)
                          join usage_key k on k.key = r.key
                         where starts_with(r.account, :name)
                         union all
                        select right(account, 1) || concat_ws(' ', ' arrival', file, product, day, trim_scale(quantity), records,
                                                      trim_scale(free_quantity), free_records, trim_scale(gate_charge))
                          from usage_arrival where starts_with(account, :name)
                         order by kept""").param("name", name).query(String.class).list();
    }
}
