package io.postpaid.payments.webhook;

import io.postpaid.platform.batch.Worker;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.stereotype.Component;

/** Processes Stripe's events soon after they were delivered, for as long as the application serves. */
@Component
@ConditionalOnWebApplication
class WebhookWorker extends Worker {
    private static final Duration LOOK = Duration.ofMillis(500);
    /** As long as requests have to end. */
    private static final Duration STOP_MAX = Duration.ofSeconds(30);

    private final EventProcessing events;

    WebhookWorker(EventProcessing events) {
        super("webhooks", LOOK, STOP_MAX);
        this.events = events;
    }

    @Override
    protected void work(BooleanSupplier goOn) {
        events.processDue(goOn);
    }
}
