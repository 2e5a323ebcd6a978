package io.postpaid.payments.charging;

import io.postpaid.payments.charging.AttemptStore.UnneededIntent;
import io.postpaid.payments.stripe.Installation;
import io.postpaid.payments.stripe.Intent;
import io.postpaid.payments.stripe.PaymentGateway;
import io.postpaid.payments.stripe.PaymentGateway.NoAnswerException;
import io.postpaid.payments.stripe.PaymentGateway.RefusedException;
import io.postpaid.payments.stripe.StripeLine;
import io.postpaid.platform.batch.Done;
import io.postpaid.platform.batch.Failure;
import io.postpaid.platform.batch.HeldException;
import io.postpaid.platform.batch.Item;
import io.postpaid.platform.batch.Items;
import io.postpaid.platform.batch.Run;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Cancels the intents of invoices that were settled in another way, so that a bank's page that is still open cannot take the money
 * a second time. Where the customer was faster, that is seen as the payment that it is.
 */
@Component
public class UnneededIntents {
    private static final Logger LOG = LoggerFactory.getLogger(UnneededIntents.class);

    private final AttemptStore attempts;
    private final SeenIntents intents;
    private final PaymentGateway gateway;
    private final Installation installation;
    private final AccountLock lock;
    private final StripeLine line;

    UnneededIntents(
            AttemptStore attempts,
            SeenIntents intents,
            PaymentGateway gateway,
            Installation installation,
            AccountLock lock,
            StripeLine line) {
        this.attempts = attempts;
        this.intents = intents;
        this.gateway = gateway;
        this.installation = installation;
        this.lock = lock;
        this.line = line;
    }

    /** Those that there are, for a run. */
    Items<UnneededIntent> all(Run run) {
        var watch = line.watch();
        return Items.each(
                        attempts.unneeded(),
                        intent -> Item.of("payment intent", intent.stripeId(), intent.account()),
                        intent -> {
                            try {
                                cancel(intent);
                                watch.answered();
                                return Done.WRITTEN;
                            } catch (NoAnswerException e) {
                                if (e.heard()) throw new HeldException("INTENT_NOT_CANCELED", e.getMessage(), null);
                                watch.silent(e.getMessage());
                                return Done.SKIPPED;
                            } catch (RefusedException e) {
                                throw new HeldException("INTENT_NOT_CANCELED", e.getMessage(), null);
                            }
                        })
                .atOnce(line.width())
                .then(watch::end);
    }

    /** The same between the runs. What goes wrong with one waits for the next run, which holds it with its reason. */
    public void cancelAll() {
        for (var intent : attempts.unneededNow()) {
            try {
                cancel(intent);
            } catch (NoAnswerException silent) {
                LOG.warn("Intents of settled invoices are cancelled later: {}", silent.getMessage());
                return;
            } catch (RuntimeException e) {
                if (Failure.ofEverything(e)) throw e;
                LOG.warn("The intent {} of invoice {} stays: {}", intent.stripeId(), intent.number(), e.getMessage());
            }
        }
    }

    private void cancel(UnneededIntent intent) {
        var seen = canceled(intent);
        lock.hold(intent.account(), () -> {
            var _ = intents.seen(seen, intent.invoice(), null);
        });
    }

    private Intent canceled(UnneededIntent intent) {
        try {
            // Cancelling twice is the same as once; a failure that an old key keeps would not go away.
            var action = "invoice/" + intent.invoice() + "/cancel/" + UUID.randomUUID();
            return gateway.cancel(installation.key(action), intent.stripeId());
        } catch (RefusedException e) {
            if (!e.code().equals("payment_intent_unexpected_state")) throw e;
            return gateway.get(intent.stripeId());
        }
    }
}
