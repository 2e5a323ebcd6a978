package io.postpaid.payments.reconciliation;

import io.postpaid.platform.batch.Steps;
import org.springframework.batch.core.step.Step;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ReconciliationConfiguration {

    @Bean
    Step bookMovements(Steps steps, ProviderMovements movements) {
        return steps.items("book-movements", movements::listed);
    }
}
