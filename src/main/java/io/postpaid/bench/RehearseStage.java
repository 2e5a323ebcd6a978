package io.postpaid.bench;

import io.postpaid.books.rehearse.Findings;
import io.postpaid.books.rehearse.Rehearsals;
import io.postpaid.platform.calendar.BillingPeriod;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.springframework.core.io.ClassPathResource;

/** A billed month of three products a day for every account, rehearsed; bare: its journal, read by one plain query. */
final class RehearseStage implements Stage {
    private static final int PRODUCTS = 3;

    @Override
    public void measure(World world, Month month, Timings timings, String prefix) throws Exception {
        var statements = new ClassPathResource("bench/rehearse.sql")
                .getContentAsString(StandardCharsets.UTF_8)
                .split(";\\R\\s*");
        for (var sql : statements) {
            var statement = world.jdbc.sql(sql);
            if (sql.contains(":first")) statement = statement.param("first", Bench.FIRST);
            if (sql.contains("insert into") || sql.startsWith("vacuum")) statement.update();
            else statement.query().listOfRows();
        }
        world.steps("monthly", Bench.FIRST, List.of("draftInvoices", "issueInvoices"));
        var found = new Findings();
        timings.time(
                prefix + "rehearse",
                () -> world.get(Rehearsals.class)
                        .run(new Rehearsals.Wanted(BillingPeriod.of(Bench.FIRST), null, null, true), _ -> {}, found));
        if (found.accounts() != month.accounts() || !found.changed().isEmpty()) {
            throw new IllegalStateException("a rehearsal is not what was billed: " + found.largest(1));
        }
        timings.time(
                prefix + "read",
                () -> world.jdbc
                        .sql("select sum(l.amount) from usage_journal cross join unnest(lines) l where period = :first")
                        .param("first", Bench.FIRST)
                        .query()
                        .listOfRows());
    }

    /** 100,000 accounts in five minutes. */
    @Override
    public List<Figure> figures(Month month, Timings timings) {
        return List.of(timings.rates(
                "rehearse, beside reading the journal",
                "rehearse",
                "read",
                (long) month.accounts() * Bench.DAYS * PRODUCTS,
                "days/s",
                "value >= 31000"));
    }
}
