package io.postpaid.payments.bank;

import io.postpaid.platform.batch.Steps;
import org.springframework.batch.core.step.Step;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class BankConfiguration {

    @Bean
    Step matchBankLines(Steps steps, BankStatements statements) {
        return steps.items("match-bank-lines", statements::open);
    }
}
