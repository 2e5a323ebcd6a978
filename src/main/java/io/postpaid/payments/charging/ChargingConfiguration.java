package io.postpaid.payments.charging;

import io.postpaid.platform.batch.Steps;
import io.postpaid.platform.calendar.BillingClock;
import org.springframework.batch.core.step.Step;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ChargingConfiguration {

    @Bean
    Step attachCards(Steps steps, Payments payments) {
        return steps.items("attach-cards", payments::cardsWanted);
    }

    @Bean
    Step chargeInvoices(Steps steps, Payments payments, BillingClock clock) {
        return steps.items("charge-invoices", run -> payments.unresolved(clock.today()), payments::untried);
    }

    @Bean
    Step retryPayments(Steps steps, Payments payments) {
        return steps.items(
                "retry-payments", run -> payments.unresolved(run.date()), payments::balances, payments::retryable);
    }

    @Bean
    CollectionPolicy collectionPolicy() {
        return CollectionPolicy.read();
    }
}
