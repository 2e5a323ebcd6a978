package io.postpaid.platform.batch;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.configuration.annotation.StepScope;
import org.springframework.batch.core.listener.StepExecutionListener;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.scope.context.StepContext;
import org.springframework.batch.core.scope.context.StepSynchronizationManager;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepContribution;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.database.JdbcCursorItemReader;
import org.springframework.batch.infrastructure.item.database.builder.JdbcCursorItemReaderBuilder;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.jdbc.core.ColumnMapRowMapper;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterUtils;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.interceptor.DefaultTransactionAttribute;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The only place where steps are built: always with the transaction manager, never with the framework's retry or skip,
 * which lose or double rows on PostgreSQL.
 */
@Configuration(proxyBeanMethods = false)
public class Steps {
    private static final int PARTITIONS = 4;
    private static final int FETCHED = 1_000;
    /** A partition's step is called {@code meter-and-rate-partition:0-of-4}. */
    private static final String PARTITION = "-partition";

    private static final String OF = "-of-";

    private final JobRepository jobs;
    private final PlatformTransactionManager transactions;
    private final SqlFiles sql;
    private final RunLog log;
    private final HeldItems held;
    private final AsyncTaskExecutor partitionThreads;
    /** By the execution of the job and the step's name: partitions share what they hold. */
    private final Map<String, Outcomes> ofPartitions = new ConcurrentHashMap<>();

    Steps(JobRepository jobs, PlatformTransactionManager transactions, SqlFiles sql, RunLog log, HeldItems held) {
        this.jobs = jobs;
        this.transactions = transactions;
        this.sql = sql;
        this.log = log;
        this.held = held;
        var threads = new SimpleAsyncTaskExecutor("partition-");
        threads.setConcurrencyLimit(Math.max(2, Runtime.getRuntime().availableProcessors()));
        this.partitionThreads = threads;
    }

    /** Work outside of any transaction, which commits by itself what it does: calls to the outside, files. */
    @FunctionalInterface
    public interface Work {
        void run(Run run, Tally tally) throws Exception;
    }

    /** One statement, {@code jobs/<job>/<name>.sql}, in one transaction; safe to be run again. */
    public Step sql(String name) {
        return transactional(
                name, (run, tally) -> tally.written(sql.statement(run, name).update()));
    }

    /** A query, {@code jobs/<job>/<name>.sql}, that must return nothing: a row fails the run. */
    public Step proof(String name) {
        return transactional(name, (run, tally) -> {
            var first = new ArrayList<String>(1);
            var columns = new ColumnMapRowMapper();
            sql.statement(run, name).withFetchSize(FETCHED).query(row -> {
                if (first.isEmpty()) first.add(String.valueOf(columns.mapRow(row, 0)));
                tally.read(1);
            });
            if (!first.isEmpty()) {
                throw new IllegalStateException(
                        name + " found " + tally.read() + " rows, the first is " + first.getFirst());
            }
        });
    }

    /** Work in one transaction. */
    public Step transactional(String name, Work work) {
        return tasklet(name, TransactionDefinition.PROPAGATION_REQUIRED, work);
    }

    /** Work that commits by itself. */
    public Step work(String name, Work work) {
        return tasklet(name, TransactionDefinition.PROPAGATION_NOT_SUPPORTED, work);
    }

    private Step tasklet(String name, int propagation, Work work) {
        var attribute = new DefaultTransactionAttribute(propagation);
        return new StepBuilder(name, jobs)
                .tasklet(
                        (contribution, chunk) -> {
                            var outcomes = outcomes(name, chunk.getStepContext().getStepExecution());
                            var tally = new Tally(outcomes);
                            try (var watch = log.watch(name, tally)) {
                                work.run(runOf(chunk.getStepContext()), tally);
                                var objection = outcomes.objection();
                                if (objection != null) throw new IllegalStateException(objection);
                                outcomes.end();
                            } finally {
                                count(contribution, tally);
                            }
                            return RepeatStatus.FINISHED;
                        },
                        transactions)
                .transactionAttribute(attribute)
                .listener(log)
                .build();
    }

    private static Run runOf(StepContext context) {
        var execution = context.getStepExecution().getJobExecution();
        return Run.from(context.getJobName(), execution.getJobParameters());
    }

    private static void count(StepContribution contribution, Tally tally) {
        var step = contribution.getStepExecution();
        step.setReadCount(tally.read());
        step.setProcessSkipCount(tally.skipped());
        contribution.incrementWriteCount(tally.written());
    }

    private Outcomes outcomes(String step, StepExecution execution) {
        var job = execution.getJobExecution();
        var run = Run.from(job.getJobInstance().getJobName(), job.getJobParameters());
        var period = run.monthly() ? run.period().firstDay() : null;
        return new Outcomes(held, step, period, job.getJobInstance().getInstanceId());
    }

    /** An account that cannot be done until somebody has acted. */
    public record Held(String account, String reason, String detail) {}

