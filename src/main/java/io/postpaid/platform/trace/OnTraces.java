package io.postpaid.platform.trace;

import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Where it is said to whom traces go; files of settings often have a line for it that says nothing. */
public final class OnTraces implements Condition {
    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
        return !context.getEnvironment()
                .getProperty("OTEL_EXPORTER_OTLP_ENDPOINT", "")
                .isBlank();
    }
}
