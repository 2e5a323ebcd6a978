package io.postpaid.usage.aggregate;

import io.postpaid.platform.home.Home;
import io.postpaid.usage.admission.OwnConnection;
import io.postpaid.usage.aggregate.Aggregation.Progress;
import io.postpaid.usage.aggregate.KeptRuns.Applied;
import io.postpaid.usage.aggregate.KeptRuns.Kept;
import io.postpaid.usage.aggregate.KeptRuns.Missing;
import io.postpaid.usage.aggregate.RunResult.SumLine;
import io.postpaid.usage.format.UnreadableUsage;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.util.FileSystemUtils;

/** Proves the imported sums against the records that runs have kept. */
@Component
public class RunProof {
    private static final int SHOWN = 100;

    private final DataSource database;
    private final Home home;
    private final SparkProcess spark;

    RunProof(DataSource database, Home home, SparkProcess spark) {
        this.database = database;
        this.home = home;
        this.spark = spark;
    }

    /**
     * What was imported and what is kept of a day.
     *
     * @param state what such records cost: all that is billed, or nothing
     * @param voided how many were taken back
     * @param of how many differences the run has; the first of them are given
     */
    public record Difference(
            String run,
            String account,
            String product,
            LocalDate day,
            String state,
            long records,
            long keptRecords,
            BigDecimal quantity,
            BigDecimal keptQuantity,
            long voided,
            long keptVoided,
            long of) {}

    /** @param missing runs whose records are not where they were left */
    public record Proof(List<String> runs, List<String> missing, List<Difference> differences) {
        public boolean holds() {
            return missing.isEmpty() && differences.isEmpty();
        }
    }

    /** @param run null for all of them */
    public Proof prove(@Nullable String run, String master, Progress progress) {
        try (var connection = new OwnConnection(database, true)) {
            var kept = connection.commit(() -> kept(connection.jdbc(), run));
            if (kept.runs().isEmpty() && run == null) return new Proof(List.of(), List.of(), List.of());
            if (kept.runs().isEmpty()) throw new UnreadableUsage("There is no run '" + run + "'");
            var work = Files.createTempDirectory(
                    Files.createDirectories(home.path().resolve("aggregate")), ".verify");
            try {
                return prove(connection, kept, new RunResult(work), master, progress);
            } finally {
                FileSystemUtils.deleteRecursively(work);
            }
        } catch (IOException e) {
            throw new UnreadableUsage("The proof cannot write below %s: %s".formatted(home.path(), e.getMessage()), e);
        }
    }

    private Proof prove(OwnConnection connection, KeptRuns kept, RunResult result, String master, Progress progress)
            throws IOException {
        var file = result.folder().resolve("kept.json");
        Aggregation.JSON.writeValue(file, kept);
        spark.run(master, result, progress, "--verify", file.toString());
        var missing =
                Aggregation.JSON.readValue(result.summary(), Missing.class).runs();
        var asked = kept.runs().stream().filter(Kept::proved).map(Kept::run).toList();
        var differences = new ArrayList<Difference>();
        for (var run : asked) {
            if (missing.contains(run)) continue;
            var sums = new RunResult(result.folder().resolve(run)).sums();
            differences.addAll(connection.commit(() -> differences(connection.jdbc(), run, sums)));
        }
        return new Proof(asked, missing, differences);
    }

    private KeptRuns kept(JdbcClient jdbc, @Nullable String run) {
        // A run that is imported meanwhile is in neither of the two.
        jdbc.sql("set transaction isolation level repeatable read").update();
        var runs = jdbc.sql("""
                        select id as run, n, folder, :run::text is null or id = :run as proved
                          from usage_run
                         where :run::text is null or n <= (select n from usage_run where id = :run)
                         order by n""")
                .param("run", run)
                .query((row, i) -> new Kept(
                        row.getString("run"),
                        row.getInt("n"),
                        SnapshotStore.located(row.getString("folder"), home.path()),
                        row.getBoolean("proved")))
                .list();
        var corrections = jdbc.sql("""
                        select v.voided_key as voided, v.account, r.n
                          from usage_void v
                          join usage_file f on f.id = v.file
                          join usage_run r on r.id = f.run
                         where v.applied_at is not null""").query(Applied.class).list();
        return new KeptRuns(runs, corrections);
    }

    private static List<Difference> differences(JdbcClient jdbc, String run, Path sums) {
        jdbc.sql("create temp table kept_sum (like usage_run_sum) on commit drop")
                .update();
        RunImport.pages(sums, SumLine.class, page -> keep(jdbc, run, page));
        return jdbc.sql("""
                        select :run as run, account, product, day,
                               case when failed then 'failed' when billable then 'billed' else 'free' end as state,
                               coalesce(i.records, 0) as records, coalesce(k.records, 0) as kept_records,
                               coalesce(i.quantity, 0) as quantity, coalesce(k.quantity, 0) as kept_quantity,
                               coalesce(i.voided_records, 0) as voided, coalesce(k.voided_records, 0) as kept_voided,
                               count(*) over () as of
                          from (select * from usage_run_sum where run = :run) i
                          full join kept_sum k using (account, product, day, failed, billable)
                         where (i.records, i.quantity, i.voided_records, i.voided_quantity)
                               is distinct from (k.records, k.quantity, k.voided_records, k.voided_quantity)
                         order by account, product, day
                         limit :shown""")
                .param("run", run)
                .param("shown", SHOWN)
                .query(Difference.class)
                .list();
    }

    private static void keep(JdbcClient jdbc, String run, List<SumLine> sums) {
        RunImport.with(sums, jdbc.sql("""
                        insert into kept_sum (run, account, product, day, failed, billable, records, quantity, voided_records,
                                              voided_quantity)
                        select :run, s.* from %s s""".formatted(RunImport.SUMS)))
                .param("run", run)
                .update();
    }
}
