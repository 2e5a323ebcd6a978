package io.postpaid.payments.dunning;

import io.postpaid.platform.batch.Steps;
import org.springframework.batch.core.step.Step;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class DunningConfiguration {

    @Bean
    Step advanceDunning(Steps steps, Dunning dunning) {
        return steps.items("advance-dunning", dunning::unpaid, dunning::settled);
    }
}
