package io.postpaid.bench;

import io.postpaid.web.key.ApiKeys;
import io.postpaid.web.key.Role;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** Calls authorized and settled over HTTP, on the cores that all share; bare: the database, asked to decide as many at once. */
final class GateStage implements Stage {
    private static final int ACCOUNTS = 1_000;
    private static final int FEW = 64;
    private static final int MANY = 256;
    private static final int WARM = 5;
    private static final long PAIRS = 1_000;
    private static final int HALF_OF_PEAK = 2;

    @Override
    public void measure(World world, Month month, Timings timings, String prefix) throws Exception {
        long nanos = Math.clamp(
                month.records() * TimeUnit.MICROSECONDS.toNanos(5),
                TimeUnit.MILLISECONDS.toNanos(50),
                TimeUnit.SECONDS.toNanos(5));
        var accounts = IntStream.range(0, Math.min(ACCOUNTS, month.accounts()))
                .mapToObj(SeededMonth::account)
                .toList();
        var one = accounts.subList(0, 1);
        try (var serving = month.serving().get()) {
            var caller = new GateCaller(
                    serving.port(),
                    serving.get(ApiKeys.class).ofOperator("bench", Role.SERVICE).secret());
            var bare = new GateBare(world);
            for (var each : List.of(world, serving)) {
                // Their limit is far away, and counts for who has a card.
                each.jdbc
                        .sql("update account set payment_method_wanted = 'pm_card_visa'")
                        .update();
            }
            caller.drive(accounts, FEW, WARM * nanos, 0);
            bare.drive(accounts, FEW, nanos);
            // From here on files of the log are used again, as on every server that has run for a while: new ones take
            // 50 ms each.
            world.jdbc.sql("checkpoint").update();
            for (int run = 0; run < Bench.runs(month.records()); run++) {
                long pair = beside(caller, bare, accounts, FEW, nanos, timings, prefix + "gate");
                beside(caller, bare, accounts, MANY, nanos, timings, prefix + "gate-many");
                beside(caller, bare, one, FEW, nanos, timings, prefix + "gate-one");
                var paced = timings.watch(
                        prefix + "gate-p99", () -> caller.drive(accounts, FEW, nanos, HALF_OF_PEAK * pair));
                timings.add(prefix + "gate-p99", paced.percentile(99));
                var alone = timings.watch(prefix + "gate-alone", () -> caller.drive(accounts, 1, nanos / 2, 0));
                timings.add(prefix + "gate-alone", alone.percentile(50));
            }
            prove(serving, caller.settled());
        }
    }

    /** @return nanoseconds of a pair */
    private static long beside(
            GateCaller caller,
            GateBare bare,
            List<String> accounts,
            int clients,
            long nanos,
            Timings timings,
            String name)
            throws Exception {
        var load = timings.watch(name, () -> caller.drive(accounts, clients, nanos, 0));
        timings.add(name, load.nanosOf(PAIRS));
        long began = System.nanoTime();
        long pairs = Math.max(1, bare.drive(accounts, clients, nanos / 2));
        timings.add(name + "-bare", (System.nanoTime() - began) / pairs * PAIRS);
        return load.nanosOf(1);
    }

    /** That all was kept, what {@code verify} asks of the gate, and that nobody went beyond what he had. */
    private static void prove(World world, long settled) {
        long wrong =
                world.jdbc.sql("""
                        select (select sum(broken)
                                  from (select * from verify_gate_held()
                                         union all select * from verify_gate_settled('2026-01-01')
                                         union all select * from verify_gate_usage()
                                         union all select * from verify_gate_limit()) checks)
                             + (select abs(count(*) filter (where status = 'SETTLED') - :settled)
                                     + count(*) filter (where status <> 'SETTLED')
                                  from gate_authorization)
                             + (select count(*)
                                  from account a
                                  join (select account, sum(coalesce(charged, price)) as spent
                                          from gate_authorization
                                         group by account) g on g.account = a.id
                                 where g.spent > a.monthly_limit
                                     + (select coalesce(sum(amount), 0) from credit_grant where account = a.id))""").param("settled", settled).query(Long.class).single();
        if (wrong > 0)
            throw new IllegalStateException("The gate let through what it must not, or lost a call: " + wrong);
    }

    @Override
    public List<Figure> figures(Month month, Timings timings) {
        return List.of(
                rate(timings, "gate, 64 clients, beside the database", "gate", "value >= 1300"),
                rate(timings, "gate, 256 clients, beside the database", "gate-many", "value >= 1700"),
                rate(timings, "gate, one account, beside the database", "gate-one", "value >= 1000"),
                timings.millis("gate at half of that: authorize, p99", "gate-p99", "value <= 15"),
                timings.millis("gate, a client alone: authorize, median", "gate-alone", "value <= 2"));
    }

    private static Figure rate(Timings timings, String name, String work, String goal) {
        return timings.rates(name, work, work + "-bare", PAIRS, "pairs/s", goal);
    }
}
