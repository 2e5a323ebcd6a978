package io.postpaid.bench;

import java.util.List;

/** New records to daily cost and ledger, by the steps of the nightly run; bare: their sums, by one plain query. */
final class MeterStage implements Stage {
    @Override
    public void measure(World world, Month month, Timings timings, String prefix) throws Exception {
        world.jdbc.sql("analyze").update();
        var took = world.steps("nightly", Bench.NEXT, List.of("grantAllowances", "meterAndRate"));
        timings.add(prefix + "meter-and-rate", took.getOrDefault("meter-and-rate", 0L));
        timings.time(
                prefix + "group-by", () -> world.jdbc.sql("""
                                select count(*)
                                  from (select account, product, (occurred_at at time zone 'UTC')::date as day, sum(quantity)
                                          from usage_record
                                         group by 1, 2, 3) sums""").query(Long.class).single());
    }
}
