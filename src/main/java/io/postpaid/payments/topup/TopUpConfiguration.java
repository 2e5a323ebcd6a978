package io.postpaid.payments.topup;

import io.postpaid.platform.batch.Steps;
import org.springframework.batch.core.step.Step;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class TopUpConfiguration {

    @Bean
    Step resolveTopUps(Steps steps, TopUps topUps) {
        return steps.items("resolve-top-ups", topUps::unresolved);
    }

    @Bean
    Step automaticTopUpsStep(Steps steps, AutomaticTopUps automatic) {
        return steps.items("automatic-top-ups", automatic::due);
    }
}
