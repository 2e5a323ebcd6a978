package io.postpaid.usage;

import io.postpaid.platform.batch.HeldException;
import io.postpaid.platform.batch.Item;
import io.postpaid.platform.batch.Steps;
import io.postpaid.platform.batch.Tally;
import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.platform.home.Home;
import java.nio.file.Path;
import org.springframework.batch.core.step.Step;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class UsageSteps {
    /** Takes in what lies in the inbox; a file that cannot be read stays there, is told of, and stops no other. */
    @Bean
    Step ingestInbox(Steps steps, Inbox inbox, Home home) {
        return steps.work("ingest-inbox", (run, tally) -> ingest(inbox, home, tally));
    }

    private static void ingest(Inbox inbox, Home home, Tally tally) {
        Inbox.each(
                home.inbox(),
                path -> tally.item(Item.of("file", path.getFileName(), null), () -> take(inbox, path, tally)));
    }

    private static void take(Inbox inbox, Path path, Tally tally) {
        try {
            var file = inbox.take(path, Progress.NONE);
            tally.read(file.lines());
            tally.written(file.accepted());
            tally.skipped(file.duplicates() + file.quarantined());
        } catch (UnreadableUsage e) {
            throw new HeldException("UNREADABLE", String.valueOf(e.getMessage()), e.getCause());
        }
    }

    /** Takes in what came with a clock that ran ahead, now that its time has come; what is further ahead waits for a person. */
    @Bean
    Step retryEarlyUsage(Steps steps, Quarantine quarantine) {
        return steps.work("retry-early-usage", (run, tally) -> {
            var released = quarantine.releaseEarly(tally);
            tally.read(released.accepted() + released.duplicates() + released.stillOpen());
            tally.written(released.accepted());
            tally.skipped(released.duplicates() + released.stillOpen());
        });
    }

    @Bean
    Step applyCorrections(Steps steps, Corrections corrections, BillingClock clock) {
        return steps.work("apply-corrections", (run, tally) -> corrections.applyPending(clock.instant(), tally));
    }
}
