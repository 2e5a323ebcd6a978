package io.postpaid.payments.webhook;

import com.stripe.exception.SignatureVerificationException;
import com.stripe.net.Webhook;
import io.postpaid.payments.charging.Payments;
import io.postpaid.payments.settlement.Refund;
import io.postpaid.payments.settlement.RefundCalls;
import io.postpaid.payments.settlement.RefundStore;
import io.postpaid.payments.stripe.PaymentGateway.NoAnswerException;
import io.postpaid.payments.stripe.StripeBooks;
import io.postpaid.payments.stripe.StripeEvent;
import io.postpaid.payments.stripe.StripeEvent.Effect;
import io.postpaid.payments.stripe.StripeSettings;
import io.postpaid.payments.webhook.EventEffects.Change;
import io.postpaid.platform.batch.Done;
import io.postpaid.platform.batch.HeldItems;
import io.postpaid.platform.batch.Item;
import io.postpaid.platform.batch.Items;
import io.postpaid.platform.batch.OutOfReachException;
import io.postpaid.platform.batch.Run;
import io.postpaid.platform.batch.Todo;
import io.postpaid.platform.calendar.BillingClock;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.core.JacksonException;

/** Stripe's events, each taken once: soon after they are delivered, and by night those that were not. */
@Component
public class Webhooks {
    private static final Logger LOG = LoggerFactory.getLogger(Webhooks.class);
    static final String SWEEP = "sweep-events";
    public static final String SANDBOX_SECRET = "whsec_sandbox";
    private static final Duration TOLERANCE = Duration.ofMinutes(5);
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
    private final RefundCalls refunds;
    private final RefundStore refundStore;
    private final Payments payments;
    private final TransactionTemplate transaction;
    private final BillingClock clock;
    private final String secret;

    Webhooks(
            EventEffects effects,
            EventStore events,
            HeldItems held,
            StripeBooks stripe,
            RefundCalls refunds,
            RefundStore refundStore,
            Payments payments,
            PlatformTransactionManager transactions,
            BillingClock clock,
            StripeSettings settings,
            @Value("${STRIPE_WEBHOOK_SECRET:}") String secret) {
        this.effects = effects;
        this.events = events;
        this.held = held;
        this.stripe = stripe;
        this.refunds = refunds;
        this.refundStore = refundStore;
        this.payments = payments;
        this.transaction = new TransactionTemplate(transactions);
        this.clock = clock;
        var sandbox = settings.apiKey().equals(StripeSettings.SANDBOX_KEY);
        this.secret = secret.isBlank() && sandbox ? SANDBOX_SECRET : secret;
    }

    /**
     * Keeps an event that was delivered, and nothing more: what follows from it can take longer than Stripe waits.
     *
     * @param body as it came, byte for byte: it is what was signed
     * @param signature the header {@code Stripe-Signature}
     */
    public WebhookAnswer receive(byte[] body, @Nullable String signature) {
        if (secret.isBlank()) {
            return new WebhookAnswer.Later(
                    "STRIPE_WEBHOOK_SECRET is not set: copy it from the endpoint's page in Stripe's dashboard");
        }
        var text = new String(body, StandardCharsets.UTF_8);
        final StripeEvent event;
        try {
            Webhook.Signature.verifyHeader(
                    text,
                    Objects.requireNonNullElse(signature, ""),
                    secret,
                    TOLERANCE.toSeconds(),
                    Clock.fixed(clock.instant(), ZoneOffset.UTC));
            mustNotBeAhead(signature);
            event = StripeEvent.parse(text);
        } catch (SignatureVerificationException | JacksonException | IllegalArgumentException e) {
            return new WebhookAnswer.Refused("It is no event of Stripe's: " + e.getMessage());
        }
        return new WebhookAnswer.Taken(event.id(), events.receive(event, clock.instant()));
    }

    /** The library looks only at how old a signature is: one of tomorrow could be sent again until then. */
    private void mustNotBeAhead(@Nullable String signature) {
        var latest = clock.instant().plus(TOLERANCE).getEpochSecond();
        for (var part : Objects.requireNonNullElse(signature, "").split(",")) {
            if (part.startsWith("t=") && Long.parseLong(part.substring(2)) > latest) {
                throw new IllegalArgumentException("The timestamp of its signature is ahead of the clock");
            }
        }
    }

    /** Processes what was delivered and is due. What fails stays due, for the next try or the nightly sweep. */
    public void processDue(BooleanSupplier goOn) {
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
    public Items<StripeEvent> delivered(Run run) {
        events.forgetTaken();
        return notTaken(events.due());
    }

    /** An event that is left without effect, and what kept it from being processed. */
    public record Dismissed(String id, String type, String object, String fault, String reason) {}

    /**
     * Ends an event that no run could process, without any effect on the books.
     *
     * @param reason kept with the event
     * @throws IllegalArgumentException if no run holds it
     */
    public Dismissed dismiss(String id, String reason) {
        if (reason.isBlank()) throw new IllegalArgumentException("An event is dismissed for a reason, which is kept");
        var item = held.open().stream()
                .filter(one -> one.step().equals(SWEEP) && one.item().startsWith("event " + id + " "))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No run holds an event '" + id
                        + "': ./postpaid held lists those that could not be processed. One that was only delivered is"
                        + " processed by the next nightly run"));
        var event = StripeEvent.ofKey(item.item().substring("event ".length()));
        var fault = item.reason() + ": " + item.detail();
        transaction.executeWithoutResult(status -> {
            if (!events.take(event, Effect.DISMISSED, clock.instant())) {
                throw new IllegalArgumentException("The event " + id + " was processed meanwhile");
            }
            events.dismissed(event, fault, reason, clock.instant());
            held.resolve(SWEEP, Item.of("event", event.key(), null));
        });
        return new Dismissed(event.id(), event.type(), event.object(), fault, reason);
    }

    public Items<Refund> refunds(Run run) {
        return Items.each(
                refundStore.unresolvedRefunds(), refund -> Item.of("refund", refund.id(), null), unresolved -> {
                    refunds.resolve(unresolved);
                    return Done.NOTHING;
                });
    }

    /**
     * All events since the last sweep, for those that no webhook brought. What is held is looked at again, also when Stripe
     * has forgotten it: few, since more of one reason stop the run.
     */
    public Items<StripeEvent> listed(Run run) {
        if (!events.anythingThere()) return notTaken(Todo.of(Collections.emptyIterator()));
        var began = clock.instant();
        var known = held.items(SWEEP, "event").stream().map(StripeEvent::ofKey);
        var since = events.sweptUntil().map(until -> until.minus(OVERLAP)).orElse(began.minus(KEPT));
        var pages = Spliterators.spliteratorUnknownSize(stripe.events(since, EventEffects.TYPES), Spliterator.ORDERED);
        var listed = StreamSupport.stream(pages, false).flatMap(List::stream);
        return notTaken(Todo.of(Stream.concat(known, listed).iterator())).then(() -> events.sweptUntil(began));
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
            var done = change.work().run();
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
