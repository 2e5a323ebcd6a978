package io.postpaid.platform.batch;

import io.postpaid.platform.calendar.BillingClock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Runs the jobs when they are due, for as long as the application serves: at its start what was missed, then each at its
 * time. What fails is told, and tried again after a while; it never stops the server.
 */
@Component
@ConditionalOnWebApplication
public class Schedules implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(Schedules.class);
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration AFTER_FAILURE = Duration.ofHours(1);
    private static final Duration AFTER_ANOTHER = Duration.ofMinutes(1);
    /** As long as requests have to end. */
    private static final Duration STOP_MAX = Duration.ofSeconds(30);

    private final Schedule schedule = Schedule.read();
    private final Runs runs;
    private final BillingClock clock;
    private final Instant began;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private @Nullable Thread watch;

    Schedules(Runs runs, BillingClock clock) {
        this.runs = runs;
        this.clock = clock;
        this.began = clock.instant();
    }

    @Override
    public void start() {
        watch = Thread.ofPlatform().name("schedules").start(this::watch);
    }

    private void watch() {
        var next = began;
        try {
            do {
                if (!clock.instant().isBefore(next)) next = runDue();
            } while (!stopping.await(LOOK.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Runs what is due, one after the other, up to the first that fails.
     *
     * @return when to look again
     */
    public synchronized Instant runDue() {
        var now = clock.instant();
        var next = schedule.next(now);
        try {
            for (var due : schedule.due(now, began, runs.history())) {
                if (stopping.getCount() == 0) return next;
                runs.scheduled(due.job(), due.date())
                        .ifPresent(run -> LOG.info("Run {}: {} {} {}", run.id(), run.job(), run.key(), run.status()));
            }
            return next;
        } catch (RunFailedException.InProgress another) {
            return earlier(next, now.plus(AFTER_ANOTHER));
        } catch (RuntimeException failure) {
            if (stopping.getCount() == 0) {
                LOG.info(
                        "A run was stopped with the server, and goes on with the next start or by ./postpaid rerun --failed");
            } else if (failure instanceof RunFailedException) {
                LOG.error("{}. The schedule tries again in an hour", failure.getMessage());
            } else {
                LOG.error("What is due cannot be run; the schedule tries again in an hour", failure);
            }
            return earlier(next, now.plus(AFTER_FAILURE));
        }
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    /** Lets the chunk or step that is at work end, and no other begin. */
    @Override
    public void stop() {
        stopping.countDown();
        var running = watch;
        if (running == null) return;
        try {
            for (long waited = 0; running.isAlive() && waited < STOP_MAX.toMillis(); waited += 200) {
                if (!running.join(Duration.ofMillis(200))) runs.stop();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        var running = watch;
        return running != null && running.isAlive();
    }

    /** Stopped first, while all that a run needs is still there. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }
}
