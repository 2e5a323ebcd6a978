package io.postpaid.platform.batch;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.toMap;

import io.postpaid.platform.audit.WhoActs;
import io.postpaid.platform.batch.Parts.Shared;
import io.postpaid.platform.batch.Steps.Kind;
import io.postpaid.platform.calendar.BillingClock;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.stereotype.Component;

/**
 * Parts that the process of a run does together with workers. It never waits for one to come: it does what nobody else does,
 * and takes up what a worker leaves that dies.
 */
@Component
class Sharing {
    private static final Logger LOG = LoggerFactory.getLogger(Sharing.class);
    private static final Duration LOOK = Duration.ofMillis(100);
    /** Workers notice within a second that a run is no more; a mail in hand may take this long. */
    private static final Duration CLEAR_MAX = Duration.ofSeconds(60);

    private final Parts parts;
    private final Workers workers;
    private final Likeness likeness;
    private final WhoActs who;
    private final BillingClock clock;
    private final JobRepository jobs;
    private final RunLog log;
    private final AtomicBoolean lost = new AtomicBoolean();

    Sharing(
            Parts parts,
            Workers workers,
            Likeness likeness,
            WhoActs who,
            BillingClock clock,
            JobRepository jobs,
            RunLog log) {
        this.parts = parts;
        this.workers = workers;
        this.likeness = likeness;
        this.who = who;
        this.clock = clock;
        this.jobs = jobs;
        this.log = log;
    }

    /** How this process is called in the history of runs. */
    static String here() {
        var process = ProcessHandle.current().pid();
        try {
            return InetAddress.getLocalHost().getHostName() + ":" + process;
        } catch (UnknownHostException e) {
            return "process " + process;
        }
    }

    /** @param work does parts until there is no other, and tells of each that came to its end */
    Collection<StepExecution> done(
            Kind kind,
            StepExecution execution,
            List<StepExecution> split,
            Outcomes outcomes,
            BiConsumer<Supplier<Optional<StepExecution>>, Consumer<StepExecution>> work) {
        long run = execution.getJobExecutionId();
        var here = here();
        var own = new ConcurrentHashMap<>(split.stream().collect(toMap(StepExecution::getId, identity())));
        var ids = List.copyOf(own.keySet());
        parts.share(new Shared(run, likeness.here(), who.current(), clock.standsStill() ? clock.instant() : null));
        parts.open(run, kind, ids);
        try (var watch = Executors.newSingleThreadScheduledExecutor()) {
            var seen = new AtomicLong();
            watch.scheduleWithFixedDelay(
                    () -> look(ids, seen), Workers.BEAT.toMillis(), Workers.BEAT.toMillis(), TimeUnit.MILLISECONDS);
            do {
                work.accept(
                        () -> parts.take(run, kind, null, here).map(taken -> {
                            var part = taken.takes() == 1
                                    ? Objects.requireNonNull(own.get(taken.stepExecution()))
                                    : again(taken.stepExecution());
                            own.put(part.getId(), part);
                            return part;
                        }),
                        part -> parts.end(part.getId(), null, Outcomes.Tally.NONE));
            } while (parts.hasOpen(run, kind) && pause());
        } finally {
            workers.share(1);
        }
        for (var told : parts.told(ids)) {
            outcomes.add(told.tally());
            own.put(told.stepExecution(), Objects.requireNonNull(jobs.getStepExecution(told.stepExecution())));
        }
        return own.values();
    }

    /** What somebody has begun, to be done from the beginning; what is done of it is left out. */
    StepExecution again(long id) {
        var part = Objects.requireNonNull(jobs.getStepExecution(id));
        part.setExitStatus(ExitStatus.EXECUTING);
        return part;
    }

    /** Whether the process of a worker ended, before this was asked for the last time, without a word. */
    boolean hasLostAny() {
        return lost.getAndSet(false);
    }

    private void look(Collection<Long> split, AtomicLong seen) {
        try {
            if (workers.bury()) lost.set(true);
            parts.takeFromTheDead();
            workers.share(1 + workers.present());
            long read = parts.readByWorkers(split);
            log.did(Math.max(0, read - seen.getAndSet(read)));
        } catch (RuntimeException e) {
            // The parts that are done here meet it, too.
            LOG.debug("Workers are not looked at", e);
        }
    }

    private static boolean pause() {
        try {
            Thread.sleep(LOOK);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while workers did the last parts", e);
        }
    }

    /** Waits until no worker is at a part of an earlier run; the caller holds the lock of runs. */
    void clear() {
        parts.endRuns();
        long until = System.nanoTime() + CLEAR_MAX.toNanos();
        while (parts.areLeftOver()) {
            if (System.nanoTime() > until) workers.buryAll();
            else workers.bury();
            pause();
        }
        parts.clear();
    }
}
