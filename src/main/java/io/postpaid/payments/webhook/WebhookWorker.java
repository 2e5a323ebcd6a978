package io.postpaid.payments.webhook;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Processes Stripe's events soon after they were delivered, for as long as the application serves. */
@Component
@ConditionalOnWebApplication
class WebhookWorker implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(WebhookWorker.class);
    private static final Duration LOOK = Duration.ofMillis(500);
    /** As long as requests have to end. */
    private static final Duration STOP_MAX = Duration.ofSeconds(30);

    private final EventProcessing events;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private @Nullable Thread worker;

    WebhookWorker(EventProcessing events) {
        this.events = events;
    }

    @Override
    public void start() {
        worker = Thread.ofPlatform().name("webhooks").start(this::work);
    }

    private void work() {
        try {
            do {
                process();
            } while (!stopping.await(LOOK.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A database that is out of reach for a while ends nothing. */
    private void process() {
        try {
            events.processDue(() -> stopping.getCount() > 0);
        } catch (RuntimeException e) {
            LOG.warn("Stripe's events wait: {}", e.getMessage());
        }
    }

    /** Lets the event that is at work end, and no other begin. */
    @Override
    public void stop() {
        stopping.countDown();
        var working = worker;
        if (working == null) return;
        try {
            if (!working.join(STOP_MAX)) LOG.warn("An event of Stripe's is left to the next start");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        var working = worker;
        return working != null && working.isAlive();
    }

    /** Stopped first, while all that an event needs is still there. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }
}
