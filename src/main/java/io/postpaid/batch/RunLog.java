package io.postpaid.batch;

import java.time.Duration;
import java.util.function.Consumer;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.listener.StepExecutionListener;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.stereotype.Component;

/** Tells whoever listens (a terminal) which step runs and what it did. */
@Component
public class RunLog implements StepExecutionListener {
    private volatile Consumer<String> listener = line -> {};

    public void listen(Consumer<String> listener) {
        this.listener = listener;
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
