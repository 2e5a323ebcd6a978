package io.postpaid.platform.batch;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Does something again and again in a thread of its own, for as long as the application serves. */
public abstract class Worker implements SmartLifecycle {
    private final String name;
    private final Duration every;
    private final Duration stopMax;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private @Nullable Thread worker;

    /** @param stopMax how long what is at work may take to its end */
    protected Worker(String name, Duration every, Duration stopMax) {
        this.name = name;
        this.every = every;
        this.stopMax = stopMax;
    }

    /** @param goOn whether it may begin with another item */
    protected abstract void work(BooleanSupplier goOn);

    @Override
    public void start() {
        worker = Thread.ofPlatform().name(name).start(this::run);
    }

    private void run() {
        try {
            do {
                once();
            } while (!stopping.await(every.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A database that is out of reach for a while ends nothing. */
    private void once() {
        try {
            work(() -> stopping.getCount() > 0);
        } catch (RuntimeException e) {
            LoggerFactory.getLogger(getClass()).warn("The {} wait: {}", name, e.getMessage());
        }
    }

    /** Lets what is at work end, and nothing else begin. */
    @Override
    public void stop() {
        stopping.countDown();
        var working = worker;
        if (working == null) return;
        try {
            if (!working.join(stopMax)) {
                LoggerFactory.getLogger(getClass()).warn("One of the {} is left to the next start", name);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        var working = worker;
        return working != null && working.isAlive();
    }

    /** Stopped first, while all that the work needs is still there. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }
}
