package io.postpaid.jobs;

import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Proves a month, writes its journal and locks it. What each step does says jobs/README.md. */
@Configuration(proxyBeanMethods = false)
class CloseJob {

    @Bean
    Job close(
            JobRepository jobs,
            Step bookMovements,
            Step findBlockers,
            Step proveHistory,
            Step closeBooks,
            Step closeReport) {
        return new JobBuilder("close", jobs)
                // What the provider moved up to the last second.
                .start(bookMovements)
                .next(findBlockers)
                .next(proveHistory)
                // The ties, the journal and the lock are one transaction.
                .next(closeBooks)
                .next(closeReport)
                .build();
    }
}
