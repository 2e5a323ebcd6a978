package io.postpaid.bench;

import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import javax.sql.DataSource;

/** Drafting and issuing, by the steps of the monthly run; bare: as many empty transactions, each written to the disk. */
final class IssueStage implements Stage {
    private static final int ACCOUNTS_PER_TRANSACTION = 200;
    private static final int PARTITIONS = 4;

    @Override
    public void measure(World world, Month month, Timings timings, String prefix) throws Exception {
        var took = world.steps(
                "monthly",
                Bench.FIRST,
                List.of("freezePeriod", "gatherStatistics", "draftInvoices", "issueInvoices", "proveTotals"));
        timings.add(
                prefix + "issue",
                Stream.of("gather-statistics", "draft-invoices", "issue-invoices")
                        .mapToLong(step -> took.getOrDefault(step, 0L))
                        .sum());
        long issued = world.jdbc
                .sql("select count(*) from invoice where number is not null")
                .query(Long.class)
                .single();
        if (issued == 0) throw new IllegalStateException("no invoice was issued");
        timings.add(prefix + "invoices", issued);
        long chunks = PARTITIONS + month.accounts() / ACCOUNTS_PER_TRANSACTION + 1;
        try (var connection = world.get(DataSource.class).getConnection();
                var statement = connection.createStatement()) {
            timings.time(prefix + "commits", () -> {
                for (long n : LongStream.range(0, chunks).toArray()) {
                    // A transaction without an id is not written.
                    statement.execute("select pg_current_xact_id(), " + n);
                }
            });
        }
    }
}
