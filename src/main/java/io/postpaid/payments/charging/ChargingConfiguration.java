package io.postpaid.payments.charging;

import io.postpaid.platform.batch.Steps;
import io.postpaid.platform.calendar.BillingClock;
import org.springframework.batch.core.step.Step;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ChargingConfiguration {

    @Bean
    Step attachCards(Steps steps, Cards cards) {
        return steps.items("attach-cards", cards::stale, cards::wanted);
    }

    @Bean
    Step chargeInvoices(
            Steps steps,
            Collecting collecting,
            WaitingBalances balances,
            UnneededIntents unneeded,
            BillingClock clock) {
        return steps.items(
                "charge-invoices",
                run -> collecting.unresolved(clock.today()),
                balances::used,
                unneeded::all,
                collecting::untried);
    }

    @Bean
    Step retryPayments(Steps steps, Collecting collecting) {
        return steps.items("retry-payments", run -> collecting.unresolved(run.date()), collecting::retryable);
    }

    @Bean
    CollectionPolicy collectionPolicy() {
        return CollectionPolicy.read();
    }
}
