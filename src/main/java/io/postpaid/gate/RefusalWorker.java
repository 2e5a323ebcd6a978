package io.postpaid.gate;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Writes the counts of refused calls every few seconds, for as long as the application serves. */
@Component
@ConditionalOnWebApplication
class RefusalWorker implements SmartLifecycle {
    private static final Duration EVERY = Duration.ofSeconds(5);

    private final Refusals refusals;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private @Nullable Thread worker;

    RefusalWorker(Refusals refusals) {
        this.refusals = refusals;
    }

    @Override
    public void start() {
        worker = Thread.ofPlatform().name("refusals").daemon().start(this::work);
    }

    private void work() {
        try {
            while (!stopping.await(EVERY.toMillis(), TimeUnit.MILLISECONDS)) refusals.flush();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void stop() {
        stopping.countDown();
        refusals.flush();
    }

    @Override
    public boolean isRunning() {
        return worker != null && stopping.getCount() > 0;
    }

    /** Stopped after the web server, so that it writes what the last requests have counted. */
    @Override
    public int getPhase() {
        return 0;
    }
}
