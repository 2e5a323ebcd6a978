package io.postpaid.jobs;

import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Issues the invoices of one month, renders them, charges cards, mails and reports. What each step does says jobs/README.md. */
@Configuration(proxyBeanMethods = false)
class MonthlyJob {

    @Bean
    Job monthly(
            JobRepository jobs,
            Step resolveTopUps,
            Step attachCards,
            Step freezePeriod,
            Step gatherStatistics,
            Step confirmTaxIds,
            Step calculateTaxes,
            Step draftInvoices,
            Step issueInvoices,
            Step proveTotals,
            Step chargeInvoices,
            Step renderDocuments,
            Step renderTopUpDocuments,
            Step sendMailStep,
            Step recordTaxes,
            Step proveBooks,
            Step writeFinanceReport) {
        return new JobBuilder("monthly", jobs)
                // Credit and cards that came since the night.
                .start(resolveTopUps)
                .next(attachCards)
                // From here on usage goes on the next invoice.
                .next(freezePeriod)
                .next(gatherStatistics)
                // Whom reverse charge depends on is asked before anything is locked.
                .next(confirmTaxIds)
                .next(calculateTaxes)
                .next(draftInvoices)
                .next(issueInvoices)
                .next(proveTotals)
                // A mail carries its document, and says whether the card was charged: what is charged is drawn before.
                .next(chargeInvoices)
                .next(renderDocuments)
                .next(renderTopUpDocuments)
                .next(sendMailStep)
                .next(recordTaxes)
                .next(proveBooks)
                .next(writeFinanceReport)
                .build();
    }
}
