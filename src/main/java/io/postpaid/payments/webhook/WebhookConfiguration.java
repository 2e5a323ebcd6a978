package io.postpaid.payments.webhook;

import io.postpaid.platform.batch.Steps;
import org.springframework.batch.core.step.Step;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class WebhookConfiguration {

    @Bean
    Step sweepEvents(Steps steps, Webhooks webhooks) {
        return steps.items(Webhooks.SWEEP, webhooks::delivered, webhooks::refunds, webhooks::listed);
    }
}
