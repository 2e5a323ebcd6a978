package io.postpaid.platform.batch;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import io.postpaid.platform.batch.RunReport.StepReport;
import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.platform.calendar.BillingPeriod;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.JobExecutionException;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Starts, reruns and lists runs. The only way a job is started. */
@Component
public class Runs {
    static final String NIGHTLY = "nightly";
    static final String MONTHLY = "monthly";
    /** Names the lock that a run holds, among all advisory locks of the database. */
    public static final long RUN_LOCK = 7_767_825_413L;

    private static final int PAGE = 500;

    private final Map<String, Job> jobs;
    private final JobOperator operator;
    private final JobRepository repository;
    private final DataSource database;
    private final JdbcClient jdbc;
    private final BillingClock clock;

    Runs(
            List<Job> jobs,
            JobOperator operator,
            JobRepository repository,
            DataSource database,
            JdbcClient jdbc,
            BillingClock clock) {
        this.jobs = jobs.stream().collect(Collectors.toMap(Job::getName, Function.identity()));
        this.operator = operator;
        this.repository = repository;
        this.database = database;
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /**
     * Runs the nightly job for a date: all usage before it. A date that is already done is done again for what has come
     * since.
     *
     * @throws RunFailedException if it was refused or failed
     */
    public RunReport nightly(LocalDate date) {
        if (date.isAfter(clock.today())) {
            throw new RunFailedException("The nightly run for " + date
                    + " covers all usage before that day, which has not begun: the clock says " + clock.today()
                    + " (UTC)");
        }
        return run(NIGHTLY, date);
    }

    /**
     * Runs the monthly job for a period, once each of its days is closed by a nightly run.
     *
     * @throws RunFailedException if it was refused or failed
     */
    public RunReport monthly(BillingPeriod period) {
        var due = period.issuedOn();
        if (due.isAfter(clock.today())) {
            throw new RunFailedException("The monthly run for " + period + " is due on " + due + ": the clock says "
                    + clock.today() + " (UTC)");
        }
        mustBeClosed(period);
        return run(MONTHLY, period.firstDay());
    }

    private void mustBeClosed(BillingPeriod period) {
        var due = period.issuedOn();
        boolean closed = jdbc.sql(
                        "select exists (select from run where job = :job and status = 'COMPLETED' and date >= :due)")
                .param("job", NIGHTLY)
                .param("due", due)
                .query(Boolean.class)
                .single();
        if (!closed) {
            throw new RunFailedException("The monthly run for " + period + " must wait: the nightly run for " + due
                    + " is missing, so not every day of " + period
                    + " is closed. Run it first: ./postpaid run nightly --date " + due);
        }
    }

    /**
     * Runs what a schedule says is due.
     *
     * @return nothing if somebody has done it meanwhile
     * @throws RunFailedException if it was refused or failed
     */
    Optional<RunReport> scheduled(String job, LocalDate date) {
        if (job.equals(MONTHLY)) mustBeClosed(BillingPeriod.of(date));
        return locked(() -> isDone(job, date) ? Optional.empty() : Optional.of(runLocked(job, date)));
    }

    private boolean isDone(String job, LocalDate date) {
        return jdbc.sql("select exists (select from run where job = :job and date = :date and status = 'COMPLETED')")
                .param("job", job)
                .param("date", date)
                .query(Boolean.class)
                .single();
    }

    /** What the schedules go on from. */
    Schedule.History history() {
        return jdbc.sql("""
                        select min(date) filter (where job = 'nightly') as first_night,
                               max(date) filter (where job = 'nightly' and status = 'COMPLETED') as last_night,
                               max(date) filter (where job = 'monthly' and status = 'COMPLETED') as last_month
                          from run""")
                .query((row, i) -> new Schedule.History(
                        row.getObject("first_night", LocalDate.class),
                        row.getObject("last_night", LocalDate.class),
                        row.getObject("last_month", LocalDate.class)))
                .single();
    }

    /** The latest date whose nightly run is done, in seconds since 1970; 0 if there is none. */
    public long lastNightAt() {
        var night = history().lastNight();
        return night == null ? 0 : night.toEpochDay() * 86_400;
    }

    /** Asks the run in progress, which must be this process's, to stop behind what it is at; it can be resumed. */
    void stop() {
        for (var name : jobs.keySet()) {
            for (var execution : repository.findRunningJobExecutions(name)) {
                try {
                    operator.stop(execution);
                } catch (JobExecutionException ended) {
                    // It came to its end by itself.
                    continue;
                }
            }
        }
    }

    private RunReport run(String job, LocalDate date) {
        return locked(() -> runLocked(job, date));
    }

    private RunReport runLocked(String job, LocalDate date) {
        var last = jdbc.sql(
                        "select n, status from run where job = :job and date = :date and latest order by n desc limit 1")
                .param("job", job)
                .param("date", date)
                .query((row, i) -> row.getLong("n") + (row.getString("status").equals("COMPLETED") ? 1 : 0))
                .optional();
        return resume(new Run(job, date, last.orElse(1L)));
    }

    /**
     * Goes on where a failed or killed run stopped; a completed one is left as it is.
     *
     * @throws RunFailedException if there is no such run, or it failed again
     */
    public RunReport rerun(long id) {
        return locked(() -> {
            var run = jdbc.sql("select job, date, n from run where id = :id")
                    .param("id", id)
                    .query((row, i) ->
                            new Run(row.getString("job"), row.getObject("date", LocalDate.class), row.getLong("n")))
                    .optional()
                    .orElseThrow(
                            () -> new RunFailedException("There is no run " + id + ": ./postpaid runs lists them"));
            var latest = latest(run).orElseThrow();
            return latest.completed() ? latest : resume(run);
        });
    }

    /** The runs whose latest execution failed or was killed, oldest first. */
    public List<RunReport> failed() {
        return read("select * from counted_run where latest and status <> 'COMPLETED' order by id", Map.of());
    }

    /** All executions, newest first. */
    public List<RunReport> list() {
        var all = new ArrayList<RunReport>();
        each(all::add);
        return all;
    }

    /** All executions, newest first, read page by page. */
    public void each(Consumer<RunReport> reader) {
        var page = page(Long.MAX_VALUE);
        while (!page.isEmpty()) {
            page.forEach(reader);
            page = page(page.getLast().id());
        }
    }

    private List<RunReport> page(long before) {
        return read(
                "select * from counted_run where id < :before order by id desc limit :page",
                Map.of("before", before, "page", PAGE));
    }

    public Optional<RunReport> find(long id) {
        return read("select * from counted_run where id = :id", Map.of("id", id)).stream()
                .findFirst();
    }

    private Optional<RunReport> latest(Run run) {
        return query(
                        "select * from counted_run where latest and job = :job and date = :date and n = :n",
                        Map.of("job", run.job(), "date", run.date(), "n", run.n()))
                .stream()
                .findFirst();
    }

    /** Starts or resumes; the caller holds the lock, so whatever claims to be running is dead. */
    private RunReport resume(Run run) {
        recoverKilled();
        var job = Objects.requireNonNull(jobs.get(run.job()), run.job());
        try {
            var instance = repository.getJobInstance(run.job(), run.toJobParameters());
            // A process that died between the framework's two first inserts leaves an instance that nothing can start.
            if (instance != null && repository.getJobExecutions(instance).isEmpty())
                repository.deleteJobInstance(instance);
            var execution = operator.start(job, run.toJobParameters());
            var report = latest(run).orElseThrow();
            if (execution.getStatus() != BatchStatus.COMPLETED) {
                throw new RunFailedException("The " + run.job() + " run " + report.key() + " failed: "
                        + report.failure() + ". Nothing is lost: mend the cause, then ./postpaid rerun " + report.id());
            }
            return report;
        } catch (JobExecutionException e) {
            throw new RunFailedException(
                    "The " + run.job() + " run for " + run.date() + " was refused: " + e.getMessage(), e);
        }
    }

    private <T> T locked(Supplier<T> work) {
        try (var session = database.getConnection()) {
            if (!lock(session, "pg_try_advisory_lock")) {
                throw new RunFailedException.InProgress(
                        "Another run is in progress" + running() + ": wait for it to end");
            }
            try {
                return work.get();
            } finally {
                if (session.isValid(5)) lock(session, "pg_advisory_unlock");
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean lock(Connection session, String function) throws SQLException {
        try (var call = session.prepareStatement(
                function.equals("pg_try_advisory_lock")
                        ? "select pg_try_advisory_lock(?)"
                        : "select pg_advisory_unlock(?)")) {
            call.setLong(1, RUN_LOCK);
            try (var result = call.executeQuery()) {
                return result.next() && result.getBoolean(1);
            }
        }
    }

    private String running() {
        return query("select * from counted_run where latest and ended_at is null order by id desc limit 1", Map.of())
                .stream()
                .map(run -> " (" + run.job() + " " + run.key() + ", since " + run.startedAt() + ")")
                .findFirst()
                .orElse("");
    }

    /** Whether some process holds the lock of a run. Asked without taking it: who only reads must not stand in a run's way. */
    private boolean inProgress() {
        return jdbc.sql("""
                        select exists (select
                                         from pg_locks
                                        where locktype = 'advisory' and granted and objsubid = 1
                                          and database = (select oid from pg_database where datname = current_database())
                                          and classid::bigint = :lock >> 32 and objid::bigint = :lock & 4294967295)""").param("lock", RUN_LOCK).query(Boolean.class).single();
    }

    /** Runs whose process was killed are shown as failed; the next start or rerun writes that down. */
    private List<RunReport> read(String sql, Map<String, ?> parameters) {
        boolean before = inProgress();
        var runs = query(sql, parameters);
        // One that ended between the two questions has written its end.
        return before || inProgress()
                ? runs
                : runs.stream().map(RunReport::whereKilled).toList();
    }

    private void recoverKilled() {
        for (var name : jobs.keySet()) {
            for (var execution : repository.findRunningJobExecutions(name)) {
                execution.getStepExecutions().stream()
                        .filter(step -> step.getStatus() == BatchStatus.UNKNOWN)
                        .forEach(step -> {
                            step.setStatus(BatchStatus.FAILED);
                            repository.update(step);
                        });
                operator.recover(execution);
            }
        }
        // An execution whose last update was lost is neither running nor restartable for the framework.
        jdbc.sql("update batch_step_execution set status = 'FAILED' where status = 'UNKNOWN'")
                .update();
        jdbc.sql(
                        "update batch_job_execution set status = 'FAILED', end_time = coalesce(end_time, last_updated, create_time)"
                                + " where status = 'UNKNOWN'")
                .update();
    }

    private List<RunReport> query(String sql, Map<String, ?> parameters) {
        var runs =
                jdbc.sql(sql).params(parameters).query((row, i) -> report(row)).list();
        var steps = jdbc
                .sql("""
                        select job_execution_id, step_name, status, read_count, write_count,
                               read_skip_count + write_skip_count + process_skip_count as skip_count,
                               start_time at time zone 'UTC' as started_at, end_time at time zone 'UTC' as ended_at
                          from batch_step_execution
                         where position(':' in step_name) = 0 and job_execution_id = any(:runs)
                         order by step_execution_id""")
                .param("runs", runs.stream().map(RunReport::id).toArray(Long[]::new))
                .query((row, i) -> Map.entry(row.getLong("job_execution_id"), step(row)))
                .list()
                .stream()
                .collect(groupingBy(Map.Entry::getKey, mapping(Map.Entry::getValue, toList())));
        return runs.stream()
                .map(run -> run.with(steps.getOrDefault(run.id(), List.of())))
                .toList();
    }

    private static StepReport step(ResultSet row) throws SQLException {
        return new StepReport(
                row.getString("step_name"),
                row.getString("status"),
                row.getLong("read_count"),
                row.getLong("write_count"),
                row.getLong("skip_count"),
                instant(row, "started_at"),
                instant(row, "ended_at"));
    }

    private static RunReport report(ResultSet row) throws SQLException {
        var date = row.getObject("date", LocalDate.class);
        var job = row.getString("job");
        var status = row.getString("status");
        return new RunReport(
                row.getLong("id"),
                job,
                job.equals(MONTHLY) ? BillingPeriod.of(date).toString() : date.toString(),
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
        var lines = trace.lines().toList();
        var cause = lines.stream()
                .filter(line -> line.startsWith("Caused by: "))
                .reduce((first, last) -> last)
                .orElse(lines.getFirst())
                .replaceFirst("^Caused by: ", "");
        return cause.replaceFirst("^[\\w.$]+(Exception|Error): ", "");
    }
}
