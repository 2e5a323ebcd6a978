package io.postpaid.payments.webhook;

import io.postpaid.payments.stripe.StripeEvent;
import io.postpaid.payments.webhook.EventEffects.Change;
import io.postpaid.platform.calendar.BillingClock;
import java.time.Instant;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Takes over what happened at Stripe while nobody here listened, as the nightly run would. */
@Component
public class CatchUp {
    private final EventProcessing events;
    private final EventEffects effects;
    private final TransactionTemplate transaction;
    private final BillingClock clock;

    CatchUp(EventProcessing events, EventEffects effects, PlatformTransactionManager transactions, BillingClock clock) {
        this.events = events;
        this.effects = effects;
        this.clock = clock;
        this.transaction = new TransactionTemplate(transactions);
    }

    /** Of the last 30 days: Stripe keeps events for as long. */
    public void events(Instant since) {
        events.catchUp(since);
    }

    /**
     * Books what moved the provider's balance, also where its event is forgotten; nothing if what it is of is not known.
     *
     * @param kind of the movement, such as CARD
     * @param object the intent, refund or dispute
     */
    public void moved(String kind, String object) {
        var type = switch (kind) {
            case "CARD" -> "payment_intent.succeeded";
            case "REFUND", "REFUND_FAILED" -> "refund.updated";
            case "DISPUTE", "DISPUTE_WON" -> "charge.dispute.updated";
            default -> "";
        };
        var change = effects.look(new StripeEvent(object, type, object, clock.instant()));
        if (change != Change.NONE) transaction.execute(status -> change.work().get());
    }
}
