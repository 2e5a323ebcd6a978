package io.postpaid.batch;

import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.springframework.batch.core.configuration.annotation.StepScope;
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
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterUtils;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.interceptor.DefaultTransactionAttribute;

/**
 * The only place where steps are built: always with the transaction manager, never with the framework's retry or skip,
 * which lose or double rows on PostgreSQL.
 */
@Configuration(proxyBeanMethods = false)
public class Steps {
    private static final int PARTITIONS = 4;
    /** A partition's step is called {@code meter-and-rate-partition:0-of-4}. */
    private static final String PARTITION = "-partition";

    private static final String OF = "-of-";

    private final JobRepository jobs;
    private final PlatformTransactionManager transactions;
    private final SqlFiles sql;
    private final RunLog log;
    private final AsyncTaskExecutor partitionThreads;

    Steps(JobRepository jobs, PlatformTransactionManager transactions, SqlFiles sql, RunLog log) {
        this.jobs = jobs;
        this.transactions = transactions;
        this.sql = sql;
        this.log = log;
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
            var broken = sql.statement(run, name).query().listOfRows();
            tally.read(broken.size());
            if (!broken.isEmpty()) {
                throw new IllegalStateException(
                        name + " found " + broken.size() + " rows, the first is " + broken.getFirst());
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
                            var tally = new Tally();
                            try (var watch = log.watch(name, tally)) {
                                work.run(runOf(chunk.getStepContext()), tally);
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

    /**
     * Work per account, in chunks of whole accounts, partitioned over the processors. {@code jobs/<job>/<name>.sql} selects
     * the ids of the accounts of {@code :partition} of {@code :partitions} that are not done yet; the writer does a chunk
     * of them in the chunk's transaction, and may be given an account again.
     */
    public Step accounts(
            String name,
            int chunk,
            JdbcCursorItemReader<String> accountsOfPartition,
            BiConsumer<List<String>, Run> writer) {
        var worker = new StepBuilder(name + PARTITION, jobs)
                .<String, String>chunk(chunk)
                .transactionManager(transactions)
                .reader(accountsOfPartition)
                .writer(accounts -> writer.accept(
                        List.copyOf(accounts.getItems()),
                        runOf(Objects.requireNonNull(StepSynchronizationManager.getContext()))))
                .build();
        return new StepBuilder(name, jobs)
                .listener(log)
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
