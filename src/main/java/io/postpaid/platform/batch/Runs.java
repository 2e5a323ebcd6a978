package io.postpaid.platform.batch;

import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.platform.calendar.BillingPeriod;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.JobExecutionException;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.stereotype.Component;

/** Starts and reruns runs. The only way a job is started. */
@Component
public class Runs {
    static final String NIGHTLY = "nightly";
    static final String MONTHLY = "monthly";
    static final String CLOSE = "close";
    /** Names the lock that a run holds, among all advisory locks of the database. */
    public static final long RUN_LOCK = 7_767_825_413L;

    private final Map<String, Job> jobs;
    private final JobOperator operator;
    private final JobRepository repository;
    private final DataSource database;
    private final Recovery recovery;
    private final BillingClock clock;
    private final RunHistory history;

    Runs(
            List<Job> jobs,
            JobOperator operator,
            JobRepository repository,
            DataSource database,
            Recovery recovery,
            BillingClock clock,
            RunHistory history) {
        this.jobs = jobs.stream().collect(Collectors.toMap(Job::getName, Function.identity()));
        this.operator = operator;
        this.repository = repository;
        this.database = database;
        this.recovery = recovery;
        this.clock = clock;
        this.history = history;
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

    /**
     * Closes the books of a month that is over.
     *
     * @throws RunFailedException if it was refused or failed
     */
    public RunReport close(BillingPeriod period) {
        if (period.issuedOn().isAfter(clock.today())) {
            throw new RunFailedException(
                    period + " is not over: the clock says " + clock.today() + " (UTC), and its books stay open");
        }
        return run(CLOSE, period.firstDay());
    }

    private void mustBeClosed(BillingPeriod period) {
        var due = period.issuedOn();
        if (!history.isClosedBefore(due)) {
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
        return locked(
                () -> history.isDone(job, date) ? Optional.empty() : Optional.of(resume(history.next(job, date))));
    }

    /** Asks the run in progress to stop behind what it is at; it can be resumed. */
    public void stop() {
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
        return locked(() -> resume(history.next(job, date)));
    }

    /**
     * Goes on where a failed or killed run stopped; a completed one is left as it is.
     *
     * @throws RunFailedException if there is no such run, or it failed again
     */
    public RunReport rerun(long id) {
        return locked(() -> {
            var run = history.run(id)
                    .orElseThrow(
                            () -> new RunFailedException("There is no run " + id + ": ./postpaid runs lists them"));
            var latest = history.latest(run).orElseThrow();
            return latest.completed() ? latest : resume(run);
        });
    }

    /** Starts or resumes; the caller holds the lock, so whatever claims to be running is dead. */
    private RunReport resume(Run run) {
        recovery.ofKilled(jobs.keySet());
        var job = Objects.requireNonNull(jobs.get(run.job()), run.job());
        try {
            var instance = repository.getJobInstance(run.job(), run.toJobParameters());
            // A process that died between the framework's two first inserts leaves an instance that nothing can start.
            if (instance != null && repository.getJobExecutions(instance).isEmpty())
                repository.deleteJobInstance(instance);
            var execution = operator.start(job, run.toJobParameters(clock.instant()));
            var report = history.latest(run).orElseThrow();
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
        recovery.mustNotBeRestored();
        try (var session = database.getConnection()) {
            var lock = JdbcClient.create(new SingleConnectionDataSource(session, true));
            if (!answer(lock, "select pg_try_advisory_lock(:lock)")) {
                throw new RunFailedException.InProgress(
                        "Another run is in progress" + history.inProgress() + ": wait for it to end");
            }
            try {
                return work.get();
            } finally {
                if (session.isValid(5)) answer(lock, "select pg_advisory_unlock(:lock)");
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean answer(JdbcClient session, String lock) {
        return session.sql(lock).param("lock", RUN_LOCK).query(Boolean.class).single();
    }
}
