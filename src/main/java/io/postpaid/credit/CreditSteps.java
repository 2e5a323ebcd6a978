package io.postpaid.credit;

import io.postpaid.platform.batch.Steps;
import org.springframework.batch.core.step.Step;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class CreditSteps {

    /** Import grants allowances at once; this is for an import that died behind its accounts. */
    @Bean
    Step grantAllowances(Steps steps, CreditLedger ledger) {
        return steps.items("grant-allowances", ledger::allowances);
    }

    @Bean
    Step expireCredits(Steps steps, CreditLedger ledger) {
        return steps.items("expire-credits", ledger::expired);
    }
}
