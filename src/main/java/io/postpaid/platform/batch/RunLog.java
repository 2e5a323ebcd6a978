package io.postpaid.platform.batch;

import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.MDC;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.listener.StepExecutionListener;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.stereotype.Component;

/**
 * Says how far a long step is and what it did, by what the step counts. What is over soon is in the report of the run, and
 * not worth a line.
 */
@Component
public class RunLog implements StepExecutionListener {
    /** What a line of the log says beside its message, where logs are JSON: the number of the run, and the step. */
    static final String RUN = "run_id";

    static final String STEP = "step";

    private static final long EVERY = Duration.ofSeconds(5).toNanos();

    private volatile Consumer<String> listener = line -> {};
    /** Of the step at work: there is one at a time. */
    private String step = "";

    private long expected;

    private long done;
    private long begunAt;
    private long saidAt;

    public void listen(Consumer<String> listener) {
        this.listener = listener;
    }

    @Override
    public synchronized void beforeStep(StepExecution step) {
        this.step = step.getStepName();
        MDC.put(RUN, String.valueOf(step.getJobExecution().getJobInstance().getInstanceId()));
        MDC.put(STEP, this.step);
        expected = 0;
        done = 0;
        begunAt = System.nanoTime();
        saidAt = begunAt;
    }

    /** There are so many items more, or an unknown number of them. */
    synchronized void expect(long count) {
        expected += Math.max(0, count);
    }

    /** So many are done; now and then it is said how far the step is and when it will be done. */
    synchronized void did(long count) {
        done += count;
        long now = System.nanoTime();
        if (now - saidAt < EVERY || done == 0 || done > expected) return;
        saidAt = now;
        long nanos = now - begunAt;
        var left = Duration.ofNanos((expected - done) * (nanos / done));
        listener.accept("%-18s %,d of %,d, %,d/s, done in about %d:%02d:%02d"
                .formatted(
                        step,
                        done,
                        expected,
                        done * Duration.ofSeconds(1).toNanos() / nanos,
                        left.toHours(),
                        left.toMinutesPart(),
                        left.toSecondsPart()));
    }

    @Override
    public synchronized ExitStatus afterStep(StepExecution step) {
        MDC.remove(RUN);
        MDC.remove(STEP);
        var took = Duration.ofNanos(System.nanoTime() - begunAt);
        if (took.toNanos() < EVERY && step.getStatus() == BatchStatus.COMPLETED) return step.getExitStatus();
        listener.accept("%-18s %-9s read %,d  written %,d  skipped %,d  %d.%01d s"
                .formatted(
                        step.getStepName(),
                        step.getStatus(),
                        step.getReadCount(),
                        step.getWriteCount(),
                        step.getSkipCount(),
                        took.toSeconds(),
                        took.toMillisPart() / 100));
        return step.getExitStatus();
    }
}
