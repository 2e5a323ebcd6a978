package io.postpaid.platform.batch;

import io.postpaid.platform.audit.Actor;
import io.postpaid.platform.batch.Outcomes.Tally;
import io.postpaid.platform.batch.Steps.Kind;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The parts of steps that several processes do together: which there are, and who does or did each. */
@Component
class Parts {
    private static final JsonMapper JSON = JsonMapper.shared();
    /** What is lost of it with the database is lost together with the run that it is of. */
    private static final String UNHURRIED = "with unhurried as (select set_config('synchronous_commit', 'off', true)) ";

    private final JdbcClient jdbc;

    Parts(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * A run that others may help with.
     *
     * @param likeness what must be the same where they are
     * @param clock where its clock stands still
     */
    record Shared(
            long run,
            Map<String, String> likeness,
            Actor actor,
            @Nullable Instant clock) {}

    /** Parts that nobody does yet. */
    record Waiting(Shared run, Kind kind) {}

    /** @param takes 1 for the first who does it */
    record Taken(long stepExecution, int takes) {}

    /** What was told of a part that a worker did. */
    record Told(long stepExecution, Tally tally) {}

    void share(Shared run) {
        jdbc.sql("""
                        insert into shared_run (run, likeness, who, source, clock)
                        values (:run, cast(:likeness as jsonb), :who, :source, :clock)
                            on conflict (run) do nothing""")
                .param("run", run.run())
                .param("likeness", JSON.writeValueAsString(run.likeness()))
                .param("who", run.actor().who())
                .param("source", run.actor().source())
                .param("clock", run.clock() == null ? null : Timestamp.from(run.clock()))
                .update();
    }

    void open(long run, Kind kind, Collection<Long> stepExecutions) {
        jdbc.sql(UNHURRIED + """
                        insert into part (step_execution, run, step, kind)
                        select p.id, :run, :step, :kind from unhurried, unnest(:parts::bigint[]) p (id)""")
                .param("run", run)
                .param("step", kind.step())
                .param("kind", kind.number())
                .param("parts", stepExecutions.toArray(Long[]::new))
                .update();
    }

    /** Some that wait in the run in progress. */
    Optional<Waiting> waiting() {
        return jdbc.sql("""
                        select p.run, p.step, p.kind, r.likeness::text as likeness, r.who, r.source, r.clock
                          from part p
                          join shared_run r on r.run = p.run
                         where p.ended_at is null and p.done_by is null and not p.refused and %s
                         order by p.step_execution
                         limit 1""".formatted(LIVE))
                .param("lock", Runs.RUN_LOCK)
                .query((row, n) -> {
                    var clock = row.getTimestamp("clock");
                    var run = new Shared(
                            row.getLong("run"),
                            JSON.readValue(row.getString("likeness"), new TypeReference<Map<String, String>>() {}),
                            new Actor(row.getString("who"), row.getString("source")),
                            clock == null ? null : clock.toInstant());
                    return new Waiting(run, new Kind(row.getString("step"), row.getInt("kind")));
                })
                .optional();
    }

    /** The process that runs it is there, and has not ended it. */
    private static final String LIVE = """
            exists (select
                      from shared_run s
                      join batch_job_execution e on e.job_execution_id = s.run
                     where s.run = p.run and not s.is_over and e.status in ('STARTING', 'STARTED'))
              and\s""" + RunHistory.LOCK_IS_HELD;

    /** Whether a worker's parts of a run are still wanted. */
    boolean isLive(long run) {
        return jdbc.sql("select " + LIVE + " from (select cast(:run as bigint) as run) p")
                .param("run", run)
                .param("lock", Runs.RUN_LOCK)
                .query(Boolean.class)
                .single();
    }

    /**
     * Takes one.
     *
     * @param worker null for the process that runs the run, which also does what a worker could not
     */
    Optional<Taken> take(long run, Kind kind, @Nullable Long worker, String by) {
        return jdbc.sql(UNHURRIED + """
                        update part
                           set worker = :worker, done_by = :by, takes = takes + 1
                          from unhurried
                         where step_execution = (
                                   select step_execution
                                     from part
                                    where run = :run and step = :step and kind = :kind and ended_at is null and done_by is null
                                      and (cast(:worker as bigint) is null
                                           or not refused and exists (select from worker w where w.id = :worker and w.left_at is null))
                                    order by step_execution
                                    limit 1
                                      for update skip locked)
                        returning step_execution, takes""")
                .param("run", run)
                .param("step", kind.step())
                .param("kind", kind.number())
                .param("worker", worker)
                .param("by", by)
                .query(Taken.class)
                .optional();
    }

    /** It is done, unless it was given to somebody else meanwhile. */
    void end(long stepExecution, @Nullable Long worker, Tally tally) {
        jdbc.sql(UNHURRIED + """
                        update part
                           set ended_at = clock_timestamp(), tried = :tried, reasons = cast(:reasons as jsonb)
                          from unhurried
                         where step_execution = :id and ended_at is null and worker is not distinct from :worker""")
                .param("id", stepExecution)
                .param("worker", worker)
                .param("tried", tally.tried())
                .param("reasons", JSON.writeValueAsString(tally.reasons()))
                .update();
    }

    /**
     * A worker leaves it to others.
     *
     * @param refused to the process that runs the run, since it cannot be done here
     */
    void giveBack(long stepExecution, long worker, boolean refused) {
        jdbc.sql("""
                        update part set worker = null, done_by = null, refused = refused or :refused
                         where step_execution = :id and ended_at is null and worker = :worker""")
                .param("id", stepExecution)
                .param("worker", worker)
                .param("refused", refused)
                .update();
    }

    /** Takes away what workers had that are no more. */
    void takeFromTheDead() {
        jdbc.sql("""
                        update part set worker = null, done_by = null
                         where ended_at is null and worker in (select id from worker where left_at is not null)""").update();
    }

    boolean hasOpen(long run, Kind kind) {
        return jdbc.sql("""
                        select exists (select from part
                                        where run = :run and step = :step and kind = :kind and ended_at is null)""")
                .param("run", run)
                .param("step", kind.step())
                .param("kind", kind.number())
                .query(Boolean.class)
                .single();
    }

    /** What workers told of these. */
    List<Told> told(Collection<Long> stepExecutions) {
        return jdbc.sql("""
                        select step_execution, tried, reasons::text as reasons
                          from part
                         where step_execution = any(:parts) and worker is not null and ended_at is not null""")
                .param("parts", stepExecutions.toArray(Long[]::new))
                .query((row, n) -> new Told(
                        row.getLong("step_execution"),
                        new Tally(
                                row.getLong("tried"),
                                JSON.readValue(row.getString("reasons"), new TypeReference<Map<String, Long>>() {}))))
                .list();
    }

    /** How many items of these workers have looked at so far. */
    long readByWorkers(Collection<Long> stepExecutions) {
        return jdbc.sql("""
                        select coalesce(sum(s.read_count), 0)
                          from part p
                          join batch_step_execution s on s.step_execution_id = p.step_execution
                         where p.step_execution = any(:parts) and p.worker is not null""")
                .param("parts", stepExecutions.toArray(Long[]::new))
                .query(Long.class)
                .single();
    }

    /** No part of any run is wanted any more; the caller holds the lock of runs. */
    void endRuns() {
        jdbc.sql("update shared_run set is_over = true where not is_over").update();
    }

    /** Whether workers are still at parts of runs that are over. */
    boolean areLeftOver() {
        return jdbc.sql("""
                        select exists (select from part p join worker w on w.id = p.worker
                                        where p.ended_at is null and w.left_at is null)""").query(Boolean.class).single();
    }

    /** Nobody does any part. */
    void clear() {
        jdbc.sql("update part set ended_at = clock_timestamp() where ended_at is null")
                .update();
    }
}
