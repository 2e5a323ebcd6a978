package io.postpaid.platform.trace;

import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Where it is said to whom traces go: a line for it that says nothing, or {@code false} as the build has it, is none. */
public final class OnTraces implements Condition {
    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
        var endpoint = context.getEnvironment().getProperty("OTEL_EXPORTER_OTLP_ENDPOINT", "");
        return !endpoint.isBlank() && !endpoint.equals("false");
    }
}
