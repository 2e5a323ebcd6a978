package io.postpaid.usage.intake;

import io.postpaid.platform.batch.Done;
import io.postpaid.platform.batch.HeldException;
import io.postpaid.platform.batch.Item;
import io.postpaid.platform.batch.Items;
import io.postpaid.platform.batch.Steps;
import io.postpaid.platform.batch.Todo;
import io.postpaid.platform.home.Home;
import io.postpaid.usage.bucket.Buckets;
import io.postpaid.usage.bucket.OpenBuckets;
import io.postpaid.usage.bucket.Waiting;
import io.postpaid.usage.format.UnreadableUsage;
import io.postpaid.usage.mapping.Mappings;
import java.util.Collections;
import java.util.function.Supplier;
import org.springframework.batch.core.step.Step;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class UsageSteps {
    private static final Items<String> NOTHING =
            Items.each(Todo.of(Collections.emptyIterator()), Item::account, _ -> Done.NOTHING);

    /** Takes in what lies in the inbox and in buckets; what cannot be read stays there, is told of, and stops no other. */
    @Bean
    Step ingestInbox(Steps steps, Inbox inbox, Home home, Buckets buckets, Mappings mappings) {
        return steps.items(
                "ingest-inbox",
                run -> Items.each(
                        Todo.of(inbox.waiting(home.inbox())),
                        waiting -> Item.of("file", waiting.name(), null),
                        waiting -> take(() -> inbox.take(waiting))),
                run -> buckets.any() ? inBuckets(buckets.open(), inbox, mappings) : NOTHING);
    }

    static Items<Waiting> inBuckets(OpenBuckets buckets, Inbox inbox, Mappings mappings) {
        var objects = new BucketInbox(buckets, inbox, mappings);
        return Items.each(Todo.of(buckets.waiting()), objects::item, waiting -> take(() -> objects.take(waiting)))
                .only(objects::isWanted)
                .then(buckets::tidy)
                .closing(buckets::close);
    }

    private static Done take(Supplier<IngestOutcome> taking) {
        try {
            var file = taking.get();
            return Done.of(file.lines(), file.accepted(), file.lines() - file.accepted());
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
