package io.postpaid.bench;

import io.postpaid.usage.intake.Ingestion;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;

/** The stages of a month, in its order; what is bare and writes as much as the month comes last. */
final class Stages {
    private static final int ACCOUNTS_PER_TRANSACTION = 200;
    private static final int PARTITIONS = 4;

    static final List<Stage> OF_MONTH = List.of(Stages::ingest, Stages::meter, Stages::issue, Stages::copy);

    private Stages() {}

    /** NDJSON.gz into the books. */
    private static void ingest(World world, Month month, Timings timings, String prefix) throws Exception {
        long before = world.databaseSize();
        timings.time(prefix + "ingest", () -> {
            var outcome = world.get(Ingestion.class).ingest(month.file(), null, _ -> {});
            if (outcome.accepted() != month.records()) throw new IllegalStateException("not all was taken: " + outcome);
        });
        timings.add(prefix + "bytes", world.databaseSize() - before);
    }

    /** New records to daily cost and ledger, by the steps of the nightly run; bare: their sums, by one plain query. */
    private static void meter(World world, Month month, Timings timings, String prefix) throws Exception {
        world.jdbc.sql("analyze").update();
        var took = timings.watch(
                prefix + "meter-and-rate",
                () -> world.steps("nightly", Bench.NEXT, List.of("grantAllowances", "meterAndRate")));
        timings.add(prefix + "meter-and-rate", took.getOrDefault("meter-and-rate", 0L));
        timings.time(
                prefix + "group-by", () -> world.jdbc.sql("""
                                select count(*)
                                  from (select account, product, (occurred_at at time zone 'UTC')::date as day, sum(quantity)
                                          from usage_record
                                         group by 1, 2, 3) sums""").query(Long.class).single());
    }

    /** Drafting and issuing, by the steps of the monthly run; bare: as many empty transactions, each written to the disk. */
    private static void issue(World world, Month month, Timings timings, String prefix) throws Exception {
        var took = timings.watch(
                prefix + "issue",
                () -> world.steps(
                        "monthly",
                        Bench.FIRST,
                        List.of("freezePeriod", "gatherStatistics", "draftInvoices", "issueInvoices", "proveTotals")));
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
                // A transaction without an id is not written.
                for (long n = 0; n < chunks; n++) statement.execute("select pg_current_xact_id()");
            });
        }
    }

    /** What ingest is compared with: COPY of the same rows into the same tables, in the order of the file, as one stream. */
    private static void copy(World world, Month month, Timings timings, String prefix) throws Exception {
        var keys = month.folder().resolve("keys");
        var records = month.folder().resolve("records");
        world.copy("copy (select * from usage_key order by file, line) to stdout (format binary)", keys);
        world.copy("copy (select * from usage_record order by file, line) to stdout (format binary)", records);
        try (var bare = month.another().get()) {
            bare.jdbc
                    .sql("select usage_record_month(:day)")
                    .param("day", Bench.FIRST)
                    .query()
                    .listOfRows();
            timings.time(prefix + "copy", () -> {
                bare.copy("copy usage_key from stdin (format binary)", keys);
                bare.copy("copy usage_record from stdin (format binary)", records);
            });
        }
        Files.delete(keys);
        Files.delete(records);
    }
}
