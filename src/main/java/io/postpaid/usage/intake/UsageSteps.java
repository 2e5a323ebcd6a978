package io.postpaid.usage.intake;

import io.postpaid.platform.batch.Done;
import io.postpaid.platform.batch.HeldException;
import io.postpaid.platform.batch.Item;
import io.postpaid.platform.batch.Items;
import io.postpaid.platform.batch.Steps;
import io.postpaid.platform.batch.Todo;
import io.postpaid.platform.home.Home;
import io.postpaid.usage.format.UnreadableUsage;
import java.util.function.Supplier;
import org.springframework.batch.core.step.Step;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class UsageSteps {
    /** Takes in what lies in the inbox; a file that cannot be read stays there, is told of, and stops no other. */
    @Bean
    Step ingestInbox(Steps steps, Inbox inbox, Home home) {
        return steps.items(
                "ingest-inbox",
                run -> Items.each(
                        Todo.of(inbox.waiting(home.inbox())),
                        waiting -> Item.of("file", waiting.name(), null),
                        waiting -> take(() -> inbox.take(waiting))));
    }

    private static Done take(Supplier<IngestOutcome> taking) {
        try {
            var file = taking.get();
            return Done.of(file.lines(), file.accepted(), file.duplicates() + file.quarantined());
        } catch (UnreadableUsage e) {
            throw new HeldException("UNREADABLE", String.valueOf(e.getMessage()), e);
        }
    }

    /** Takes in what came with a clock that ran ahead, now that its time has come; what is further ahead waits for a person. */
    @Bean
    Step retryEarlyUsage(Steps steps, Quarantine quarantine) {
        return steps.items("retry-early-usage", quarantine::early);
    }

    @Bean
    Step applyCorrections(Steps steps, Corrections corrections) {
        return steps.items("apply-corrections", corrections::pending);
    }
}
