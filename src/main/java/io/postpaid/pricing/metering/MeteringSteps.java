package io.postpaid.pricing.metering;

import io.postpaid.platform.batch.Steps;
import org.springframework.batch.core.step.Step;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class MeteringSteps {

    @Bean
    Step freezePeriod(Steps steps) {
        return steps.sql("freeze-period");
    }

    @Bean
    Step gatherStatistics(Steps steps) {
        return steps.sql("gather-statistics");
    }
}
