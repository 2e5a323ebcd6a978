package io.postpaid.payments.webhook;

import io.postpaid.payments.charging.Payments;
import io.postpaid.payments.stripe.PaymentGateway.NoAnswerException;
import io.postpaid.payments.stripe.StripeBooks;
import io.postpaid.payments.stripe.StripeEvent;
import io.postpaid.payments.stripe.StripeEvent.Effect;
import io.postpaid.payments.webhook.EventEffects.Change;
import io.postpaid.platform.batch.Done;
import io.postpaid.platform.batch.HeldItems;
import io.postpaid.platform.batch.Item;
import io.postpaid.platform.batch.Items;
import io.postpaid.platform.batch.OutOfReachException;
import io.postpaid.platform.batch.Run;
import io.postpaid.platform.batch.Todo;
import io.postpaid.platform.calendar.BillingClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Gatherers;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Takes each event of Stripe once: soon after it was delivered, and by night those that were not. */
@Component
class EventProcessing {
    private static final Logger LOG = LoggerFactory.getLogger(EventProcessing.class);
    static final String SWEEP = "sweep-events";
    /** Stripe keeps events for 30 days. */
    private static final Duration KEPT = Duration.ofDays(30);
    /** An event that could not be processed, or whose process has died over it, is tried again after this. */
    private static final Duration AGAIN = Duration.ofMinutes(1);

    private static final int PAGE = 100;
    /** An event may become visible after others that are younger. */
    private static final Duration OVERLAP = Duration.ofHours(1);

    private final EventEffects effects;
    private final EventStore events;
    private final HeldItems held;
    private final StripeBooks stripe;
    private final Payments payments;
    private final TransactionTemplate transaction;
    private final BillingClock clock;

    EventProcessing(
            EventEffects effects,
            EventStore events,
            HeldItems held,
            StripeBooks stripe,
            Payments payments,
            PlatformTransactionManager transactions,
            BillingClock clock) {
        this.effects = effects;
        this.events = events;
        this.held = held;
        this.stripe = stripe;
        this.payments = payments;
        this.transaction = new TransactionTemplate(transactions);
        this.clock = clock;
    }

    /** Processes what was delivered and is due. What fails stays due, for the next try or the nightly sweep. */
    void processDue(BooleanSupplier goOn) {
        while (goOn.getAsBoolean()) {
            var now = clock.instant();
            var due = events.nextDue(now, now.plus(AGAIN));
            if (due.isEmpty()) return;
            process(due.get());
        }
    }

    private void process(StripeEvent event) {
        try {
            if (take(event, effects.look(event)).isEmpty()) events.forgetTaken();
        } catch (RuntimeException e) {
            LOG.warn("Stripe's event {} ({}) is tried again later: {}", event.id(), event.type(), e.getMessage());
        }
    }

    /** What was delivered and is not processed. */
    Items<StripeEvent> delivered(Run run) {
        events.forgetTaken();
        return notTaken(events.due());
    }

    /**
     * All events since the last sweep, for those that no webhook brought. What is held is looked at again, also when Stripe
     * has forgotten it: few, since more of one reason stop the run.
     */
    Items<StripeEvent> listed(Run run) {
        if (!events.anythingThere()) return notTaken(Todo.of(Collections.emptyIterator()));
        var began = clock.instant();
        var known = held.items(SWEEP, "event").stream().map(StripeEvent::ofKey);
        var since = events.sweptUntil().map(until -> until.minus(OVERLAP)).orElse(began.minus(KEPT));
        var all = Stream.concat(known, stripe.events(since, effects.types()));
        return notTaken(Todo.of(all.iterator())).then(() -> events.sweptUntil(began));
    }

    /** What has happened since, at once; what one of them cannot be read for ends it. */
    void catchUp(Instant since) {
        var kept = clock.instant().minus(KEPT);
        stripe.events(since.isBefore(kept) ? kept : since, effects.types())
                .gather(Gatherers.windowFixed(PAGE))
                .forEach(this::takeNew);
    }

    private Items<StripeEvent> notTaken(Todo<StripeEvent> todo) {
        return Items.some(PAGE, todo, event -> Item.of("event", event.key(), null), this::takeNew);
    }

    private Done takeNew(List<StripeEvent> some) {
        var known = events.known(some.stream().map(StripeEvent::id).toList());
        var idle = new ArrayList<StripeEvent>();
        int taken = 0;
        for (var event : some) {
            if (known.contains(event.id())) continue;
            var change = reachable(event);
            if (change == Change.NONE) {
                idle.add(event);
            } else if (take(event, change).orElse(Effect.NONE) != Effect.NONE) {
                taken++;
            }
        }
        events.takeAll(idle, Effect.NONE, clock.instant());
        return Done.of(some.size(), taken, 0);
    }

    private Change reachable(StripeEvent event) {
        try {
            return effects.look(event);
        } catch (NoAnswerException e) {
            if (e.heard()) throw e;
            throw new OutOfReachException(e.getMessage(), e);
        }
    }

    /**
     * Does what follows from an event, and remembers it, in one transaction.
     *
     * @return what it was, or empty if somebody else has taken it meanwhile; then nothing was done
     */
    private Optional<Effect> take(StripeEvent event, Change change) {
        var effect = Objects.requireNonNull(transaction.execute(status -> {
            var done = change.work().get();
            if (events.take(event, done, clock.instant())) return Optional.of(done);
            status.setRollbackOnly();
            return Optional.<Effect>empty();
        }));
        var account = change.newCard();
        if (account != null && effect.equals(Optional.of(Effect.CARD))) useNewCard(account);
        return effect;
    }

    /** What goes wrong here is made up for by the nightly run, which finds the card still wanted. */
    private void useNewCard(String account) {
        try {
            payments.useWantedCard(account);
        } catch (RuntimeException e) {
            LOG.warn("The new card of {} is left to the next nightly run: {}", account, e.getMessage());
        }
    }
}
