package io.postpaid.platform.batch;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import io.postpaid.platform.batch.RunReport.PartReport;
import io.postpaid.platform.batch.RunReport.StepReport;
import io.postpaid.platform.calendar.BillingPeriod;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What was run, from what the framework and the steps have written. */
@Component
public class RunHistory {
    private static final int PAGE = 500;
    /** Of an advisory lock {@code :lock}. */
    static final String LOCK_IS_HELD = """
            exists (select
                      from pg_locks
                     where locktype = 'advisory' and granted and objsubid = 1
                       and database = (select oid from pg_database where datname = current_database())
                       and classid::bigint = :lock >> 32 and objid::bigint = :lock & 4294967295)""";

    private static final RowMapper<StepReport> STEP = Row.to(StepReport.class);
    private static final RowMapper<PartReport> PART = Row.to(PartReport.class);

    private final JdbcClient jdbc;

    RunHistory(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** What the schedules go on from. */
    Schedule.History history() {
        return jdbc.sql("""
                        select min(date) filter (where job = 'nightly') as first_night,
                               max(date) filter (where job = 'nightly' and status = 'COMPLETED') as last_night,
                               max(date) filter (where job = 'monthly' and status = 'COMPLETED') as last_month
                          from run""").query(Schedule.History.class).single();
    }

    /** The latest date whose nightly run is done, in seconds since 1970; 0 if there is none. */
    public long lastNightAt() {
        var night = history().lastNight();
        return night == null ? 0 : night.toEpochDay() * 86_400;
    }

    /** Whether every day before this one is closed by a nightly run. */
    boolean isClosedBefore(LocalDate day) {
        return jdbc.sql(
                        "select exists (select from run where job = 'nightly' and status = 'COMPLETED' and date >= :day)")
                .param("day", day)
                .query(Boolean.class)
                .single();
    }

    boolean isDone(String job, LocalDate date) {
        return jdbc.sql("select exists (select from run where job = :job and date = :date and status = 'COMPLETED')")
                .param("job", job)
                .param("date", date)
                .query(Boolean.class)
                .single();
    }

    /** The run of a date that is not complete yet: the last one, or one more. */
    Run next(String job, LocalDate date) {
        return jdbc.sql("""
                        select job, date, n + case status when 'COMPLETED' then 1 else 0 end as n
                          from run
                         where job = :job and date = :date and latest
                         order by run.n desc
                         limit 1""")
                .param("job", job)
                .param("date", date)
                .query(Run.class)
                .optional()
                .orElse(new Run(job, date, 1));
    }

    Optional<Run> run(long id) {
        return jdbc.sql("select job, date, n from run where id = :id")
                .param("id", id)
                .query(Run.class)
                .optional();
    }

    /** The runs whose latest execution failed or was killed, oldest first. */
    public List<RunReport> failed() {
        return read("select * from counted_run where latest and status <> 'COMPLETED' order by id", Map.of());
    }

    /** All executions, newest first, read page by page. */
    public void each(Consumer<RunReport> reader) {
        var page = before(Long.MAX_VALUE, PAGE);
        while (!page.isEmpty()) {
            page.forEach(reader);
            page = before(page.getLast().id(), PAGE);
        }
    }

    /** The executions before one, newest first. */
    public List<RunReport> before(long id, int most) {
        return read(
                "select * from counted_run where id < :before order by id desc limit :page",
                Map.of("before", id, "page", most));
    }

    /** How long a step took in the latest runs of a job that came to their end, in milliseconds. */
    public record StepTimes(String step, int runs, long median, long longest) {}

    /** Of each step of a job, by its name. */
    public List<StepTimes> stepTimes(String job) {
        return jdbc.sql("""
                        select s.step_name as step, count(*) as runs,
                               round(1000 * percentile_cont(0.5) within group (order by extract(epoch from s.end_time - s.start_time))) as median,
                               round(1000 * max(extract(epoch from s.end_time - s.start_time))) as longest
                          from (select id from run where job = :job and status = 'COMPLETED' order by id desc limit 30) r
                          join batch_step_execution s on s.job_execution_id = r.id
                         where position(':' in s.step_name) = 0 and s.end_time is not null
                         group by 1
                         order by min(s.step_execution_id)""").param("job", job).query(StepTimes.class).list();
    }

    /** How long the steps of a run that are at work have been so, in milliseconds by the clock of the machine, by which steps are timed. */
    public Map<String, Long> atWork(long run) {
        var steps = new HashMap<String, Long>();
        jdbc.sql("""
                        select step_name, round(1000 * extract(epoch from clock_timestamp() at time zone 'UTC' - start_time)) as millis
                          from batch_step_execution
                         where job_execution_id = :run and position(':' in step_name) = 0
                           and start_time is not null and end_time is null""").param("run", run).query(row -> {
            steps.put(row.getString("step_name"), row.getLong("millis"));
        });
        return steps;
    }

    public Optional<RunReport> find(long id) {
        return read("select * from counted_run where id = :id", Map.of("id", id)).stream()
                .findFirst();
    }

    /** Who did which part of the steps that several processes could do together. */
    public List<PartReport> parts(long run) {
        return jdbc.sql("""
                        select p.step, split_part(s.step_name, ':', 2) as part, p.done_by, p.worker is not null as helped,
                               s.status, s.read_count as read, s.write_count as written,
                               s.start_time at time zone 'UTC' as started_at, s.end_time at time zone 'UTC' as ended_at
                          from part p
                          join batch_step_execution s on s.step_execution_id = p.step_execution
                         where p.run = :run
                         order by p.step_execution""").param("run", run).query(PART).list();
    }

    /** The latest run that closes this month, or has closed it. */
    public Optional<RunReport> latestClose(BillingPeriod period) {
        return read(
                        "select * from counted_run where job = :job and date = :date order by id desc limit 1",
                        Map.of("job", Runs.CLOSE, "date", period.firstDay()))
                .stream()
                .findFirst();
    }

    Optional<RunReport> latest(Run run) {
        return query(
                        "select * from counted_run where latest and job = :job and date = :date and n = :n",
                        Map.of("job", run.job(), "date", run.date(), "n", run.n()))
                .stream()
                .findFirst();
    }

    /** Which run is in progress, in brackets; empty if that is not known. */
    String inProgress() {
        return query("select * from counted_run where latest and ended_at is null order by id desc limit 1", Map.of())
                .stream()
                .map(run -> " (" + run.job() + " " + run.key() + ", since " + run.startedAt() + ")")
                .findFirst()
                .orElse("");
    }

    /** Whether some process holds the lock of a run. Asked without taking it: who only reads must not stand in a run's way. */
    public boolean isInProgress() {
        return jdbc.sql("select " + LOCK_IS_HELD)
                .param("lock", Runs.RUN_LOCK)
                .query(Boolean.class)
                .single();
    }

    /** Runs whose process was killed are shown as failed; the next start or rerun writes that down. */
    private List<RunReport> read(String sql, Map<String, ?> parameters) {
        boolean before = isInProgress();
        var runs = query(sql, parameters);
        // One that ended between the two questions has written its end.
        return before || isInProgress()
                ? runs
                : runs.stream().map(RunReport::whereKilled).toList();
    }

    private List<RunReport> query(String sql, Map<String, ?> parameters) {
        var runs =
                jdbc.sql(sql).params(parameters).query((row, i) -> report(row)).list();
        var steps = jdbc
                .sql("""
                        select job_execution_id, step_name as name, status, read_count as read, write_count as written,
                               read_skip_count + write_skip_count + process_skip_count as skipped,
                               start_time at time zone 'UTC' as started_at, end_time at time zone 'UTC' as ended_at
                          from batch_step_execution
                         where position(':' in step_name) = 0 and job_execution_id = any(:runs)
                         order by step_execution_id""")
                .param("runs", runs.stream().map(RunReport::id).toArray(Long[]::new))
                .query((row, i) -> Map.entry(row.getLong("job_execution_id"), STEP.mapRow(row, i)))
                .list()
                .stream()
                .collect(groupingBy(Map.Entry::getKey, mapping(Map.Entry::getValue, toList())));
        return runs.stream()
                .map(run -> run.with(steps.getOrDefault(run.id(), List.of())))
                .toList();
    }

    private static RunReport report(ResultSet row) throws SQLException {
        var date = row.getObject("date", LocalDate.class);
        var job = row.getString("job");
        var status = row.getString("status");
        return new RunReport(
                row.getLong("id"),
                job,
                job.equals(Runs.NIGHTLY)
                        ? date.toString()
                        : BillingPeriod.of(date).toString(),
                status,
                instant(row, "started_at"),
                instant(row, "ended_at"),
                row.getLong("held"),
                status.equals("COMPLETED") ? null : failure(row.getString("exit_message")),
                List.of());
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        Timestamp at = row.getTimestamp(column);
        return at == null ? null : at.toInstant();
    }

    /** The message of the innermost cause, from the stack trace that the framework keeps. */
    private static String failure(@Nullable String trace) {
        if (trace == null || trace.isBlank()) return "its process was killed";
        var from = Math.max(trace.lastIndexOf("Caused by: "), 0);
        var to = trace.indexOf("\n\tat ", from);
        // A message may have lines of its own, such as those of a statement.
        var cause = trace.substring(from, to < 0 ? trace.length() : to)
                .replaceFirst("^Caused by: ", "")
                .strip()
                .replaceAll("\\s+", " ");
        return cause.replaceFirst("^[\\w.$]+(Exception|Error): ", "");
    }
}
