package io.postpaid.platform.batch;

import static java.util.stream.Collectors.toMap;

import io.postpaid.platform.batch.Steps.Kind;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.springframework.batch.core.job.JobExecutionException;
import org.springframework.batch.core.partition.support.SimpleStepExecutionSplitter;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Divides the items of a step into parts and has them done: here, and where they are many or workers are there, together. */
@Component
class Division {
    /** Parts for each process. */
    private static final int PARTS = 4;

    private static final int PARTS_MAX = 32;
    /** So few items are not worth to be divided. */
    private static final int FEW = 100;
    /** Where there is somebody else who would do nothing otherwise. */
    private static final int FEW_FOR_WORKERS = 20;
    /** So many are worth that a worker that comes later helps with them. */
    private static final int MANY = 500;

    private static final int AT_ONCE = Math.max(2, Runtime.getRuntime().availableProcessors());
    /**
     * A part's step is called {@code meter-and-rate-partition:0-of-4}. Which part it is stands in its name, not in its stored
     * context, which the framework writes behind the step: a process killed between the two would leave a part that no rerun
     * could ever do.
     */
    private static final String PARTITION = "-partition";

    private static final String OF = "-of-";

    private final JobRepository jobs;
    private final DataSource database;
    private final JdbcClient jdbc;
    private final RunLog log;
    private final StepsInChunks chunks;
    private final Workers workers;
    private final Sharing sharing;
    private final SimpleAsyncTaskExecutor threads = new SimpleAsyncTaskExecutor("partition-");

    Division(
            JobRepository jobs,
            DataSource database,
            JdbcClient jdbc,
            RunLog log,
            StepsInChunks chunks,
            Workers workers,
            Sharing sharing) {
        this.jobs = jobs;
        this.database = database;
        this.jdbc = jdbc;
        this.log = log;
        this.chunks = chunks;
        this.workers = workers;
        this.sharing = sharing;
    }

    <T> Collection<StepExecution> done(Kind kind, StepExecution execution, Items<T> items, Outcomes judged)
            throws JobExecutionException {
        long count = items.todo().count(jdbc);
        log.expect(count);
        boolean divisible = items.todo().divisible();
        int helpers = divisible && count >= FEW_FOR_WORKERS ? workers.present() : 0;
        boolean divided = divisible && (helpers > 0 || count >= FEW);
        int parts = count == 0 ? 0 : divided ? Math.min(PARTS_MAX, PARTS * (1 + helpers)) : 1;
        var split = split(kind, execution, parts);
        var outcomes = judged(items, judged);
        if (helpers > 0 || divided && count >= MANY) {
            return sharing.done(kind, execution, split, outcomes, (next, ended) -> work(items, outcomes, next, ended));
        }
        var queue = new ConcurrentLinkedQueue<>(split);
        work(items, outcomes, () -> Optional.ofNullable(queue.poll()), part -> {});
        return split;
    }

    /** Whether a worker was killed meanwhile, with items in hand maybe. */
    boolean hasLostAny() {
        return sharing.hasLostAny();
    }

    /** Another step's are not judged with this step's. */
    static Outcomes judged(Items<?> items, Outcomes judged) {
        var other = items.heldBy();
        return other == null ? judged : judged.of(other);
    }

    private List<StepExecution> split(Kind kind, StepExecution execution, int parts) throws JobExecutionException {
        var label = kind.step() + (kind.number() == 0 ? "" : "-" + (kind.number() + 1)) + PARTITION;
        var splitter = new SimpleStepExecutionSplitter(
                jobs,
                label,
                size -> IntStream.range(0, parts)
                        .boxed()
                        .collect(toMap(part -> part + OF + parts, part -> new ExecutionContext())));
        // A rerun tries again what a part that came to its end has held; the reader leaves out what is done.
        splitter.setAllowStartIfComplete(true);
        return splitter.split(execution, parts).stream()
                .sorted(Comparator.comparing(StepExecution::getId))
                .toList();
    }

    /** Does parts, as many at a time as there are processors, until there is no other. */
    <T> void work(
            Items<T> items, Outcomes outcomes, Supplier<Optional<StepExecution>> next, Consumer<StepExecution> ended) {
        var calls = new SimpleAsyncTaskExecutor("items-");
        calls.setVirtualThreads(true);
        calls.setConcurrencyLimit(items.width());
        Runnable some = () -> {
            for (var part = next.get(); part.isPresent(); part = next.get()) {
                var name = part.get().getStepName().split(":")[1].split(OF);
                var reader = items.todo().part(database, Integer.parseInt(name[0]), Integer.parseInt(name[1]));
                chunks.run(part.get(), items, reader, outcomes, calls);
                ended.accept(part.get());
            }
        };
        try {
            CompletableFuture.allOf(IntStream.range(0, AT_ONCE)
                            .mapToObj(n -> CompletableFuture.runAsync(some, threads))
                            .toArray(CompletableFuture[]::new))
                    .join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof Error error) throw error;
            if (e.getCause() instanceof RuntimeException thrown) throw thrown;
            throw e;
        }
    }
}
