package io.postpaid.platform.batch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.listener.StepExecutionListener;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;
import org.springframework.jdbc.core.ColumnMapRowMapper;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.interceptor.DefaultTransactionAttribute;

/**
 * The only place where steps are built, never with the framework's retry or skip, which lose or double rows on PostgreSQL.
 *
 * <p>A step over items is divided into parts, by account. Each part reads what is not done yet, does it and counts it in
 * chunks; a restart reads what is left.
 */
@Component
public class Steps {
    private static final int FETCHED = 1_000;

    private final JobRepository jobs;
    private final PlatformTransactionManager transactions;
    private final SqlFiles sql;
    private final RunLog log;
    private final StepsInChunks chunks;
    private final Division division;
    private final Map<String, List<Function<Run, Items<?>>>> kinds = new ConcurrentHashMap<>();

    Steps(
            JobRepository jobs,
            PlatformTransactionManager transactions,
            SqlFiles sql,
            RunLog log,
            StepsInChunks chunks,
            Division division) {
        this.jobs = jobs;
        this.transactions = transactions;
        this.sql = sql;
        this.log = log;
        this.chunks = chunks;
        this.division = division;
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
        this.kinds.put(name, List.of(kinds));
        var running = new ConcurrentHashMap<Long, Outcomes>();
        return new StepBuilder(name, jobs)
                .listener(log)
                .listener(new Judge(running))
                .partitioner(name, size -> Map.of())
                .partitionHandler((splitter, execution) -> {
                    var outcomes = chunks.outcomes(name, execution, () -> true);
                    running.put(execution.getId(), outcomes);
                    var parts = new ArrayList<StepExecution>();
                    do {
                        for (int kind = 0; kind < kinds.length; kind++) {
                            var items = kinds[kind].apply(Run.of(execution));
                            try {
                                parts.addAll(division.done(new Kind(name, kind), execution, items, outcomes));
                            } finally {
                                items.close().run();
                            }
                            if (parts.stream().anyMatch(part -> part.getStatus() != BatchStatus.COMPLETED))
                                return parts;
                            items.end().run();
                        }
                        // What a worker had in hand when it was killed is found as it is after the kill of a run.
                    } while (division.hasLostAny());
                    return parts;
                })
                .build();
    }

    /** The items of one kind of a step, once the step is made. */
    Items<?> of(Kind kind, Run run) {
        return Objects.requireNonNull(kinds.get(kind.step()), kind.step())
                .get(kind.number())
                .apply(run);
    }

    /**
     * Items of a step that are done before others.
     *
     * @param number 0 for the first
     */
    record Kind(String step, int number) {}

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
