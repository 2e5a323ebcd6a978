package io.postpaid.platform.batch;

import io.postpaid.platform.batch.Outcomes.Tried;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.job.JobInterruptedException;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.infrastructure.item.ItemReader;
import org.springframework.batch.infrastructure.item.ItemStream;
import org.springframework.batch.infrastructure.support.transaction.ResourcelessTransactionManager;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Does a part of a step: reads what is not done yet, does it and counts it in chunks. */
@Component
class StepsInChunks {
    /** Batches in a chunk, for each that is worked on at a time: the chunk ends with its last one. */
    private static final int CHUNK = 10;

    private final JobRepository jobs;
    private final PlatformTransactionManager transactions;
    private final TransactionTemplate savepoint;
    private final HeldItems held;
    private final RunLog log;

    StepsInChunks(JobRepository jobs, PlatformTransactionManager transactions, HeldItems held, RunLog log) {
        this.jobs = jobs;
        this.transactions = transactions;
        this.savepoint = new TransactionTemplate(transactions);
        this.savepoint.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
        this.held = held;
        this.log = log;
    }

    /** @param goOn whether another item may be begun */
    Outcomes outcomes(String step, StepExecution execution, BooleanSupplier goOn) {
        var run = Run.of(execution);
        var period = run.monthly() ? run.period().firstDay() : null;
        return new Outcomes(
                held, step, period, execution.getJobExecution().getJobInstance().getInstanceId(), goOn);
    }

    /** Does a part to its end, which stands in the database then. */
    <T> void run(StepExecution part, Items<T> items, ItemReader<T> reader, Outcomes outcomes, AsyncTaskExecutor calls) {
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
                .writer(tried -> count(tried.getItems(), part, outcomes));
        if (reader instanceof ItemStream stream) chunks.stream(stream);
        if (items.width() > 1) chunks.taskExecutor(calls);
        try {
            chunks.build().execute(part);
        } catch (JobInterruptedException e) {
            throw new IllegalStateException(e);
        }
        say(part);
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
    private void count(List<? extends Tried> chunk, StepExecution part, Outcomes outcomes) throws Exception {
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
        if (outcomes.leaves()) part.setTerminateOnly();
    }

    /** Keeps why a part failed, and not only the first lines of its trace. */
    private void say(StepExecution part) {
        if (part.getStatus() != BatchStatus.FAILED
                || part.getFailureExceptions().isEmpty()) return;
        var why = part.getFailureExceptions().getFirst();
        part.setExitStatus(new ExitStatus(part.getExitStatus().getExitCode(), Failure.detail(why)));
        jobs.update(part);
    }
}
