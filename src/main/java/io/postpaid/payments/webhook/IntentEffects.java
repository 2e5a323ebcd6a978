package io.postpaid.payments.webhook;

import io.postpaid.payments.charging.SeenIntents;
import io.postpaid.payments.stripe.StripeBooks;
import io.postpaid.payments.stripe.StripeEvent.Effect;
import io.postpaid.payments.topup.TopUp;
import io.postpaid.payments.topup.TopUpCharging;
import io.postpaid.payments.topup.TopUpRecording;
import io.postpaid.payments.topup.TopUpStore;
import io.postpaid.payments.webhook.EventEffects.Change;
import org.springframework.stereotype.Component;

/** What events about payment intents lead to: those of invoices, and of top-ups. */
@Component
class IntentEffects {
    private final StripeBooks stripe;
    private final SeenIntents intents;
    private final TopUpStore topUps;
    private final TopUpCharging charging;
    private final TopUpRecording recording;

    IntentEffects(
            StripeBooks stripe,
            SeenIntents intents,
            TopUpStore topUps,
            TopUpCharging charging,
            TopUpRecording recording) {
        this.stripe = stripe;
        this.intents = intents;
        this.topUps = topUps;
        this.charging = charging;
        this.recording = recording;
    }

    /** What did not pay matters only while an attempt of ours on the intent has no end. */
    Change unpaid(String id) {
        return waits(id) || intents.waiting(id).isPresent() ? seen(id) : Change.NONE;
    }

    /** What is cancelled can never pay any more, and the next try makes its successor. */
    Change canceled(String id) {
        return waits(id) || intents.live(id) ? seen(id) : Change.NONE;
    }

    private boolean waits(String topUp) {
        return topUps.ofIntent(topUp).filter(one -> !one.resolved()).isPresent();
    }

    Change seen(String id) {
        var topUp = topUps.ofIntent(id);
        if (topUp.isPresent()) return of(topUp.get(), id);
        if (intents.settled(id)) return Change.NONE;
        var before = intents.waiting(id).orElse(null);
        var seen = stripe.intent(id);
        return intents.invoiceOf(seen)
                .map(invoice -> Change.of(() -> intents.seen(seen, invoice, before)))
                .orElse(Change.NONE);
    }

    private Change of(TopUp topUp, String id) {
        // Its intent can move no money any more.
        if (topUp.resolved()) return Change.NONE;
        return charging.ended(topUp, stripe.intent(id))
                .map(closed -> Change.of(() -> recording.record(topUp, closed) ? Effect.RESOLVED : Effect.NONE))
                .orElse(Change.NONE);
    }
}
