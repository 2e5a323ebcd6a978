package io.postpaid.platform.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.job.AbstractJob;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.listener.JobExecutionListener;
import org.springframework.batch.core.listener.StepExecutionListener;
import org.springframework.batch.core.step.AbstractStep;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;

/** A span for each run, and in it one for each of its steps. */
class RunSpans implements BeanPostProcessor, JobExecutionListener, StepExecutionListener {
    private final ObjectProvider<OpenTelemetrySdk> sdk;
    private final Map<Long, Span> runs = new ConcurrentHashMap<>();
    private final Map<Long, Span> steps = new ConcurrentHashMap<>();

    RunSpans(ObjectProvider<OpenTelemetrySdk> sdk) {
        this.sdk = sdk;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        if (bean instanceof AbstractJob job) job.registerJobExecutionListener(this);
        if (bean instanceof AbstractStep step) step.registerStepExecutionListener(this);
        return bean;
    }

    private Tracer tracer() {
        return sdk.getObject().getTracer("io.postpaid");
    }

    @Override
    public void beforeJob(JobExecution run) {
        runs.put(
                run.getId(),
                tracer().spanBuilder(run.getJobInstance().getJobName())
                        .setAttribute("postpaid.run_id", run.getJobInstance().getInstanceId())
                        .setAttribute(
                                "postpaid.date",
                                String.valueOf(run.getJobParameters().getLocalDate("date")))
                        .startSpan());
    }

    @Override
    public void afterJob(JobExecution run) {
        end(runs.remove(run.getId()), run.getStatus());
    }

    @Override
    public void beforeStep(StepExecution step) {
        var run = runs.get(step.getJobExecution().getId());
        steps.put(
                step.getId(),
                tracer().spanBuilder(step.getStepName())
                        .setParent(run == null ? Context.root() : Context.root().with(run))
                        .startSpan());
    }

    @Override
    public ExitStatus afterStep(StepExecution step) {
        var span = steps.remove(step.getId());
        if (span != null) {
            span.setAttribute("postpaid.read", step.getReadCount());
            span.setAttribute("postpaid.written", step.getWriteCount());
            span.setAttribute("postpaid.skipped", step.getSkipCount());
        }
        end(span, step.getStatus());
        return step.getExitStatus();
    }

    /** Why it failed stays in the books: the sentence may name a customer. */
    private static void end(@Nullable Span span, BatchStatus status) {
        if (span == null) return;
        if (status != BatchStatus.COMPLETED) span.setStatus(StatusCode.ERROR, status.name());
        span.end();
    }
}
