package io.postpaid.payments.topup;

import io.postpaid.account.Accounts;
import io.postpaid.payments.charging.AccountLock;
import io.postpaid.payments.stripe.Decline;
import io.postpaid.payments.stripe.Installation;
import io.postpaid.payments.stripe.Intent;
import io.postpaid.payments.stripe.MinorUnits;
import io.postpaid.payments.stripe.PaymentGateway;
import io.postpaid.payments.stripe.PaymentGateway.NewIntent;
import io.postpaid.payments.stripe.PaymentGateway.NoAnswerException;
import io.postpaid.payments.stripe.PaymentGateway.RefusedException;
import io.postpaid.payments.stripe.PaymentOutcome.NeedsCustomer;
import io.postpaid.payments.topup.TopUp.Status;
import io.postpaid.platform.calendar.BillingClock;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The charge of a top-up: claim, create the intent, confirm it, record, each committed before the next begins, as with
 * invoices. There is one try: an intent that it leaves payable is cancelled, and only then the top-up has its end.
 */
@Component
public class TopUpCharging {
    private final TopUpStore store;
    private final PaymentGateway gateway;
    private final Installation installation;
    private final TopUpRecording recording;
    private final Accounts accounts;
    private final AccountLock lock;
    private final AutomaticSettings automatic;
    private final BillingClock clock;

    TopUpCharging(
            TopUpStore store,
            PaymentGateway gateway,
            Installation installation,
            TopUpRecording recording,
            Accounts accounts,
            AccountLock lock,
            AutomaticSettings automatic,
            BillingClock clock) {
        this.store = store;
        this.gateway = gateway;
        this.installation = installation;
        this.recording = recording;
        this.accounts = accounts;
        this.lock = lock;
        this.automatic = automatic;
        this.clock = clock;
    }

    /**
     * Resumes a top-up where it stopped, wherever that was.
     *
     * @return false if Stripe gave no answer at all
     */
    boolean resolve(TopUp topUp) {
        boolean patient = topUp.waitsForCustomer(clock.instant());
        try {
            var young = installation.keyLives(topUp.claimedAt(), clock.instant());
            var intent = young && wanted(topUp) ? Optional.of(created(topUp)) : known(topUp);
            if (intent.isEmpty()) {
                record(topUp, null);
                return true;
            }
            var seen = gateway.get(intent.get());
            var now = young && untried(topUp, seen) && wanted(topUp) ? confirmed(topUp, seen) : seen;
            if (!patient || !now.status().equals("requires_action")) record(topUp, closed(topUp, now));
            return true;
        } catch (NoAnswerException e) {
            store.unknown(topUp.id(), e.getMessage());
            return e.heard();
        } catch (RefusedException e) {
            var decline = Decline.ofRefusal(e);
            if (decline.isPresent()) {
                store.declined(topUp.id(), decline.get());
                record(topUp, null);
            } else {
                store.unknown(topUp.id(), e.getMessage());
            }
            return true;
        }
    }

    /** Whether it is still to be sent, if it was not: nobody has asked for an automatic one but the setting. */
    private boolean wanted(TopUp topUp) {
        return !topUp.automatic() || automatic.wanted(topUp.account());
    }

    /** The bank's page on which the customer confirms it, while the bank waits. */
    Optional<String> bankPage(TopUp topUp) {
        if (topUp.intent() == null || !topUp.waitsForCustomer(clock.instant())) return Optional.empty();
        try {
            var seen = gateway.get(topUp.intent());
            return seen.status().equals("requires_action") ? Optional.ofNullable(seen.nextUrl()) : Optional.empty();
        } catch (NoAnswerException e) {
            return Optional.empty();
        }
    }

    /**
     * What an event shows of a top-up's intent; to be called outside of any transaction.
     *
     * @return the intent to be recorded as its end, or empty if this is none
     */
    public Optional<Intent> ended(TopUp topUp, Intent seen) {
        // A call of ours that is under way shows its end itself; where its answer was lost, this does.
        boolean atBank = seen.status().equals("requires_action") && topUp.waitsForCustomer(clock.instant());
        boolean tried = topUp.status() == Status.UNKNOWN || topUp.returnUrl() != null;
        boolean ended = seen.status().equals("succeeded") || tried && !atBank && !untried(topUp, seen);
        return ended ? Optional.of(closed(topUp, seen)) : Optional.empty();
    }

    private void record(TopUp topUp, @Nullable Intent closed) {
        lock.hold(topUp.account(), () -> {
            recording.record(topUp, closed);
        });
    }

    /** The top-up's one intent, created by the same key as often as it takes. */
    private String created(TopUp topUp) {
        if (topUp.intent() != null) return topUp.intent();
        var intent = new NewIntent(
                MinorUnits.of(topUp.total(), topUp.currency()),
                topUp.currency(),
                customer(topUp),
                "Credit " + topUp.reference(),
                "CREDIT " + topUp.id(),
                metadata(topUp));
        var id = gateway.createOrFind(key(topUp, "create"), intent).id();
        store.created(topUp.id(), id);
        return id;
    }

    /** The intent's id, if it was created and that is known here, or can be seen at Stripe. */
    private Optional<String> known(TopUp topUp) {
        if (topUp.intent() != null) return Optional.of(topUp.intent());
        var found = gateway.find(customer(topUp), metadata(topUp)).map(Intent::id);
        found.ifPresent(id -> store.created(topUp.id(), id));
        return found;
    }

    /** Whether the card may not have been tried yet. A try may also be in flight: the same key makes it the same one. */
    private static boolean untried(TopUp topUp, Intent seen) {
        return seen.mayBeConfirmed() && seen.lastError() == null && topUp.declineCode() == null;
    }

    private Intent confirmed(TopUp topUp, Intent seen) {
        try {
            var key = key(topUp, "confirm");
            var back = topUp.returnUrl();
            return back == null
                    ? gateway.confirm(key, seen.id(), topUp.paymentMethod())
                    : gateway.confirmWithCustomer(key, seen.id(), topUp.paymentMethod(), back);
        } catch (RefusedException e) {
            if (e.code().equals("payment_intent_unexpected_state")) return gateway.get(seen.id());
            store.declined(topUp.id(), Decline.ofRefusal(e).orElseThrow(() -> e));
            return seen;
        }
    }

    /**
     * Cancels an intent that could be paid later.
     *
     * @return the intent as it is then: succeeded, cancelled, or, where the bank takes its time, neither yet
     */
    private Intent closed(TopUp topUp, Intent seen) {
        if (!seen.mayBeConfirmed() && !seen.status().equals("requires_action")) return seen;
        var decline = seen.lastError();
        if (decline == null && seen.outcome() instanceof NeedsCustomer(var authentication)) decline = authentication;
        if (decline != null) store.declined(topUp.id(), decline);
        try {
            // Cancelling twice is the same as once; a failure that an old key keeps would not go away.
            return gateway.cancel(key(topUp, "cancel/" + UUID.randomUUID()), seen.id());
        } catch (RefusedException e) {
            if (!e.code().equals("payment_intent_unexpected_state")) throw e;
            return gateway.get(seen.id());
        }
    }

    private String customer(TopUp topUp) {
        return Objects.requireNonNull(
                accounts.get(topUp.account()).stripeCustomer(), "a card without a customer at Stripe");
    }

    private String key(TopUp topUp, String action) {
        return installation.key("top-up/" + topUp.id() + "/" + action);
    }

    private Map<String, String> metadata(TopUp topUp) {
        return installation.metadata(Map.of("top_up", Long.toString(topUp.id()), "account", topUp.account()));
    }
}
