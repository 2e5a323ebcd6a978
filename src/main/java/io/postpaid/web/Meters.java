package io.postpaid.web;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.postpaid.events.Events;
import io.postpaid.keeping.Alarms;
import io.postpaid.mail.Outbox;
import io.postpaid.platform.batch.RunHistory;
import io.postpaid.usage.aggregate.Aggregation;
import java.util.List;
import java.util.Locale;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What is measured, under {@code /metrics}; features take the registry and add what is theirs. */
@Configuration(proxyBeanMethods = false)
class Meters {
    private static final List<String> MAIL_STATES = List.of("QUEUED", "SENDING", "UNKNOWN", "FAILED");

    @Bean
    PrometheusMeterRegistry meterRegistry(
            Outbox outbox, RunHistory runs, Events events, Alarms alarms, Aggregation aggregation) {
        var meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        new JvmMemoryMetrics().bindTo(meters);
        new ProcessorMetrics().bindTo(meters);
        new UptimeMetrics().bindTo(meters);
        MAIL_STATES.forEach(state -> Gauge.builder("postpaid.outbox.notices", outbox, o -> o.count(state))
                .description("Mails that are not sent")
                .tag("status", state.toLowerCase(Locale.ROOT))
                .register(meters));
        Gauge.builder(
                        "postpaid.runs.failed",
                        runs,
                        r -> r.failed().stream().filter(run -> !run.running()).count())
                .description("Runs that wait for a rerun")
                .register(meters);
        Gauge.builder("postpaid.runs.last.night.seconds", runs, RunHistory::lastNightAt)
                .description("The date of the last nightly run that is done, as seconds since 1970")
                .register(meters);
        Gauge.builder("postpaid.events.waiting", events, e -> e.status().waiting())
                .description("Events that are not delivered yet")
                .register(meters);
        Gauge.builder("postpaid.events.off", events, e -> e.status().offSince() == null ? 0 : 1)
                .description("Whether the deliveries of events are switched off")
                .register(meters);
        Gauge.builder("postpaid.alarms", alarms, a -> a.open().size())
                .description("What is silent or about to be too late, as it was looked for last")
                .register(meters);
        Gauge.builder("postpaid.aggregate.last.seconds", aggregation, Aggregation::lastImport)
                .description("When a run of usage aggregate was imported last, as seconds since 1970; 0 if none was")
                .register(meters);
        return meters;
    }
}
