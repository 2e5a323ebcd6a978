package io.postpaid.jobs;

import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Takes in usage, meters and rates it, draws credit, and chases what is unpaid. What each step does says jobs/README.md. */
@Configuration(proxyBeanMethods = false)
class NightlyJob {

    @Bean
    Job nightly(
            JobRepository jobs,
            Step resolveTopUps,
            Step ingestInbox,
            Step aggregateUsage,
            Step retryEarlyUsage,
            Step applyCorrections,
            Step applyArchivedCorrections,
            Step grantAllowances,
            Step meterAndRate,
            Step expireHolds,
            Step expireCredits,
            Step checkLimitsStep,
            Step sweepEvents,
            Step bookMovements,
            Step matchBankLines,
            Step attachCards,
            Step finishErasures,
            Step automaticTopUpsStep,
            Step confirmTaxIds,
            Step calculateTaxes,
            Step billHeldAccounts,
            Step renderDocuments,
            Step chargeInvoices,
            Step retryPayments,
            Step advanceDunning,
            Step renderCreditNotes,
            Step renderTopUpDocuments,
            Step sendMailStep,
            Step recordTaxes,
            Step proveBooks) {
        return new JobBuilder("nightly", jobs)
                // Credit that was bought counts for the usage of the day.
                .start(resolveTopUps)
                .next(ingestInbox)
                .next(aggregateUsage)
                .next(retryEarlyUsage)
                .next(applyCorrections)
                .next(applyArchivedCorrections)
                // All usage of the day is there now; free credit covers it first.
                .next(grantAllowances)
                .next(meterAndRate)
                // What was used is covered before what is left expires.
                .next(expireHolds)
                .next(expireCredits)
                .next(checkLimitsStep)
                // What Stripe knows comes before anything is charged.
                .next(sweepEvents)
                .next(bookMovements)
                .next(matchBankLines)
                .next(attachCards)
                .next(finishErasures)
                .next(automaticTopUpsStep)
                // What a month had to hold goes the way of the month.
                .next(confirmTaxIds)
                .next(calculateTaxes)
                .next(billHeldAccounts)
                .next(renderDocuments)
                .next(chargeInvoices)
                .next(retryPayments)
                // Nobody is reminded of what was paid a moment ago.
                .next(advanceDunning)
                // A mail carries its document.
                .next(renderCreditNotes)
                .next(renderTopUpDocuments)
                .next(sendMailStep)
                .next(recordTaxes)
                .next(proveBooks)
                .build();
    }
}
