package io.postpaid.payments.topup;

import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Buys automatic top-ups while the server runs, so that nobody waits for the night. */
@Component
@ConditionalOnWebApplication
class AutomaticWorker {
    private static final Logger LOG = LoggerFactory.getLogger(AutomaticWorker.class);

    private final AutomaticTopUps automatic;

    AutomaticWorker(AutomaticTopUps automatic) {
        this.automatic = automatic;
    }

    @Scheduled(initialDelay = 10, fixedDelay = 10, timeUnit = TimeUnit.SECONDS)
    void buy() {
        quietly(automatic::work);
    }

    @Scheduled(initialDelay = 1, fixedDelay = 1, timeUnit = TimeUnit.MINUTES)
    void resume() {
        quietly(automatic::resume);
    }

    /** What is out of reach for a while is tried again, and by the night. */
    private static void quietly(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            LOG.warn("Automatic top-ups wait: {}", e.getMessage());
        }
    }
}
