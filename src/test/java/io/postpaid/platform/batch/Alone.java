package io.postpaid.platform.batch;

import io.postpaid.support.TestApplication;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import javax.sql.DataSource;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemReader;
import org.springframework.batch.infrastructure.item.ItemStream;
import org.springframework.batch.test.JobOperatorTestUtils;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A step without the others. */
public final class Alone {
    private static final AtomicLong LAUNCHED = new AtomicLong();

    private Alone() {}

    /** Launches the step of a bean as the framework does, with what planted data it finds. */
    public static StepExecution launch(TestApplication application, String bean, Run run) {
        var steps = new JobOperatorTestUtils(application.get(JobOperator.class), application.get(JobRepository.class));
        var parameters = new JobParametersBuilder(run.toJobParameters())
                .addLong("launched", LAUNCHED.incrementAndGet(), true)
                .toJobParameters();
        return steps
                .startStep(application.get(bean, Step.class), parameters, new ExecutionContext())
                .getStepExecutions()
                .stream()
                .filter(step -> !step.getStepName().contains(":"))
                .findFirst()
                .orElseThrow();
    }

    /** The same for one that must come to its end. */
    public static Done step(TestApplication application, String bean, Run run) {
        var step = launch(application, bean, run);
        if (step.getStatus() != BatchStatus.COMPLETED) {
            throw new IllegalStateException(step.getExitStatus().getExitDescription());
        }
        return Done.of(step.getReadCount(), step.getWriteCount(), step.getSkipCount());
    }

    /** What a step does with its items, without a run around it: what an item throws is thrown, and nothing is held. */
    @SafeVarargs
    public static Done run(TestApplication application, Run run, Function<Run, Items<?>>... kinds) {
        return run(application.get(DataSource.class), run, kinds);
    }

    @SafeVarargs
    public static Done run(DataSource database, Run run, Function<Run, Items<?>>... kinds) {
        return run(database, run, false, kinds);
    }

    @SafeVarargs
    private static Done run(DataSource database, Run run, boolean held, Function<Run, Items<?>>... kinds) {
        var done = Done.of(0, 0, 0);
        for (var kind : kinds) {
            var items = kind.apply(run);
            try {
                done = done.plus(each(database, items, held));
            } finally {
                items.close().run();
            }
            items.end().run();
        }
        return done;
    }

    /** The same, but what is an item's own fault is left, as a run would hold it. */
    @SafeVarargs
    public static void hold(TestApplication application, Run run, Function<Run, Items<?>>... kinds) {
        var _ = run(application.get(DataSource.class), run, true, kinds);
    }

    @SafeVarargs
    public static Done hold(DataSource database, Run run, Function<Run, Items<?>>... kinds) {
        return run(database, run, true, kinds);
    }

    private static <T> Done work(Items<T> items, List<T> some, boolean held) {
        try {
            return items.work().apply(some);
        } catch (RuntimeException e) {
            if (!held || Failure.ofEverything(e)) throw e;
            if (some.size() == 1) return Done.of(1, 0, 1);
            return some.stream().map(one -> work(items, List.of(one), true)).reduce(Done.of(0, 0, 0), Done::plus);
        }
    }

    private static <T> Done each(DataSource database, Items<T> items, boolean held) {
        if (items.todo().count(JdbcClient.create(database)) == 0) return Done.of(0, 0, 0);
        var reader = items.todo().part(database, 0, 1);
        if (reader instanceof ItemStream stream) stream.open(new ExecutionContext());
        var begun = new ArrayList<Future<Done>>();
        var free = new Semaphore(items.width());
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var some = next(reader, items); !some.isEmpty(); some = next(reader, items)) {
                free.acquireUninterruptibly();
                if (begun.stream().anyMatch(task -> task.state() == Future.State.FAILED)) break;
                var batch = some;
                begun.add(threads.submit(() -> {
                    try {
                        return work(items, batch, held);
                    } finally {
                        free.release();
                    }
                }));
            }
        }
        return begun.stream().map(Alone::result).reduce(Done.of(0, 0, 0), Done::plus);
    }

    private static Done result(Future<Done> task) {
        if (task.state() == Future.State.SUCCESS) return task.resultNow();
        if (task.exceptionNow() instanceof Error error) throw error;
        throw (RuntimeException) task.exceptionNow();
    }

    private static <T> List<T> next(ItemReader<T> reader, Items<T> items) {
        var some = new ArrayList<T>();
        try {
            while (some.size() < items.batch()) {
                var item = reader.read();
                if (item == null) break;
                if (items.wanted().test(item)) some.add(item);
            }
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        return some;
    }
}
