package io.postpaid.events;

import io.postpaid.events.Receiver.Answer;
import io.postpaid.platform.calendar.BillingClock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Posts what waits: the events of an account one after the other, those of several accounts at once. Who is killed between an
 * answer and its record posts the event again, under the same id.
 */
@Component
class EventDelivery {
    private static final Logger LOG = LoggerFactory.getLogger(EventDelivery.class);
    private static final int BATCH = 500;
    private static final int AT_ONCE = 8;
    /** So many failures and nothing taken between them: it is the receiver, and not an account. */
    private static final int FAILURES_MAX = 20;

    private static final Duration PAUSE = Duration.ofMinutes(1);

    private final FeedStore events;
    private final DeliveryStore deliveries;
    private final Receiver receiver;
    private final EventSettings settings;
    private final DeliveryLock lock;
    private final BillingClock clock;
    private final TransactionTemplate transaction;

    EventDelivery(
            FeedStore events,
            DeliveryStore deliveries,
            Receiver receiver,
            EventSettings settings,
            DeliveryLock lock,
            BillingClock clock,
            PlatformTransactionManager transactions) {
        this.events = events;
        this.deliveries = deliveries;
        this.receiver = receiver;
        this.settings = settings;
        this.lock = lock;
        this.clock = clock;
        this.transaction = new TransactionTemplate(transactions);
    }

    /** @param goOn asked before each event */
    Delivered deliver(BooleanSupplier goOn) {
        if (settings.url().isEmpty()) return new Delivered.NoReceiver();
        var state = deliveries.receiver();
        if (state.offSince() != null) return new Delivered.SwitchedOff(state.offBecause());
        if (state.nextTryAt() != null && clock.instant().isBefore(state.nextTryAt())) return new Delivered.Later();
        if (!events.anyWaits()) return new Delivered.Tried(0, 0);
        return lock.<Delivered>locked(() -> new Pass(goOn).run()).orElseGet(Delivered.Later::new);
    }

    /** Posts an event once more, whatever became of it. */
    Answer again(Event event) {
        var now = clock.instant();
        var answer = receiver.post(event, now);
        transaction.executeWithoutResult(status -> {
            deliveries.record(event, now, answer, true);
            if (answer.taken()) deliveries.end(event, EventState.DELIVERED);
        });
        return answer;
    }

    /** All that waits, in batches. */
    private final class Pass {
        private final BooleanSupplier goOn;
        private final AtomicInteger taken = new AtomicInteger();
        private final AtomicInteger refused = new AtomicInteger();
        private final AtomicInteger failures = new AtomicInteger();
        private volatile boolean ended;

        Pass(BooleanSupplier goOn) {
            this.goOn = goOn;
        }

        Delivered run() {
            while (goesOn()) {
                var batch = events.waiting(clock.instant(), BATCH);
                if (batch.isEmpty()) break;
                deliver(batch);
            }
            return new Delivered.Tried(taken.get(), refused.get());
        }

        private boolean goesOn() {
            return !ended && goOn.getAsBoolean();
        }

        private void deliver(List<Event> batch) {
            var accounts = batch.stream()
                    .collect(Collectors.groupingBy(Event::account, LinkedHashMap::new, Collectors.toList()));
            var places = new Semaphore(AT_ONCE);
            try (var workers = Executors.newVirtualThreadPerTaskExecutor()) {
                var tasks = accounts.values().stream()
                        .map(of -> workers.submit(() -> inOrder(of, places)))
                        .toList();
                for (var task : tasks) task.get();
            } catch (java.util.concurrent.ExecutionException e) {
                ended = true;
                throw thrown(Objects.requireNonNull(e.getCause()));
            } catch (InterruptedException e) {
                ended = true;
                Thread.currentThread().interrupt();
            }
        }

        private void inOrder(List<Event> ofAccount, Semaphore places) {
            places.acquireUninterruptibly();
            try {
                for (var event : ofAccount) {
                    if (!goesOn() || !post(event)) return;
                }
            } catch (Throwable e) {
                ended = true;
                throw e;
            } finally {
                places.release();
            }
        }

        private boolean post(Event event) {
            var now = clock.instant();
            var answer = receiver.post(event, now);
            transaction.executeWithoutResult(status -> {
                deliveries.record(event, now, answer, false);
                if (answer.taken()) deliveries.taken(event);
                else refused(event, now, answer);
            });
            if (answer.taken()) {
                taken.incrementAndGet();
                failures.set(0);
                return true;
            }
            refused.incrementAndGet();
            if (answer.gone() || failures.incrementAndGet() >= FAILURES_MAX) ended = true;
            if (failures.get() == FAILURES_MAX) deliveries.pause(now.plus(PAUSE));
            return false;
        }
    }

    private void refused(Event event, Instant now, Answer answer) {
        var known = deliveries.retry(event.account());
        int tries = known.map(DeliveryStore.Retry::tries).orElse(0);
        var since = known.map(DeliveryStore.Retry::failingSince).orElse(now);
        deliveries.tryAgain(event.account(), now, now.plus(Backoff.after(tries)));
        var latest = now.minus(settings.offAfter());
        var silent = deliveries.receiver().failingSince();
        if (answer.gone()) {
            switchOff(now, "it answered 410 Gone");
        } else if (silent != null && !silent.isAfter(latest)) {
            switchOff(now, "it has taken nothing since " + silent + "; its last answer: " + answer.text());
        } else if (!since.isAfter(latest)) {
            LOG.error(
                    "Event {} of account {} was refused since {} and is given up: ./postpaid events send-again {}",
                    event.id(),
                    event.account(),
                    since,
                    event.id());
            deliveries.end(event, EventState.GIVEN_UP);
        }
    }

    private void switchOff(Instant now, String because) {
        if (!deliveries.switchOff(now, because)) return;
        LOG.error(
                "The receiver of events is switched off, because {}. Events are kept: ./postpaid events resume delivers"
                        + " them",
                because);
    }

    private static RuntimeException thrown(Throwable cause) {
        return switch (cause) {
            case RuntimeException runtime -> runtime;
            case Error error -> throw error;
            default -> new IllegalStateException(cause);
        };
    }
}
