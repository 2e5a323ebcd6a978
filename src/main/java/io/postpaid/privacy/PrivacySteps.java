package io.postpaid.privacy;

import io.postpaid.platform.batch.Steps;
import org.springframework.batch.core.step.Step;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class PrivacySteps {

    @Bean
    Step finishErasures(Steps steps, Erasure erasure) {
        return steps.items("finish-erasures", erasure::unfinished);
    }
}
