package io.postpaid.credit;

import io.postpaid.batch.Steps;
import org.springframework.batch.core.step.Step;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class CreditSteps {

    @Bean
    Step expireCredits(Steps steps, CreditLedger ledger) {
        return steps.transactional("expire-credits", ledger::expire);
    }
}
