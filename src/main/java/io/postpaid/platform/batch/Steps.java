package io.postpaid.platform.batch;

import io.postpaid.platform.batch.Outcomes.Tried;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.listener.StepExecutionListener;
import org.springframework.batch.core.partition.support.SimpleStepExecutionSplitter;
import org.springframework.batch.core.partition.support.TaskExecutorPartitionHandler;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemReader;
import org.springframework.batch.infrastructure.item.ItemStream;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;
import org.springframework.batch.infrastructure.support.transaction.ResourcelessTransactionManager;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.jdbc.core.ColumnMapRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.interceptor.DefaultTransactionAttribute;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The only place where steps are built, never with the framework's retry or skip, which lose or double rows on PostgreSQL.
 *
 * <p>A step over items is divided into parts, by account. Each part reads what is not done yet, does it and counts it in
 * chunks; a restart reads what is left.
 */
@Component
public class Steps {
    private static final int PARTS = 4;
    /** So few items are not worth to be divided. */
    private static final int FEW = 100;
    /** Batches in a chunk, for each that is worked on at a time: the chunk ends with its last one. */
    private static final int CHUNK = 10;

    private static final int FETCHED = 1_000;
    /**
     * A part's step is called {@code meter-and-rate-partition:0-of-4}. Which part it is stands in its name, not in its stored
     * context, which the framework writes behind the step: a process killed between the two would leave a part that no rerun
     * could ever do.
     */
    private static final String PARTITION = "-partition";

    private static final String OF = "-of-";

    private final JobRepository jobs;
    private final PlatformTransactionManager transactions;
    private final SqlFiles sql;
    private final DataSource database;
    private final JdbcClient jdbc;
    private final RunLog log;
    private final HeldItems held;
    private final AsyncTaskExecutor threads;

    Steps(
            JobRepository jobs,
            PlatformTransactionManager transactions,
            SqlFiles sql,
            DataSource database,
            JdbcClient jdbc,
            RunLog log,
            HeldItems held) {
        this.jobs = jobs;
        this.transactions = transactions;
        this.sql = sql;
        this.database = database;
        this.jdbc = jdbc;
        this.log = log;
        this.held = held;
        var threads = new SimpleAsyncTaskExecutor("partition-");
        threads.setConcurrencyLimit(Math.max(2, Runtime.getRuntime().availableProcessors()));
        this.threads = threads;
    }

    /** One statement, {@code jobs/<job>/<name>.sql}, in one transaction; safe to be run again. */
    public Step sql(String name) {
        return tasklet(
                name,
                TransactionDefinition.PROPAGATION_REQUIRED,
                run -> Done.of(0, sql.statement(run, name).update(), 0));
    }

    /** A query, {@code jobs/<job>/<name>.sql}, that must return nothing: a row fails the run. */
    public Step proof(String name) {
        return tasklet(name, TransactionDefinition.PROPAGATION_REQUIRED, run -> {
            var rows = new ArrayList<String>(1);
            var columns = new ColumnMapRowMapper();
            var found = new AtomicLong();
            sql.statement(run, name).withFetchSize(FETCHED).query(row -> {
                if (found.incrementAndGet() == 1) rows.add(String.valueOf(columns.mapRow(row, 0)));
            });
            if (rows.isEmpty()) return Done.NOTHING;
            throw new IllegalStateException(name + " found " + found + " rows, the first is " + rows.getFirst());
        });
    }

    /** A proof that throws where something does not hold. */
    public Step proof(String name, Function<Run, Done> proof) {
        return tasklet(name, TransactionDefinition.PROPAGATION_NOT_SUPPORTED, proof);
    }

    private Step tasklet(String name, int propagation, Function<Run, Done> work) {
        return new StepBuilder(name, jobs)
                .tasklet(
                        (contribution, chunk) -> {
                            var step = chunk.getStepContext().getStepExecution();
                            var done = work.apply(Run.of(step));
                            step.setReadCount(done.read());
                            contribution.incrementWriteCount(done.written());
                            return RepeatStatus.FINISHED;
                        },
                        transactions)
                .transactionAttribute(new DefaultTransactionAttribute(propagation))
                .listener(log)
                .build();
    }

    private Outcomes outcomes(String step, StepExecution execution) {
        var run = Run.of(execution);
        var period = run.monthly() ? run.period().firstDay() : null;
        return new Outcomes(
                held, step, period, execution.getJobExecution().getJobInstance().getInstanceId());
    }

    /**
     * Work per account, in chunks of whole accounts, each in the chunk's transaction. {@code jobs/<job>/<name>.sql} selects
     * the ids of the accounts of {@code :partition} of {@code :partitions} that are not done yet; one may come again.
     *
     * @param work returns the accounts that are held; the others are done
     */
    public Step accounts(String name, int chunk, BiFunction<List<String>, Run, List<Done.Held>> work) {
        return accounts(name, chunk, run -> accounts -> work.apply(accounts, run));
    }

    /** @param work is made once a run */
    public Step accounts(String name, int chunk, Function<Run, Function<List<String>, List<Done.Held>>> work) {
        return items(name, run -> {
            var once = work.apply(run);
            return Items.some(
                            chunk,
                            new Todo.Accounts(sql.read(run.job(), name), run.sqlParameters()),
                            account -> Item.account(account).in(run.monthly() ? run.date() : null),
                            accounts -> Done.of(accounts, once.apply(accounts)))
                    .inTransaction();
        });
    }

