package io.postpaid.platform.trace;

import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** OpenTelemetry as its own environment variables ask for it; what they leave open is said here. */
@Configuration(proxyBeanMethods = false)
@Conditional(OnTraces.class)
class TraceConfiguration {
    /** Closing it, with the application, sends what is left. */
    @Bean
    OpenTelemetrySdk openTelemetry(Environment settings) {
        return AutoConfiguredOpenTelemetrySdk.builder()
                .disableShutdownHook()
                .addPropertiesSupplier(() -> Map.of(
                        "otel.service.name", "postpaid",
                        "otel.exporter.otlp.endpoint", settings.getRequiredProperty("OTEL_EXPORTER_OTLP_ENDPOINT"),
                        "otel.exporter.otlp.protocol", "http/protobuf",
                        "otel.metrics.exporter", "none",
                        "otel.logs.exporter", "none"))
                .build()
                .getOpenTelemetrySdk();
    }

    @Bean
    static RunSpans runSpans(ObjectProvider<OpenTelemetrySdk> sdk) {
        return new RunSpans(sdk);
    }
}
