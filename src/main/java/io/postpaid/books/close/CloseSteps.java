package io.postpaid.books.close;

import io.postpaid.platform.batch.Done;
import io.postpaid.platform.batch.Steps;
import org.springframework.batch.core.step.Step;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The steps that close a month. See jobs/close. */
@Configuration(proxyBeanMethods = false)
class CloseSteps {

    @Bean
    Step findBlockers(Steps steps, Closing closing) {
        return steps.proof("find-blockers", run -> {
            closing.mustBeReady(run.period());
            return Done.NOTHING;
        });
    }

    @Bean
    Step closeBooks(Steps steps, Closing closing) {
        return steps.proof("close-books", run -> {
            closing.close(run.period());
            return Done.WRITTEN;
        });
    }

    @Bean
    Step closeReport(Steps steps, Closing closing) {
        return steps.proof("close-report", run -> {
            closing.keepReport(run.period());
            return Done.WRITTEN;
        });
    }
}
