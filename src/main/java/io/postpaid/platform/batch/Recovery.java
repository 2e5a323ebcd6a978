package io.postpaid.platform.batch;

import java.util.Set;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Makes what killed processes have left fit to be gone on with. */
@Component
class Recovery {
    private final JobOperator operator;
    private final JobRepository repository;
    private final JdbcClient jdbc;
    private final Sharing sharing;

    Recovery(JobOperator operator, JobRepository repository, JdbcClient jdbc, Sharing sharing) {
        this.operator = operator;
        this.repository = repository;
        this.jdbc = jdbc;
        this.sharing = sharing;
    }

    /** The caller holds the lock of runs, so whatever claims to be running is dead; only workers may still be at it. */
    void ofKilled(Set<String> jobs) {
        sharing.clear();
        for (var name : jobs) {
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
        // An execution whose last update was lost is neither running nor restartable for the framework; a part that
        // nobody
        // came to do before its run failed runs for it. Who wakes up late finds another version.
        jdbc.sql("""
                        update batch_step_execution
                           set status = 'FAILED', version = version + 1, end_time = coalesce(end_time, last_updated, create_time)
                         where status in ('UNKNOWN', 'STARTING', 'STARTED', 'STOPPING')""").update();
        jdbc.sql("""
                        update batch_job_execution
                           set status = 'FAILED', end_time = coalesce(end_time, last_updated, create_time)
                         where status = 'UNKNOWN'""").update();
    }

    /** @throws RunFailedException if it was restored and not matched with the payment provider since */
    void mustNotBeRestored() {
        if (jdbc.sql("select is_restored()").query(Boolean.class).single()) {
            throw new RunFailedException(
                    "This installation was restored from a backup, and no run may number, charge or"
                            + " mail anything: ./postpaid match says what the payment provider knows, and ends that");
        }
    }
}
