package io.postpaid.platform.batch;

import io.postpaid.platform.audit.Actor;
import io.postpaid.platform.audit.OnBehalf;
import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.platform.calendar.BillingPeriod;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Runs the jobs when they are due, for as long as the application serves: at its start what was missed, then each at its
 * time. What fails is tried again after a while; it never stops the server.
 */
@Component
@EnableScheduling
@ConditionalOnWebApplication
public class Schedules {
    private static final Logger LOG = LoggerFactory.getLogger(Schedules.class);
    private static final Duration AFTER_FAILURE = Duration.ofHours(1);
    private static final Duration AFTER_ANOTHER = Duration.ofMinutes(1);
    private static final long STOP_MILLIS = 200;
    /** Together 30 seconds, as long as requests have to end. */
    private static final int STOPS_MAX = 150;

    private final Schedule schedule = Schedule.read();
    private final Runs runs;
    private final RunHistory history;
    private final BillingClock clock;
    private final Instant began;
    private final ReentrantLock working = new ReentrantLock();
    private volatile Instant next;
    private volatile boolean stopping;

    Schedules(Runs runs, RunHistory history, BillingClock clock) {
        this.runs = runs;
        this.history = history;
        this.clock = clock;
        this.began = clock.instant();
        this.next = began;
    }

    /** When something is due next. */
    public Instant next() {
        return schedule.next(clock.instant());
    }

    /** The clock may be set: it is looked at, and not waited for. */
    @Scheduled(fixedDelay = 1, timeUnit = TimeUnit.SECONDS)
    void look() {
        if (!clock.instant().isBefore(next)) next = runDue();
    }

    /**
     * Runs what is due, one after the other, up to the first that fails.
     *
     * @return when to look again
     */
    public Instant runDue() {
        working.lock();
        try {
            return due(clock.instant());
        } finally {
            working.unlock();
        }
    }

    /**
     * Begins to go on where a run stopped, for a person; how it ends is in the history of runs.
     *
     * @throws RunFailedException if a run is in progress
     */
    public void rerun(long id, Actor actor) {
        begin("rerun-" + id, actor, () -> runs.rerun(id));
    }

    /**
     * Begins to close a month, for a person; how it ends is in the history of runs.
     *
     * @throws RunFailedException if a run is in progress
     */
    public void close(BillingPeriod period, Actor actor) {
        begin("close-" + period, actor, () -> runs.close(period));
    }

    private void begin(String name, Actor actor, Supplier<RunReport> work) {
        if (!working.tryLock())
            throw new RunFailedException.InProgress("Another run is in progress: wait for it to end");
        working.unlock();
        Thread.ofPlatform().name(name).start(() -> {
            working.lock();
            try {
                if (!stopping) OnBehalf.of(actor, work);
            } catch (RuntimeException failure) {
                LOG.error("{}, begun by {}: {}", name, actor.who(), failure.getMessage());
            } finally {
                working.unlock();
            }
        });
    }

    private Instant due(Instant now) {
        var soonest = schedule.next(now);
        try {
            for (var due : schedule.due(now, began, history.history())) {
                if (stopping) return soonest;
                runs.scheduled(due.job(), due.date())
                        .ifPresent(run -> LOG.info("Run {}: {} {} {}", run.id(), run.job(), run.key(), run.status()));
            }
            return soonest;
        } catch (RunFailedException.InProgress another) {
            return earlier(soonest, now.plus(AFTER_ANOTHER));
        } catch (RuntimeException failure) {
            if (stopping) {
                LOG.info(
                        "A run was stopped with the server, and goes on with the next start or by ./postpaid rerun --failed");
            } else if (failure instanceof RunFailedException) {
                LOG.error("{}. The schedule tries again in an hour", failure.getMessage());
            } else {
                LOG.error("What is due cannot be run; the schedule tries again in an hour", failure);
            }
            return earlier(soonest, now.plus(AFTER_FAILURE));
        }
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    /** Lets the chunk or step that is at work end, and no other begin, while all that a run needs is still there. */
    @EventListener(ContextClosedEvent.class)
    void stop() throws InterruptedException {
        stopping = true;
        for (int stops = 0; stops < STOPS_MAX; stops++) {
            if (working.tryLock(STOP_MILLIS, TimeUnit.MILLISECONDS)) {
                working.unlock();
                return;
            }
            runs.stop();
        }
    }
}
