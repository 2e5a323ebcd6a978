package io.postpaid.usage.intake;

import io.postpaid.platform.audit.Actor;
import io.postpaid.platform.audit.WhoActs;
import io.postpaid.platform.batch.Alone;
import io.postpaid.platform.batch.Done;
import io.postpaid.platform.batch.Run;
import io.postpaid.platform.home.Home;
import io.postpaid.support.TestDatabase;
import io.postpaid.usage.admission.Windows;
import io.postpaid.usage.mapping.Mapping;
import io.postpaid.usage.mapping.Mappings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.Period;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A database with two accounts and four products, and a clock that stands until it is moved. */
public final class UsageFixture {
    static final Instant NOW = Instant.parse("2026-11-01T08:00:00Z");

    static final Windows WINDOWS = new Windows(Period.ofDays(90), Duration.ofMinutes(5));

    private static final Run NIGHT = new Run("nightly", LocalDate.of(2026, 11, 1), 1);

    final DataSource database = TestDatabase.createDataSource();
    final JdbcClient jdbc = JdbcClient.create(database);
    final AtomicReference<Instant> now = new AtomicReference<>(NOW);
    final InstantSource clock = now::get;
    public final Quarantine quarantine =
            new Quarantine(database, jdbc, clock, WINDOWS, new WhoActs(clock, List.of(), Actor.SYSTEM));
    final Corrections corrections = new Corrections(jdbc, () -> NOW);

    public UsageFixture() {
        account("acme");
        account("globex");
        product("audio", true);
        product("image", true);
        product("text", true);
        product("feed", false);
    }

    public void account(String id) {
        jdbc.sql("""
                insert into account (id, name, email, currency, monthly_limit, free_credit, created_on)
                values (:id, :id, :id || '@example.com', 'USD', 100, 0, date '2026-01-01')
                """).param("id", id).update();
    }

    void product(String id, boolean billable) {
        jdbc.sql("insert into product (id, unit, listed_unit, billable) values (:id, 'unit', 'unit', :billable)")
                .param("id", id)
                .param("billable", billable)
                .update();
    }

    Ingestion ingestion(int batchLines) {
        return ingestion(batchLines, batchLines);
    }

    /** @param bulkLines after how many lines a file that is taken in bulk commits */
    Ingestion ingestion(int batchLines, int bulkLines) {
        return new Ingestion(
                database, clock, WINDOWS, new WhoActs(clock, List.of(), Actor.SYSTEM), batchLines, bulkLines);
    }

    /** @param home has the mappings that folders are called after */
    Inbox inbox(Path home, int batchLines) {
        return new Inbox(ingestion(batchLines), new Mappings(new Home(home)));
    }

    public IngestOutcome ingest(String name, String content) {
        return ingest(name, content, null);
    }

    public IngestOutcome ingest(String name, String content, @Nullable Mapping mapping) {
        return ingestion(1_000)
                .ingest(new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8)), name, mapping, _ -> {});
    }

    public DataSource database() {
        return database;
    }

    public IngestOutcome ingest(Path file) {
        return ingest(file, null);
    }

    public IngestOutcome ingest(Path file, @Nullable Mapping mapping) {
        return ingestion(1_000).ingest(file, mapping, _ -> {});
    }

    /** Takes back what corrections name, as the night does. */
    public void correct() {
        applyCorrections();
    }

    /** Forgets all usage, but not accounts and products. */
    void clear() {
        jdbc.sql("""
                with arrival as (delete from usage_arrival), batch as (delete from arrived_batch), record as (delete from usage_record),
                     correction as (delete from usage_void), line as (delete from usage_quarantine)
                delete from usage_key
                """).update();
        jdbc.sql("delete from usage_file").update();
    }

    public List<String> arrivals() {
        return strings("""
                select concat_ws(' ', account, product, day, trim_scale(sum(quantity)), sum(records),
                                 trim_scale(sum(free_quantity)), sum(free_records))
                  from arrived_usage
                 group by account, product, day
                 order by account, product, day
                """);
    }

    /** The sums of the records themselves less those taken back: what the arrivals must add up to. */
    public List<String> records() {
        return strings("""
                select concat_ws(' ', r.account, product, (occurred_at at time zone 'UTC')::date,
                                 trim_scale(coalesce(sum(quantity) filter (where billable), 0)),
                                 count(*) filter (where billable),
                                 trim_scale(coalesce(sum(quantity) filter (where not billable), 0)),
                                 count(*) filter (where not billable))
                  from usage_record r
                  left join usage_void v on v.voided_key = r.key and v.applied_at is not null
                 where v.key is null
                 group by r.account, product, (occurred_at at time zone 'UTC')::date
                 order by r.account, product, (occurred_at at time zone 'UTC')::date
                """);
    }

    List<String> quarantined() {
        return strings("""
                select f.name || ':' || q.line || ' ' || q.reason || ' ' || q.detail
                  from usage_quarantine q
                  join usage_file f on f.id = q.file
                 where q.released_at is null
                 order by q.file, q.line
                """);
    }

    List<String> files() {
        return strings("""
                select concat_ws(' ', name, format, lines, accepted, duplicates, quarantined,
                                 case when ended_at is null then 'unfinished' else 'ended' end)
                  from usage_file
                 order by id
                """);
    }

    public List<String> strings(String sql) {
        return jdbc.sql(sql).query(String.class).list();
    }

    static Path write(Path file, String content) {
        try {
            Files.createDirectories(file.getParent());
            return Files.writeString(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String line(String id, String account, String product, String quantity, String occurredAt) {
        return """
                {"id":"%s","account":"%s","product":"%s","quantity":"%s","occurred_at":"%s"}
                """.formatted(id, account, product, quantity, occurredAt);
    }

    static String voiding(String id, String voids, String account) {
        return """
                {"id":"%s","type":"void","voids":"%s","account":"%s","occurred_at":"2026-10-20T00:00:00Z"}
                """.formatted(id, voids, account);
    }

    long applyCorrections() {
        return Alone.run(database, NIGHT, corrections::pending).written();
    }

    Done releaseEarly() {
        return Alone.run(database, NIGHT, quarantine::early);
    }
}
