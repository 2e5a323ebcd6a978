package io.postpaid.gate;

import io.postpaid.platform.batch.Steps;
import org.springframework.batch.core.step.Step;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class GateSteps {

    /** The gate gives up an account's forgotten holds when it needs them; this is for accounts that do not call again. */
    @Bean
    Step expireHolds(Steps steps, Gate gate) {
        return steps.items("expire-holds", gate::expired);
    }
}
