package io.postpaid.payments.webhook;

import io.postpaid.payments.settlement.RefundCalls;
import io.postpaid.platform.batch.Steps;
import org.springframework.batch.core.step.Step;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class WebhookConfiguration {

    @Bean
    Step sweepEvents(Steps steps, EventProcessing events, RefundCalls refunds) {
        return steps.items(EventProcessing.SWEEP, events::delivered, refunds::unresolved, events::listed);
    }
}