    /** Items of one kind after the other, each divided into parts. */
    @SafeVarargs
    public final Step items(String name, Function<Run, Items<?>>... kinds) {
        var running = new ConcurrentHashMap<Long, Outcomes>();
        return new StepBuilder(name, jobs)
                .listener(log)
                .listener(new Judge(running))
                .partitioner(name, size -> Map.of())
                .partitionHandler((splitter, execution) -> {
                    var outcomes = outcomes(name, execution);
                    running.put(execution.getId(), outcomes);
                    var parts = new ArrayList<StepExecution>();
                    for (int kind = 0; kind < kinds.length; kind++) {
                        var items = kinds[kind].apply(Run.of(execution));
                        var label = name + (kind == 0 ? "" : "-" + (kind + 1)) + PARTITION;
                        try {
                            parts.addAll(inParts(label, execution, items, outcomes));
                        } finally {
                            items.close().run();
                        }
                        if (parts.stream().anyMatch(part -> part.getStatus() != BatchStatus.COMPLETED)) break;
                        items.end().run();
                    }
                    return parts;
                })
                .build();
    }

    private <T> Collection<StepExecution> inParts(
            String label, StepExecution execution, Items<T> items, Outcomes judged) throws Exception {
        long count = items.todo().count(jdbc);
        log.expect(count);
        int parts = count == 0 ? 0 : count < FEW || !items.todo().divisible() ? 1 : PARTS;
        var other = items.heldBy();
        var outcomes = other == null ? judged : judged.of(other);
        var calls = new SimpleAsyncTaskExecutor(label + "-");
        calls.setVirtualThreads(true);
        calls.setConcurrencyLimit(items.width());
        var handler = new TaskExecutorPartitionHandler();
        handler.setTaskExecutor(threads);
        handler.setStep(part -> {
            int number = Integer.parseInt(part.getStepName().split(":")[1].split(OF)[0]);
            var reader = items.todo().part(database, number, parts);
            chunks(part, items, reader, outcomes, calls).execute(part);
            say(part);
        });
        var splitter = new SimpleStepExecutionSplitter(
                jobs,
                label,
                size -> IntStream.range(0, parts)
                        .boxed()
                        .collect(Collectors.toMap(part -> part + OF + parts, part -> new ExecutionContext())));
        // A rerun tries again what a part that came to its end has held; the reader leaves out what is done.
        splitter.setAllowStartIfComplete(true);
        return handler.handle(splitter, execution);
    }

    private <T> Step chunks(
            StepExecution part, Items<T> items, ItemReader<T> reader, Outcomes outcomes, AsyncTaskExecutor calls) {
        var savepoint = new TransactionTemplate(transactions);
        savepoint.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
        // A file, or a batch that is done alone, is a chunk.
        boolean large = items.width() == 1 && (items.batch() > 1 || items.todo() instanceof Todo.Listed);
        var chunks = new StepBuilder(part.getStepName(), jobs)
                .<List<T>, Tried>chunk(large ? 1 : CHUNK * items.width())
                .transactionManager(items.transactional() ? transactions : new ResourcelessTransactionManager())
                .reader(() -> next(reader, items))
                .processor(some -> outcomes.attempt(
                        some,
                        items.item(),
                        items.transactional()
                                ? done ->
                                        savepoint.execute(status -> items.work().apply(done))
                                : items.work()))
                .writer(tried -> count(tried.getItems(), part));
        if (reader instanceof ItemStream stream) chunks.stream(stream);
        if (items.width() > 1) chunks.taskExecutor(calls);
        return chunks.build();
    }

    private static <T> @Nullable List<T> next(ItemReader<T> reader, Items<T> items) throws Exception {
        var some = new ArrayList<T>();
        while (some.size() < items.batch()) {
            var item = reader.read();
            if (item == null) break;
            if (items.wanted().test(item)) some.add(item);
        }
        return some.isEmpty() ? null : some;
    }

    /**
     * Corrects what the framework counts, which is batches, to what was done with the items. It is done here, in the part's
     * own thread: what processors report to the framework from theirs, several at once, it miscounts.
     */
    private void count(List<? extends Tried> chunk, StepExecution part) throws Exception {
        var done = chunk.stream().map(Tried::done).reduce(Done::plus).orElseThrow();
        part.setReadCount(part.getReadCount() + done.read() - chunk.size());
        part.setWriteCount(part.getWriteCount() + done.written());
        part.setProcessSkipCount(part.getProcessSkipCount() + done.skipped());
        log.did(done.read());
        for (var tried : chunk) {
            // Only now that all that was begun has ended.
            if (tried.broken() instanceof Error error) throw error;
            if (tried.broken() instanceof Exception broken) throw broken;
        }
        part.setWriteCount(part.getWriteCount() - chunk.size());
    }

    /** Keeps why a part failed, and not only the first lines of its trace. */
    private void say(StepExecution part) {
        if (part.getStatus() != BatchStatus.FAILED) return;
        var why = part.getFailureExceptions().getFirst();
        part.setExitStatus(new ExitStatus(part.getExitStatus().getExitCode(), Failure.detail(why)));
        jobs.update(part);
    }

    /** Judges what the parts of a step held, once all of them have come to their end. */
    private record Judge(Map<Long, Outcomes> running) implements StepExecutionListener {
        @Override
        public @Nullable ExitStatus afterStep(StepExecution step) {
            var outcomes = running.remove(step.getId());
            if (outcomes == null || step.getStatus() != BatchStatus.COMPLETED) return null;
            var objection = outcomes.objection();
            if (objection == null) {
                outcomes.end();
                return null;
            }
            step.setStatus(BatchStatus.FAILED);
            return ExitStatus.FAILED.addExitDescription(objection);
        }
    }
}
