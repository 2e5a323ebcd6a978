package io.postpaid.payments.charging;

import io.postpaid.billing.invoicing.Paperwork;
import io.postpaid.payments.charging.CandidateStore.Candidate;
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
            Paperwork papers,
            BillingClock clock) {
        return steps.items(
                "charge-invoices",
                run -> collecting.unresolved(clock.today()),
                balances::used,
                unneeded::all,
                // A mail carries its document. One fifty is drawn while others wait for Stripe.
                run -> collecting
                        .untried(run)
                        .behind(some -> papers.prepare(
                                some.stream().map(Candidate::invoice).toList())));
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
