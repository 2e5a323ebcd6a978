package io.postpaid.usage;

import io.postpaid.batch.Item;
import io.postpaid.batch.Steps;
import io.postpaid.batch.Tally;
import io.postpaid.calendar.BillingClock;
import io.postpaid.home.Home;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.step.Step;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class UsageSteps {
    private static final Logger LOG = LoggerFactory.getLogger(UsageSteps.class);

    /** Takes in what lies in the inbox; a file that cannot be read stays there, is told of, and stops no other. */
    @Bean
    Step ingestInbox(Steps steps, Inbox inbox, Home home) {
        return steps.work("ingest-inbox", (run, tally) -> ingest(inbox, home, tally));
    }

    private static void ingest(Inbox inbox, Home home, Tally tally) {
        var result = inbox.ingestAll(home.inbox(), file -> Progress.NONE);
        for (var file : result.taken()) {
            tally.read(file.lines());
            tally.written(file.accepted());
            tally.skipped(file.duplicates() + file.quarantined());
        }
        result.unread().forEach(file -> {
            LOG.warn("{} stays in the inbox: {}", file.file(), file.sentence());
            tally.held(Item.of("file", file.file(), null), "UNREADABLE", file.sentence());
        });
    }

    /** Takes in what came with a clock that ran ahead, now that its time has come; what is further ahead waits for a person. */
    @Bean
    Step retryEarlyUsage(Steps steps, Quarantine quarantine) {
        return steps.work("retry-early-usage", (run, tally) -> {
            var released = quarantine.releaseEarly();
            tally.read(released.accepted() + released.duplicates() + released.stillOpen());
            tally.written(released.accepted());
            tally.skipped(released.duplicates() + released.stillOpen());
        });
    }

    @Bean
    Step applyCorrections(Steps steps, Corrections corrections, BillingClock clock) {
        return steps.work(
                "apply-corrections", (run, tally) -> tally.written(corrections.applyPending(clock.instant())));
    }
}