    /** Work on some accounts in the caller's transaction. */
    @FunctionalInterface
    public interface AccountsWork {
        /** @return the accounts that are held; the others are done */
        List<Held> run(List<String> accounts, Run run);
    }

    /** A chunk of accounts under a savepoint; what throws is done again, account by account, each under its own. */
    private void write(List<String> accounts, Run run, AccountsWork work, Outcomes outcomes) {
        var savepoint = new TransactionTemplate(transactions);
        savepoint.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
        try {
            outcomes.settle(accounts, nested(savepoint, accounts, run, work));
        } catch (RuntimeException | StackOverflowError chunk) {
            Outcomes.rethrowIfOfEverything(chunk);
            for (var account : accounts) {
                try {
                    outcomes.settle(List.of(account), nested(savepoint, List.of(account), run, work));
                } catch (RuntimeException | StackOverflowError thrown) {
                    outcomes.held(outcomes.account(account), thrown);
                }
            }
        }
    }

    private static List<Held> nested(TransactionTemplate savepoint, List<String> accounts, Run run, AccountsWork work) {
        return Objects.requireNonNull(savepoint.execute(status -> work.run(accounts, run)));
    }

    /** Judges what the partitions of a step held, once all of them have come to their end. */
    private final class Judge implements StepExecutionListener {
        @Override
        public @Nullable ExitStatus afterStep(StepExecution step) {
            var outcomes = ofPartitions.remove(key(step.getStepName(), step));
            if (outcomes == null || step.getStatus() != BatchStatus.COMPLETED) return null;
            step.setProcessSkipCount(outcomes.count());
            var objection = outcomes.objection();
            if (objection == null) {
                outcomes.end();
                return null;
            }
            step.setStatus(BatchStatus.FAILED);
            return ExitStatus.FAILED.addExitDescription(objection);
        }
    }

    private static String key(String step, StepExecution execution) {
        return execution.getJobExecutionId() + "/" + step;
    }

    /**
     * Work per account, in chunks of whole accounts, partitioned over the processors. {@code jobs/<job>/<name>.sql} selects
     * the ids of the accounts of {@code :partition} of {@code :partitions} that are not done yet; the writer does a chunk
     * of them in the chunk's transaction, and may be given an account again.
     */
    public Step accounts(String name, int chunk, JdbcCursorItemReader<String> accountsOfPartition, AccountsWork work) {
        var worker = new StepBuilder(name + PARTITION, jobs)
                .<String, String>chunk(chunk)
                .transactionManager(transactions)
                .reader(accountsOfPartition)
                .writer(accounts -> {
                    var context = Objects.requireNonNull(StepSynchronizationManager.getContext());
                    var execution = context.getStepExecution();
                    var outcomes = ofPartitions.computeIfAbsent(key(name, execution), key -> outcomes(name, execution));
                    write(List.copyOf(accounts.getItems()), runOf(context), work, outcomes);
                })
                // A rerun tries again what a part that came to its end has held; the reader leaves out what is done.
                .allowStartIfComplete(true)
                .build();
        return new StepBuilder(name, jobs)
                .listener(log)
                .listener(new Judge())
                .partitioner(
                        worker.getName(),
                        size -> IntStream.range(0, size)
                                .boxed()
                                .collect(Collectors.toMap(i -> i + OF + size, i -> new ExecutionContext())))
                .step(worker)
                .gridSize(PARTITIONS)
                .taskExecutor(partitionThreads)
                .build();
    }

    /**
     * The accounts that a partition has still to do. Nothing is remembered of it: a restart simply finds fewer of them.
     * Which partition it is stands in the step's name, not in its stored context, which the framework writes behind the
     * step: a process killed between the two would leave a partition that no rerun could ever do.
     */
    @Bean
    @StepScope
    static JdbcCursorItemReader<String> accountsOfPartition(
            DataSource database, SqlFiles sql, @Value("#{stepExecution}") StepExecution execution) throws SQLException {
        var job = execution.getJobExecution().getJobInstance().getJobName();
        var name = execution.getStepName().split(PARTITION + ":");
        var partition = name[1].split(OF);
        var parameters = new MapSqlParameterSource(
                        Run.from(job, execution.getJobExecution().getJobParameters())
                                .sqlParameters())
                .addValue("partition", Integer.parseInt(partition[0]))
                .addValue("partitions", Integer.parseInt(partition[1]));
        var statement = NamedParameterUtils.parseSqlStatement(sql.read(job, name[0]));
        return new JdbcCursorItemReaderBuilder<String>()
                .name("accounts")
                .dataSource(database)
                .sql(NamedParameterUtils.substituteNamedParameters(statement, parameters))
                .queryArguments(NamedParameterUtils.buildValueArray(statement, parameters, null))
                .rowMapper((row, n) -> Objects.requireNonNull(row.getString(1)))
                .fetchSize(1000)
                .saveState(false)
                .build();
    }
}
