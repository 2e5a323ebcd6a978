package io.postpaid.platform.batch;

import io.postpaid.platform.batch.Parts.Waiting;
import io.postpaid.platform.batch.Workers.Presence;
import io.postpaid.platform.calendar.BillingClock;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.stereotype.Component;

/** Does parts of runs of other processes, for as long as it is not stopped. */
@Component
public class WorkerLoop {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerLoop.class);
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final Duration REFUSED_LOOK = Duration.ofSeconds(2);

    private final Steps steps;
    private final Division division;
    private final StepsInChunks chunks;
    private final Sharing sharing;
    private final Helping helping;
    private final BillingClock clock;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicLong toldAt = new AtomicLong();
    /** The run whose parts are at work; 0 is none. */
    private final AtomicLong run = new AtomicLong();

    private volatile boolean dropped;
    private volatile Consumer<String> say = line -> {};
    private Consumer<String> lost = line -> {};

    /** What a worker needs of the tables, and of itself. */
    @Component
    record Helping(Parts parts, Workers workers, Likeness likeness, HelpedRun actor) {}

    /** @param jobs are made here, since it is they that make their steps */
    WorkerLoop(
            Steps steps,
            Division division,
            StepsInChunks chunks,
            Sharing sharing,
            Helping helping,
            BillingClock clock,
            List<Job> jobs) {
        this.steps = steps;
        this.division = division;
        this.chunks = chunks;
        this.sharing = sharing;
        this.helping = helping;
        this.clock = clock;
        LOG.debug("Helps with {} jobs", jobs.size());
    }

    /** How a worker's sessions are called in the database, so that they can be ended for it. */
    public static String sessions() {
        return "postpaid worker " + Long.toHexString(ProcessHandle.current().pid()) + "-"
                + Long.toHexString(System.nanoTime());
    }

    /**
     * Works until it is stopped.
     *
     * @param say is told what was done
     * @param lost is told when others have given this worker up; the process must end at once, with all that it has in hand
     */
    public void work(String sessions, Consumer<String> say, Consumer<String> lost) throws SQLException {
        this.say = say;
        this.lost = lost;
        try {
            long refused = 0;
            while (!isStopping()) refused = present(sessions, refused);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            ended.countDown();
        }
    }

    /** Lets what is in hand end, and waits for it. */
    public void stop(Duration most) throws InterruptedException {
        stopping.countDown();
        if (!ended.await(most.toMillis(), TimeUnit.MILLISECONDS)) say.accept("What is in hand is left to others");
    }

    private boolean isStopping() {
        return stopping.getCount() == 0;
    }

    /** @return the run that it must not help with, for which it left */
    private long present(String sessions, long refused) throws SQLException, InterruptedException {
        while (helping.parts
                .waiting()
                .filter(some -> some.run().run() == refused)
                .isPresent()) {
            if (stopping.await(REFUSED_LOOK.toMillis(), TimeUnit.MILLISECONDS)) return refused;
        }
        try (var presence = helping.workers.join(Sharing.here(), sessions)) {
            toldAt.set(System.nanoTime());
            var telling = Thread.ofPlatform().daemon().name("presence").start(() -> tell(presence));
            try {
                while (!isStopping()) {
                    var some = helping.parts.waiting();
                    if (some.isPresent()) {
                        var why = refusal(some.get());
                        if (why.isPresent()) {
                            say.accept("Run " + some.get().run().run() + " is left to others: " + why.get());
                            return some.get().run().run();
                        }
                        if (help(presence.id(), some.get())) continue;
                    }
                    if (stopping.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) break;
                }
                return 0;
            } finally {
                telling.interrupt();
                telling.join();
            }
        }
    }

    /** Says that it is there, in a thread of its own; when nobody hears it, it is no more. */
    private void tell(Presence presence) {
        try {
            while (!Thread.interrupted()) {
                if (!presence.tell()) throw new IllegalStateException("it was not heard of");
                toldAt.set(System.nanoTime());
                long at = run.get();
                dropped = at != 0 && !helping.parts.isLive(at);
                helping.workers.share(1 + helping.workers.present());
                Thread.sleep(Workers.BEAT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            lost.accept("others have given it up, or it does not reach the database (" + Failure.detail(e) + ")");
        }
    }

    private Optional<String> refusal(Waiting some) {
        var there = some.run();
        var differs = Likeness.difference(there.likeness(), helping.likeness.here());
        if (differs.isPresent()) {
            return Optional.of("not the same here as in the process that runs it: " + differs.get());
        }
        clock.reset();
        if (there.clock() == null && clock.standsStill()) {
            return Optional.of("its clock goes on, and POSTPAID_NOW is set here");
        }
        if (there.clock() != null) clock.setTo(there.clock());
        return Optional.empty();
    }

    /** @return whether anything was done */
    private boolean help(long worker, Waiting some) {
        var kind = some.kind();
        long of = some.run().run();
        helping.actor.of(some.run().actor());
        run.set(of);
        dropped = false;
        var work = new Work(worker, some);
        try {
            work.begin();
            return work.parts > 0;
        } catch (RuntimeException e) {
            LOG.warn("{} of run {}: {}", kind.step(), of, Failure.detail(e));
            return false;
        } finally {
            run.set(0);
            helping.actor.of(null);
            work.tell();
        }
    }

    private boolean goesOn() {
        return !isStopping() && !dropped && System.nanoTime() - toldAt.get() < Workers.SILENT.toNanos();
    }

    /** The parts of one kind of items that are done in a row. */
    private final class Work {
        private final long worker;
        private final Waiting some;
        private final long begun = System.nanoTime();
        private int parts;
        private long read;
        private boolean failed;
        private @Nullable Outcomes outcomes;

        private Work(long worker, Waiting some) {
            this.worker = worker;
            this.some = some;
        }

        private void begin() {
            var first = next();
            if (first.isEmpty()) return;
            var part = first.get();
            var items = steps.of(some.kind(), Run.of(part));
            try {
                does(items, part);
            } finally {
                items.close().run();
            }
        }

        private <T> void does(Items<T> items, StepExecution first) {
            BooleanSupplier goOn = WorkerLoop.this::goesOn;
            var judged = Division.judged(items, chunks.outcomes(some.kind().step(), first, goOn));
            outcomes = judged;
            var waiting = new java.util.concurrent.atomic.AtomicReference<@Nullable StepExecution>(first);
            division.work(
                    items,
                    judged,
                    () -> {
                        var own = waiting.getAndSet(null);
                        return own != null ? Optional.of(own) : next();
                    },
                    part -> ended(part, items.heldBy() != null));
        }

        private synchronized Optional<StepExecution> next() {
            if (failed || !goesOn()) return Optional.empty();
            return helping.parts
                    .take(some.run().run(), some.kind(), worker, Sharing.here())
                    .map(taken -> sharing.again(taken.stepExecution()));
        }

        private synchronized void ended(StepExecution part, boolean judgedElsewhere) {
            var judged = Objects.requireNonNull(outcomes);
            boolean done = part.getStatus() == BatchStatus.COMPLETED && !judged.leaves();
            if (done) {
                var tally = judged.tally();
                helping.parts.end(part.getId(), worker, judgedElsewhere ? Outcomes.Tally.NONE : tally);
                parts++;
                read += part.getReadCount();
                return;
            }
            failed = true;
            boolean refused = part.getStatus() == BatchStatus.FAILED && goesOn();
            helping.parts.giveBack(part.getId(), worker, refused);
            if (refused) {
                say.accept(some.kind().step() + " cannot be done here: "
                        + part.getExitStatus().getExitDescription());
            }
        }

        private void tell() {
            if (parts == 0) return;
            long tenths = (System.nanoTime() - begun) / 100_000_000;
            say.accept("Run %d: %s, %d parts, %,d items, %d.%d s"
                    .formatted(some.run().run(), some.kind().step(), parts, read, tenths / 10, tenths % 10));
        }
    }
}
