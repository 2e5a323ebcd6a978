package io.postpaid.gate;

import static java.util.stream.Collectors.groupingBy;

import io.postpaid.gate.GateStore.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.CannotCreateTransactionException;

/**
 * Calls that wait at the same time are decided together: one statement and one flush to disk for all that came while the
 * batch before was at work. Nobody waits for a batch to fill.
 */
@Component
class Batches {
    /** The calls of an account all go through the same one, so that none of them waits for the lock that another has. */
    private static final int LANES = 2;

    private static final int BATCH_MAX = 128;
    /** Another server may be at work on an account; one that is locked for longer is not to keep the others waiting. */
    private static final Duration TOGETHER = Duration.ofMillis(500);
    /** A caller is better refused than kept waiting: this is more than any chunk or batch holds an account. */
    private static final Duration ALONE = Duration.ofSeconds(5);

    private final Deciding deciding;
    private final Turns turns;
    private final List<Lane> lanes = Stream.generate(Lane::new).limit(LANES).toList();

    Batches(Deciding deciding, Turns turns) {
        this.deciding = deciding;
        this.turns = turns;
    }

    private record Waiting(Call call, CompletableFuture<Outcome> answer) {}

    /** Comes back with what was decided, when a loss of power can no longer take it back. */
    Outcome decide(Call call) {
        var waiting = new Waiting(call, new CompletableFuture<>());
        lanes.get(Math.floorMod(call.account().hashCode(), LANES)).add(waiting);
        return answer(waiting.answer);
    }

    private static Outcome answer(CompletableFuture<Outcome> answer) {
        try {
            return answer.join();
        } catch (CompletionException e) {
            switch (e.getCause()) {
                case RuntimeException failed -> throw failed;
                case Error broken -> throw broken;
                case null, default -> throw e;
            }
        }
    }

    private final class Lane {
        private final Queue<Waiting> queue = new ConcurrentLinkedQueue<>();
        private final AtomicBoolean atWork = new AtomicBoolean();

        /** Who finds nobody at work decides itself what waits by then, so that a call that is alone waits for no thread. */
        void add(Waiting call) {
            queue.add(call);
            if (!atWork.compareAndSet(false, true)) return;
            together(take());
            if (!rest()) Thread.startVirtualThread(this::work);
        }

        private void work() {
            do together(take());
            while (!rest());
        }

        /** Whether the work is done, or another thread has taken it up. */
        private boolean rest() {
            if (!queue.isEmpty()) return false;
            atWork.set(false);
            // Who came before that line has left its call to this thread.
            return queue.isEmpty() || !atWork.compareAndSet(false, true);
        }

        private List<Waiting> take() {
            var batch = new ArrayList<Waiting>();
            while (batch.size() < BATCH_MAX && queue.poll() instanceof Waiting next) batch.add(next);
            return batch;
        }
    }

    private void together(List<Waiting> batch) {
        if (batch.isEmpty()) return;
        try {
            decide(batch, TOGETHER);
        } catch (DataAccessResourceFailureException | CannotCreateTransactionException | Error broken) {
            fail(batch, broken);
        } catch (RuntimeException one) {
            // It is one account's matter, and the others go on without it.
            batch.stream()
                    .collect(groupingBy(waiting -> waiting.call.account()))
                    .values()
                    .forEach(calls -> Thread.startVirtualThread(() -> alone(calls)));
        }
    }

    private void alone(List<Waiting> calls) {
        try {
            turns.take(() -> {
                decide(calls, ALONE);
                return true;
            });
        } catch (PessimisticLockingFailureException
                | DataAccessResourceFailureException
                | CannotCreateTransactionException
                | Error all) {
            fail(calls, all);
        } catch (RuntimeException one) {
            if (calls.size() == 1) fail(calls, one);
            else calls.forEach(call -> alone(List.of(call)));
        }
    }

    private void decide(List<Waiting> batch, Duration patience) {
        var outcomes = deciding.decide(batch.stream().map(Waiting::call).toList(), patience);
        IntStream.range(0, batch.size()).forEach(n -> batch.get(n).answer.complete(outcomes.get(n)));
    }

    private static void fail(List<Waiting> calls, Throwable why) {
        calls.forEach(waiting -> waiting.answer.completeExceptionally(why));
    }
}
