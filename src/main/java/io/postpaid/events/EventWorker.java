package io.postpaid.events;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Delivers events soon after they were committed, for as long as the application serves. A thread of its own: a slow receiver holds up nothing else. */
@Component
@ConditionalOnWebApplication
class EventWorker implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(EventWorker.class);
    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final Duration LOOK = Duration.ofMinutes(1);
    private static final Duration STOP_MAX = Receiver.ANSWER_MAX.plusSeconds(5);

    private final Events events;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private @Nullable Thread worker;

    EventWorker(Events events) {
        this.events = events;
    }

    @Override
    public void start() {
        worker = Thread.ofPlatform().name("events").start(this::work);
    }

    private void work() {
        try {
            for (long seconds = 0; !stopping.await(EVERY.toMillis(), TimeUnit.MILLISECONDS); seconds++) {
                deliver(seconds % LOOK.toSeconds() == 0);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A database that is out of reach for a while ends nothing. */
    private void deliver(boolean look) {
        try {
            if (look) events.look();
            events.deliverDue(() -> stopping.getCount() > 0);
        } catch (RuntimeException e) {
            LOG.warn("Events wait: {}", e.getMessage());
        }
    }

    /** Lets the requests that are at work end, and no other begin. */
    @Override
    public void stop() {
        stopping.countDown();
        var working = worker;
        if (working == null) return;
        try {
            if (!working.join(STOP_MAX)) LOG.warn("A delivery of an event is left to the next start");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        var working = worker;
        return working != null && working.isAlive();
    }

    /** Stopped first, while all that a delivery needs is still there. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }
}
