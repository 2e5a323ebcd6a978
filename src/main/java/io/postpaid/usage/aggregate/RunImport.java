package io.postpaid.usage.aggregate;

import io.postpaid.platform.audit.WhoActs;
import io.postpaid.platform.batch.Column;
import io.postpaid.usage.aggregate.RunResult.CorrectionLine;
import io.postpaid.usage.aggregate.RunResult.FileLine;
import io.postpaid.usage.aggregate.RunResult.HeldLine;
import io.postpaid.usage.aggregate.RunResult.SumLine;
import io.postpaid.usage.aggregate.RunResult.Summary;
import io.postpaid.usage.format.UnreadableUsage;
import io.postpaid.usage.intake.IngestOutcome;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Takes the result of a run into the database, all of it in the transaction that it is called in. */
@Component
class RunImport {
    private static final int PAGE = 5_000;

    /** A page of sums as rows. */
    static final String SUMS = """
            unnest(:accounts::text[], :products::text[], :days::date[], :failed::boolean[], :billable::boolean[],
                   :records::bigint[], :quantities::numeric[], :voidedRecords::bigint[], :voidedQuantities::numeric[])""";

    private final InstantSource clock;
    private final WhoActs who;

    RunImport(InstantSource clock, WhoActs who) {
        this.clock = clock;
        this.who = who;
    }

    /** A run that is imported. */
    record Imported(String content, String folder, long records) {}

    /** Holds until the connection is closed; false if another one holds it. */
    boolean lock(JdbcClient jdbc) {
        return jdbc.sql("select pg_try_advisory_lock(hashtextextended('usage_aggregate', 0))")
                .query(Boolean.class)
                .single();
    }

    Optional<Imported> imported(JdbcClient jdbc, String run) {
        return jdbc.sql("select content, folder, records from usage_run where id = :run")
                .param("run", run)
                .query(Imported.class)
                .optional();
    }

    Aggregation.Outcome outcome(JdbcClient jdbc, String run, boolean before) {
        var imported = jdbc.sql("select content, folder, records from usage_run where id = :run")
                .param("run", run)
                .query(Imported.class)
                .single();
        var files = jdbc.sql("""
                        select name as file, lines, records, accepted, duplicates, quarantined, left_out
                          from usage_file
                         where run = :run
                         order by id""").param("run", run).query(IngestOutcome.class).list();
        return new Aggregation.Outcome(run, before, imported.folder(), imported.records(), files);
    }

    void take(JdbcClient jdbc, Summary summary, RunResult result) {
        who.say(jdbc);
        claim(jdbc, summary.sources());
        long entry = enter(jdbc, summary);
        var files = files(jdbc, summary, result);
        pages(result.held(), HeldLine.class, lines -> held(jdbc, files, lines));
        pages(result.corrections(), CorrectionLine.class, lines -> corrections(jdbc, files, lines));
        jdbc.sql("update usage_void set applied_at = :now where voided_key = any(:keys::uuid[]) and applied_at is null")
                .param("now", now())
                .param("keys", Column.of(summary.applied(), key -> key))
                .update();
        pages(result.sums(), SumLine.class, sums -> sums(jdbc, summary.run(), entry, sums));
    }

    private Timestamp now() {
        return Timestamp.from(clock.instant());
    }

    private static void claim(JdbcClient jdbc, List<String> sources) {
        jdbc.sql("""
                        insert into usage_source (source, path)
                        select source, 'AGGREGATED' from unnest(:sources::text[]) source
                            on conflict (source) do nothing""").param("sources", Column.of(sources, source -> source)).update();
        jdbc.sql("select source from usage_source where source = any(:sources) and path = 'INGESTED' limit 1")
                .param("sources", Column.of(sources, source -> source))
                .query(String.class)
                .optional()
                .ifPresent(source -> {
                    throw new UnreadableUsage(
                            "Usage of the source '%s' was ingested while it was aggregated: run it again"
                                    .formatted(source));
                });
    }

    private long enter(JdbcClient jdbc, Summary summary) {
        long entry = jdbc.sql("""
                        insert into usage_file (name, format, started_at, ended_at)
                        values (:name, 'parquet', :now, :now)
                        returning id""")
                .param("name", "run " + summary.run())
                .param("now", now())
                .query(Long.class)
                .single();
        jdbc.sql("""
                        insert into usage_run (id, n, content, snapshot, folder, file, records, imported_at)
                        values (:id, (select coalesce(max(n), 0) + 1 from usage_run), :content, :snapshot, :folder, :file,
                                :records, :now)""")
                .param("id", summary.run())
                .param("content", summary.content())
                .param("snapshot", summary.snapshot())
                .param("folder", summary.folder())
                .param("file", entry)
                .param("records", summary.records())
                .param("now", now())
                .update();
        return entry;
    }

