package io.postpaid.payments.charging;

import io.postpaid.account.Accounts;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.payments.charging.PaymentAttempt.Status;
import io.postpaid.payments.stripe.Installation;
import io.postpaid.payments.stripe.Intent;
import io.postpaid.payments.stripe.StripeEvent.Effect;
import io.postpaid.platform.calendar.BillingClock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What Stripe shows of the intents of invoices, beside its answers to calls of ours. */
@Component
public class SeenIntents {
    private final AttemptStore attempts;
    private final Claims claims;
    private final Recording recording;
    private final Accounts accounts;
    private final Invoices invoices;
    private final Installation installation;
    private final BillingClock clock;

    SeenIntents(
            AttemptStore attempts,
            Claims claims,
            Recording recording,
            Accounts accounts,
            Invoices invoices,
            Installation installation,
            BillingClock clock) {
        this.attempts = attempts;
        this.claims = claims;
        this.recording = recording;
        this.accounts = accounts;
        this.invoices = invoices;
        this.installation = installation;
        this.clock = clock;
    }

    /** The attempt on an invoice's intent that has no end yet. */
    public Optional<PaymentAttempt> waiting(String intent) {
        return attempts.invoiceOf(intent)
                .flatMap(attempts::unresolvedOf)
                .filter(attempt -> intent.equals(attempt.stripeId()));
    }

    /** Whether anything can still become of an intent, as far as is known here. */
    public boolean live(String intent) {
        return attempts.live(intent);
    }

    /** Whether an intent has paid an invoice, so that nothing more can become of it. */
    public boolean settled(String intent) {
        return attempts.invoicePaidBy(intent).isPresent() && waiting(intent).isEmpty();
    }

    /** The invoice that an intent was made for, also where its id did not live to be written down. */
    public Optional<Long> invoiceOf(Intent seen) {
        return attempts.invoiceOf(seen.id()).or(() -> {
            var invoice = seen.metadata().getOrDefault("invoice_id", "");
            return installation.wrote(seen.metadata()) && invoice.matches("[0-9]{1,18}")
                    ? attempts.issued(Long.parseLong(invoice), seen.metadata().getOrDefault("account", ""))
                    : Optional.empty();
        });
    }

    /**
     * Writes down what an intent shows, in the caller's transaction.
     *
     * @param before the attempt that waited on it before it was looked at: what the customer has begun since is not what was seen
     */
    public Effect seen(Intent seen, long id, @Nullable PaymentAttempt before) {
        var account = accounts.locked(invoices.get(id).account());
        if (seen.canceled()) attempts.canceled(seen.id());
        var unresolved = attempts.unresolvedOf(id).filter(attempt -> isOn(attempt, seen));
        boolean succeeded = seen.status().equals("succeeded");
        if (unresolved.isEmpty()) {
            if (!succeeded || attempts.invoicePaidBy(seen.id()).isPresent()) return Effect.NONE;
            recording.paidByCustomer(account, invoices.get(id), seen, clock.today());
            return Effect.SETTLED;
        }
        var attempt = unresolved.get();
        // A call of ours that is under way shows its end itself; where its answer was lost, this does.
        if (!succeeded && attempt.status() != Status.UNKNOWN && !attempt.atBank()) return Effect.NONE;
        boolean ended = switch (seen.status()) {
            case "succeeded", "canceled" -> true;
            case "requires_payment_method" ->
                attempt.equals(before) && (attempt.atBank() || attempts.endedBy(attempt, seen.lastError()));
            default -> false;
        };
        if (!ended) return Effect.NONE;
        recording.record(claims.of(attempt), seen, clock.today());
        return succeeded ? Effect.SETTLED : Effect.RESOLVED;
    }

    private static boolean isOn(PaymentAttempt attempt, Intent seen) {
        var known = attempt.stripeId();
        return known == null
                ? Integer.toString(attempt.intent()).equals(seen.metadata().get("intent"))
                : known.equals(seen.id());
    }
}
