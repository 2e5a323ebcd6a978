package io.postpaid.payments.webhook;

import com.stripe.exception.SignatureVerificationException;
import com.stripe.net.Webhook;
import io.postpaid.payments.stripe.StripeEvent;
import io.postpaid.payments.stripe.StripeEvent.Effect;
import io.postpaid.payments.stripe.StripeSettings;
import io.postpaid.platform.batch.HeldItems;
import io.postpaid.platform.batch.Item;
import io.postpaid.platform.calendar.BillingClock;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.core.JacksonException;

/** Receives Stripe's events, and ends those that an operator decides to leave. */
@Component
public class Webhooks {
    static final String SANDBOX_SECRET = "whsec_sandbox";
    private static final Duration TOLERANCE = Duration.ofMinutes(5);

    private final EventStore events;
    private final HeldItems held;
    private final TransactionTemplate transaction;
    private final BillingClock clock;
    private final String secret;

    Webhooks(
            EventStore events,
            HeldItems held,
            PlatformTransactionManager transactions,
            BillingClock clock,
            StripeSettings settings,
            @Value("${STRIPE_WEBHOOK_SECRET:}") String secret) {
        this.events = events;
        this.held = held;
        this.transaction = new TransactionTemplate(transactions);
        this.clock = clock;
        var sandbox = settings.apiKey().equals(StripeSettings.SANDBOX_KEY);
        this.secret = secret.isBlank() && sandbox ? SANDBOX_SECRET : secret;
    }

    /** What Stripe is answered to an event. */
    public sealed interface Answer {

        /**
         * It is kept (2xx).
         *
         * @param first whether it was not known before
         */
        record Taken(String event, boolean first) implements Answer {}

        /** It is not from Stripe, or too old (400). */
        record Refused(String why) implements Answer {}

        /** Signed as it should be, and still no event (400). */
        record Unreadable(String why) implements Answer {}

        /** Not now: Stripe is to send it again (503). */
        record Later(String why) implements Answer {}
    }

    /**
     * Keeps an event that was delivered, and nothing more: what follows from it can take longer than Stripe waits.
     *
     * @param body as it came, byte for byte: it is what was signed
     * @param signature the header {@code Stripe-Signature}
     */
    public Answer receive(byte[] body, @Nullable String signature) {
        if (secret.isBlank()) {
            return new Answer.Later(
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
        } catch (SignatureVerificationException | IllegalArgumentException e) {
            return new Answer.Refused("It is no event of Stripe's: " + e.getMessage());
        }
        try {
            event = StripeEvent.parse(text);
        } catch (JacksonException | IllegalArgumentException e) {
            return new Answer.Unreadable("It is signed, and no event that can be read: " + e.getMessage());
        }
        return new Answer.Taken(event.id(), events.receive(event, clock.instant()));
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
                .filter(one ->
                        one.step().equals(EventProcessing.SWEEP) && one.item().startsWith("event " + id + " "))
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
            held.resolve(EventProcessing.SWEEP, Item.of("event", event.key(), null));
        });
        return new Dismissed(event.id(), event.type(), event.object(), fault, reason);
    }
}
