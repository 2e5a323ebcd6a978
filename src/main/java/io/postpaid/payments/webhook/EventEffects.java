package io.postpaid.payments.webhook;

import io.postpaid.account.CardsOnFile;
import io.postpaid.payments.charging.CardSetups;
import io.postpaid.payments.settlement.Disputes;
import io.postpaid.payments.settlement.RefundBooks;
import io.postpaid.payments.stripe.PaymentGateway.RefusedException;
import io.postpaid.payments.stripe.StripeBooks;
import io.postpaid.payments.stripe.StripeBooks.SeenRefund;
import io.postpaid.payments.stripe.StripeBooks.SeenSetup;
import io.postpaid.payments.stripe.StripeEvent;
import io.postpaid.payments.stripe.StripeEvent.Effect;
import io.postpaid.platform.batch.HeldException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * What an event leads to: its object is asked for first, and what follows from its state is done later, in one transaction
 * with the event. States that are final stay, so that the order in which events come does not matter.
 */
@Component
class EventEffects {
    private final StripeBooks stripe;
    private final IntentEffects intents;
    private final RefundBooks refunds;
    private final Disputes disputes;
    private final CardsOnFile cards;
    private final EventStore store;
    private final CardSetups setups;
    /** By the types that have a meaning here; Stripe takes up to twenty in one question. */
    private final Map<String, Function<String, Change>> looks = new LinkedHashMap<>();

    EventEffects(
            StripeBooks stripe,
            IntentEffects intents,
            RefundBooks refunds,
            Disputes disputes,
            CardsOnFile cards,
            EventStore store,
            CardSetups setups) {
        this.stripe = stripe;
        this.intents = intents;
        this.refunds = refunds;
        this.disputes = disputes;
        this.cards = cards;
        this.store = store;
        this.setups = setups;
        on(intents::seen, "payment_intent.succeeded");
        on(intents::unpaid, "payment_intent.payment_failed", "payment_intent.requires_action");
        on(intents::unpaid, "payment_intent.processing");
        on(intents::canceled, "payment_intent.canceled");
        on(this::refundsOf, "charge.refunded");
        on(this::refund, "refund.created", "refund.updated", "refund.failed");
        on(this::dispute, "charge.dispute.created", "charge.dispute.updated", "charge.dispute.closed");
        on(this::dispute, "charge.dispute.funds_withdrawn", "charge.dispute.funds_reinstated");
        on(this::attached, "payment_method.attached");
        on(this::renewed, "payment_method.automatically_updated");
        on(this::detached, "payment_method.detached");
        on(this::setUp, "setup_intent.succeeded");
        on(this::setUpOnPage, "checkout.session.completed");
        on(this::payout, "payout.reconciliation_completed");
    }

    private void on(Function<String, Change> look, String... types) {
        for (var type : types) looks.put(type, look);
    }

    /**
     * What is to be done about an event.
     *
     * @param work does it, in a transaction, and says what it was
     * @param newCard the account that has a card to be attached and charged when that is committed
     */
    record Change(Supplier<Effect> work, @Nullable String newCard) {
        static final Change NONE = new Change(() -> Effect.NONE, null);

        static Change of(Supplier<Effect> work) {
            return new Change(work, null);
        }

        Change then(Supplier<Effect> next) {
            return of(() -> {
                var _ = work.get();
                return next.get();
            });
        }

        /** Both, of which the later effect counts, if it has any. */
        Change and(Change next) {
            return of(() -> {
                var first = work.get();
                var second = next.work.get();
                return second == Effect.NONE ? first : second;
            });
        }
    }

    List<String> types() {
        return List.copyOf(looks.keySet());
    }

    /** Asks Stripe for the object of an event; to be called outside of any transaction. */
    Change look(StripeEvent event) {
        var look = looks.get(event.type());
        if (look == null) return Change.NONE;
        if (event.object().isEmpty()) throw new HeldException("UNREADABLE", "it does not say what it is about", null);
        try {
            return look.apply(event.object());
        } catch (RefusedException e) {
            // Of another account of Stripe, or of test mode.
            if (e.code().equals("resource_missing")) return Change.NONE;
            throw e;
        }
    }

    private Change refundsOf(String charge) {
        return stripe.refundsOfCharge(charge).stream().map(this::refund).reduce(Change.NONE, Change::and);
    }

    private Change refund(String id) {
        return refunds.failed(id) ? Change.NONE : refund(stripe.refund(id));
    }

    /** What was paid must be known before it goes back, whichever event comes first. */
    private Change refund(SeenRefund seen) {
        return seen.intent().isEmpty()
                ? Change.NONE
                : intents.seen(seen.intent()).then(() -> refunds.seen(seen));
    }

    private Change dispute(String id) {
        if (disputes.closed(id)) return Change.NONE;
        var seen = stripe.dispute(id);
        return seen.intent().isEmpty()
                ? Change.NONE
                : intents.seen(seen.intent()).then(() -> disputes.seen(seen));
    }

    /** A card that was attached by the customer himself becomes the one on file where there is none. */
    private Change attached(String id) {
        if (cards.accountWith(id).isPresent()) return Change.NONE;
        return stripe.card(id)
                .flatMap(card -> cards.accountOf(card.customer()))
                .map(account -> new Change(() -> card(cards.wantFirst(account, id)), account))
                .orElse(Change.NONE);
    }

    /** A card that the customer has set up for later charges becomes the one on file. */
    private Change setUp(String id) {
        return setUp(stripe.setup(id));
    }

    private Change setUpOnPage(String session) {
        return stripe.setupOnPage(session).map(this::setUp).orElse(Change.NONE);
    }

    private Change setUp(SeenSetup seen) {
        return setups.accountOf(seen)
                .map(account -> new Change(() -> card(setups.take(account, seen)), account))
                .orElse(Change.NONE);
    }

    private Change renewed(String id) {
        var account = cards.accountWith(id);
        if (account.isEmpty()) return Change.NONE;
        return stripe.card(id)
                .map(card -> Change.of(() -> card(cards.renewed(account.get(), card.card()))))
                .orElse(Change.NONE);
    }

    private Change detached(String id) {
        var account = cards.accountWith(id);
        if (account.isEmpty()) return Change.NONE;
        return stripe.card(id)
                .filter(card -> card.customer().isEmpty())
                .map(card -> Change.of(() -> card(cards.detached(account.get(), id))))
                .orElse(Change.NONE);
    }

    private static Effect card(boolean changed) {
        return changed ? Effect.CARD : Effect.NONE;
    }

    private Change payout(String id) {
        var seen = stripe.payout(id);
        return Change.of(() -> {
            store.payout(id, seen.amount(), seen.currency(), seen.arrivesOn());
            return Effect.PAYOUT;
        });
    }
}