    /** Gives the ids of the files, by their places in the run. */
    private long[] files(JdbcClient jdbc, Summary summary, RunResult result) {
        var mapping = Aggregation.JSON
                .readValue(result.folder().resolve("snapshot.json"), Snapshot.class)
                .mapping();
        var ids = new ArrayList<Long>();
        pages(result.files(), FileLine.class, files -> {
            var next = jdbc.sql("select nextval('usage_file_id_seq') from generate_series(1, :count)")
                    .param("count", files.size())
                    .query(Long.class)
                    .list();
            jdbc.sql("""
                            insert into usage_file (id, name, format, header, mapping, started_at, ended_at, lines, accepted,
                                                    duplicates, quarantined, left_out, records, fingerprint, run)
                            overriding system value
                            select f.*, :run
                              from unnest(:ids::bigint[], :names::text[], :formats::text[], :headers::text[],
                                          array_fill(:mapping::text, array[:count]), array_fill(:now::timestamptz, array[:count]),
                                          array_fill(:now::timestamptz, array[:count]), :lines::bigint[], :accepted::bigint[],
                                          :duplicates::bigint[], :quarantined::bigint[], :leftOut::bigint[], :records::bigint[],
                                          :fingerprints::bigint[]) f""")
                    .param("run", summary.run())
                    .param("ids", Column.of(next, id -> id))
                    .param("names", Column.of(files, FileLine::name))
                    .param("formats", Column.of(files, FileLine::format))
                    .param("headers", Column.of(files, FileLine::header))
                    .param("mapping", mapping == null ? null : mapping.text())
                    .param("count", files.size())
                    .param("now", now())
                    .param("lines", Column.of(files, FileLine::lines))
                    .param("accepted", Column.of(files, FileLine::accepted))
                    .param("duplicates", Column.of(files, FileLine::duplicates))
                    .param("quarantined", Column.of(files, FileLine::quarantined))
                    .param("leftOut", Column.of(files, FileLine::leftOut))
                    .param("records", Column.of(files, FileLine::records))
                    .param("fingerprints", Column.of(files, FileLine::fingerprint))
                    .update();
            ids.addAll(next);
        });
        return ids.stream().mapToLong(id -> id).toArray();
    }

    private static void held(JdbcClient jdbc, long[] files, List<HeldLine> lines) {
        jdbc.sql("""
                        insert into usage_quarantine (file, line, reason, detail, account, raw, line_id)
                        select * from unnest(:files::bigint[], :lines::bigint[], :reasons::text[], :details::text[],
                                             :accounts::text[], :raws::text[], :ids::text[])""")
                .param("files", Column.of(lines, line -> files[line.file()]))
                .param("lines", Column.of(lines, HeldLine::line))
                .param("reasons", Column.of(lines, HeldLine::reason))
                .param("details", Column.of(lines, HeldLine::detail))
                .param("accounts", Column.of(lines, HeldLine::account))
                .param("raws", Column.of(lines, HeldLine::raw))
                .param("ids", Column.of(lines, HeldLine::lineId))
                .update();
    }

    private static void corrections(JdbcClient jdbc, long[] files, List<CorrectionLine> lines) {
        jdbc.sql("""
                        insert into usage_void (voided_key, key, account, file, line)
                        select * from unnest(:voided::uuid[], :keys::uuid[], :accounts::text[], :files::bigint[],
                                             :lines::bigint[])""")
                .param("voided", Column.of(lines, CorrectionLine::voided))
                .param("keys", Column.of(lines, CorrectionLine::key))
                .param("accounts", Column.of(lines, CorrectionLine::account))
                .param("files", Column.of(lines, line -> files[line.file()]))
                .param("lines", Column.of(lines, CorrectionLine::line))
                .update();
    }

    /** What was accepted and what was taken back arrive side by side, as they do record by record. */
    private static void sums(JdbcClient jdbc, String run, long entry, List<SumLine> sums) {
        with(sums, jdbc.sql("""
                        with sum as (
                            select * from %s
                                  as s (account, product, day, failed, billable, records, quantity, voided_records,
                                        voided_quantity)
                        ), kept as (
                            insert into usage_run_sum (run, account, product, day, failed, billable, records, quantity,
                                                       voided_records, voided_quantity)
                            select :run, account, product, day, failed, billable, records, trim_scale(quantity),
                                   voided_records, trim_scale(voided_quantity)
                              from sum
                        ), arrival as (
                            select account, product, day, billable, records, trim_scale(quantity) as quantity
                              from sum
                             where records > 0
                             union all
                            select account, product, day, billable, -voided_records, -trim_scale(voided_quantity)
                              from sum
                             where voided_records > 0
                        )
                        insert into usage_arrival (file, account, product, day, quantity, records, free_quantity, free_records)
                        select :file, account, product, day, case when billable then quantity else 0 end,
                               case when billable then records else 0 end, case when billable then 0 else quantity end,
                               case when billable then 0 else records end
                          from arrival
                         order by account, day""".formatted(SUMS)))
                .param("run", run)
                .param("file", entry)
                .update();
    }

    /** The statement with what {@link #SUMS} needs. */
    static JdbcClient.StatementSpec with(List<SumLine> sums, JdbcClient.StatementSpec statement) {
        return statement
                .param("accounts", Column.of(sums, SumLine::account))
                .param("products", Column.of(sums, SumLine::product))
                .param("days", Column.of(sums, SumLine::day))
                .param("failed", Column.of(sums, SumLine::failed))
                .param("billable", Column.of(sums, SumLine::billable))
                .param("records", Column.of(sums, SumLine::records))
                .param("quantities", Column.of(sums, SumLine::quantity))
                .param("voidedRecords", Column.of(sums, SumLine::voidedRecords))
                .param("voidedQuantities", Column.of(sums, SumLine::voidedQuantity));
    }

    static <T> void pages(Path file, Class<T> type, Consumer<List<T>> taker) {
        try (var lines = Aggregation.JSON.readerFor(type).<T>readValues(file.toFile())) {
            var page = new ArrayList<T>();
            while (lines.hasNext()) {
                page.add(lines.next());
                if (page.size() == PAGE) {
                    taker.accept(page);
                    page.clear();
                }
            }
            if (!page.isEmpty()) taker.accept(page);
        }
    }
}
