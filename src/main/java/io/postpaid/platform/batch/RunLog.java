package io.postpaid.platform.batch;

import java.time.Duration;
import java.util.function.Consumer;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.listener.StepExecutionListener;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.stereotype.Component;

/** Tells whoever listens (a terminal) which step runs and what it did. */
@Component
public class RunLog implements StepExecutionListener {
    private static final Duration EVERY = Duration.ofSeconds(5);

    private volatile Consumer<String> listener = line -> {};

    public void listen(Consumer<String> listener) {
        this.listener = listener;
    }

    /** A step at work. */
    interface Watch extends AutoCloseable {
        @Override
        void close();
    }

    /** Tells now and then how far a step is and when it will be done, where it knows how much there is to do. */
    Watch watch(String step, Tally tally) {
        var told = Thread.startVirtualThread(() -> {
            try {
                while (true) {
                    Thread.sleep(EVERY);
                    tally.progress().ifPresent(progress -> listener.accept(line(step, progress)));
                }
            } catch (InterruptedException done) {
                // The step has ended.
            }
        });
        return told::interrupt;
    }

    private static String line(String step, Tally.Progress progress) {
        var left = progress.left();
        return "%-18s %,d of %,d, %,d/s, done in about %d:%02d:%02d"
                .formatted(
                        step,
                        progress.done(),
                        progress.of(),
                        progress.perSecond(),
                        left.toHours(),
                        left.toMinutesPart(),
                        left.toSecondsPart());
    }

    @Override
    public ExitStatus afterStep(StepExecution step) {
        var started = step.getStartTime();
        var ended = step.getLastUpdated();
        var took = started == null || ended == null ? Duration.ZERO : Duration.between(started, ended);
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
