package io.postpaid.bench;

import java.sql.Timestamp;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The database alone, asked to decide what the gate's callers ask: over as many connections as decide, and as many calls at once as there are clients. */
final class GateBare {
    private static final int LANES = 2;
    private static final int BATCH_MAX = 128;

    private final World world;
    private final Timestamp now = Timestamp.from(Bench.NEXT.atTime(8, 0).toInstant(ZoneOffset.UTC));

    GateBare(World world) {
        this.world = world;
    }

    /** @return pairs that were decided */
    long drive(List<String> accounts, int clients, long nanos) throws Exception {
        long end = System.nanoTime() + nanos;
        int lanes = Math.min(LANES, accounts.size());
        try (var threads = Executors.newFixedThreadPool(lanes)) {
            var work = IntStream.range(0, lanes)
                    .<Callable<Long>>mapToObj(lane -> () -> lane(
                            IntStream.range(0, accounts.size())
                                    .filter(n -> n % lanes == lane)
                                    .mapToObj(accounts::get)
                                    .toList(),
                            Math.min(BATCH_MAX, clients / lanes),
                            end))
                    .toList();
            long pairs = 0;
            for (var done : threads.invokeAll(work)) pairs += done.get();
            return pairs;
        }
    }

    private record Held(String account, UUID id) {}

    /** One half of each batch ends what the other half of the one before has begun. */
    private long lane(List<String> accounts, int batch, long end) {
        long pairs = 0;
        int next = 0;
        List<Held> held = List.of();
        do {
            var asked = new ArrayList<String>();
            while (asked.size() < batch / 2 && System.nanoTime() < end)
                asked.add(accounts.get(next++ % accounts.size()));
            pairs += held.size();
            held = decide(held, asked);
        } while (!held.isEmpty());
        return pairs;
    }

    private List<Held> decide(List<Held> ends, List<String> asked) {
        var decided = world.jdbc
                .sql("""
                        with calls as (
                            select row(c.n, 1, 1, case when c.id is null then 'HOLD' else 'SETTLE' end, c.account,
                                       :now::timestamptz, 'image', case when c.id is null then 5 else 3 end,
                                       gen_random_uuid()::text, 0.0102, true, true, (select version from price_book_version),
                                       :now::timestamptz + interval '15 minutes', c.id, c.id, null, null)::gate_call as call, c.n
                              from unnest(:accounts::text[], :ids::uuid[]) with ordinality as c (account, id, n)
                        )
                        select (d.this_call).account, (d.this_call).id
                          from gate_decide(array(select call from calls order by n), '30s') d
                         where d.outcome in ('HELD', 'DONE')
                         order by d.place""")
                .param("now", now)
                .param(
                        "accounts",
                        Stream.concat(ends.stream().map(Held::account), asked.stream())
                                .toArray(String[]::new))
                .param(
                        "ids",
                        Stream.concat(ends.stream().map(Held::id), Collections.nCopies(asked.size(), null).stream())
                                .toArray(UUID[]::new))
                .query(Held.class)
                .list();
        if (decided.size() != ends.size() + asked.size()) {
            throw new IllegalStateException("The database refused a call of the bench");
        }
        return decided.subList(ends.size(), decided.size());
    }
}
