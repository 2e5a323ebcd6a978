package io.postpaid.payments.webhook;

import io.postpaid.account.Accounts;
import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.billing.invoicing.SettlementKind;
import io.postpaid.mail.NoticeKind;
import io.postpaid.payments.charging.AttemptStatus;
import io.postpaid.payments.charging.AttemptStore;
import io.postpaid.payments.charging.CashBook;
import io.postpaid.payments.charging.CashStore;
import io.postpaid.payments.charging.Charging;
import io.postpaid.payments.charging.InvoiceMails;
import io.postpaid.payments.charging.Reactivation;
import io.postpaid.payments.settlement.DisputeStore;
import io.postpaid.payments.settlement.Disputes;
import io.postpaid.payments.settlement.Refund;
import io.postpaid.payments.settlement.RefundBooks;
import io.postpaid.payments.settlement.RefundStore;
import io.postpaid.payments.stripe.Installation;
import io.postpaid.payments.stripe.Intent;
import io.postpaid.payments.stripe.MinorUnits;
import io.postpaid.payments.stripe.PaymentGateway.RefusedException;
import io.postpaid.payments.stripe.StripeBooks;
import io.postpaid.payments.stripe.StripeBooks.SeenIntent;
import io.postpaid.payments.stripe.StripeEvent;
import io.postpaid.payments.stripe.StripeEvent.Effect;
import io.postpaid.payments.topup.TopUp;
import io.postpaid.payments.topup.TopUpStore;
import io.postpaid.payments.topup.TopUps;
import io.postpaid.platform.batch.HeldException;
import io.postpaid.platform.calendar.BillingClock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * What an event leads to: its object is asked for first, and what follows from its state is done later, in one transaction
 * with the event. States that are final stay, so that the order in which events come does not matter.
 */
@Component
class EventEffects {
    /** The types that have a meaning here; Stripe takes up to twenty in one question. */
    static final List<String> TYPES = List.of(
            "payment_intent.succeeded",
            "payment_intent.payment_failed",
            "payment_intent.requires_action",
            "payment_intent.canceled",
            "payment_intent.processing",
            "charge.refunded",
            "refund.created",
            "refund.updated",
            "refund.failed",
            "charge.dispute.created",
            "charge.dispute.updated",
            "charge.dispute.closed",
            "charge.dispute.funds_withdrawn",
            "charge.dispute.funds_reinstated",
            "payment_method.attached",
            "payment_method.automatically_updated",
            "payment_method.detached",
            "setup_intent.succeeded",
            "payout.reconciliation_completed");

    private final StripeBooks stripe;
    private final Installation installation;
    private final Charging charging;
    private final Reactivation reactivation;
    private final TopUps topUps;
    private final TopUpStore topUpStore;
    private final RefundBooks refunds;
    private final Disputes disputes;
    private final RefundStore refundStore;
    private final DisputeStore disputeStore;
    private final CashStore balances;
    private final CashBook cash;
    private final EventStore store;
    private final AttemptStore attempts;
    private final Accounts accounts;
    private final Invoices invoices;
    private final InvoiceMails mails;
    private final BillingClock clock;

    EventEffects(
            StripeBooks stripe,
            Installation installation,
            Charging charging,
            Reactivation reactivation,
            TopUps topUps,
            TopUpStore topUpStore,
            RefundBooks refunds,
            Disputes disputes,
            RefundStore refundStore,
            DisputeStore disputeStore,
            CashStore balances,
            CashBook cash,
            EventStore store,
            AttemptStore attempts,
            Accounts accounts,
            Invoices invoices,
            InvoiceMails mails,
            BillingClock clock) {
        this.stripe = stripe;
        this.installation = installation;
        this.charging = charging;
        this.reactivation = reactivation;
        this.topUps = topUps;
        this.topUpStore = topUpStore;
        this.refunds = refunds;
        this.disputes = disputes;
        this.refundStore = refundStore;
        this.disputeStore = disputeStore;
        this.balances = balances;
        this.cash = cash;
        this.store = store;
        this.attempts = attempts;
        this.accounts = accounts;
        this.invoices = invoices;
        this.mails = mails;
        this.clock = clock;
    }

    /** A piece of work in a transaction. */
    @FunctionalInterface
    interface Work {
        Effect run();
    }

    /**
     * What is to be done about an event.
     *
     * @param work does it, in a transaction, and says what it was
     * @param newCard the account that has a card to be attached and charged when that is committed
     */
    record Change(Work work, @Nullable String newCard) {
        static final Change NONE = new Change(() -> Effect.NONE, null);

        static Change of(Work work) {
            return new Change(work, null);
        }

        Change then(Work next) {
            return of(() -> {
                work.run();
                return next.run();
            });
        }
    }

    /** Asks Stripe for the object of an event; to be called outside of any transaction. */
    Change look(StripeEvent event) {
        if (!TYPES.contains(event.type())) return Change.NONE;
        if (event.object().isEmpty()) throw new HeldException("UNREADABLE", "it does not say what it is about", null);
        try {
            return switch (event.type()) {
                case "payment_intent.succeeded" -> intent(event.object());
                case "payment_intent.payment_failed",
                        "payment_intent.requires_action",
                        "payment_intent.canceled",
                        "payment_intent.processing" -> waits(event.object()) ? intent(event.object()) : Change.NONE;
                case "charge.refunded" -> refundsOf(event.object());
                case "refund.created", "refund.updated", "refund.failed" -> refund(event.object());
                case "charge.dispute.created",
                        "charge.dispute.updated",
                        "charge.dispute.closed",
                        "charge.dispute.funds_withdrawn",
                        "charge.dispute.funds_reinstated" -> dispute(event.object());
                case "payment_method.attached" -> attached(event.object());
                case "payment_method.automatically_updated" -> renewed(event.object());
                case "payment_method.detached" -> detached(event.object());
                case "setup_intent.succeeded" -> setUp(event.object());
                case "payout.reconciliation_completed" -> payout(event.object());
                default -> Change.NONE;
            };
        } catch (RefusedException e) {
            // Of another account of Stripe, or of test mode.
            if (e.code().equals("resource_missing")) return Change.NONE;
            throw e;
        }
    }

    /** Whether an attempt of ours on an intent has no end yet: if not, what did not pay does not matter. */
    private boolean waits(String id) {
        return attempts.invoiceOf(id).flatMap(attempts::unresolvedOf).isPresent()
                || topUpStore.ofIntent(id).filter(topUp -> !topUp.resolved()).isPresent();
    }

    private Change intent(String id) {
        var topUp = topUpStore.ofIntent(id);
        if (topUp.isPresent()) return topUp(topUp.get(), id);
        // Nothing more can become of an intent that has succeeded.
        if (attempts.invoicePaidBy(id).isPresent() && !waits(id)) return Change.NONE;
        var seen = stripe.intent(id);
        var invoice = attempts.invoiceOf(id).or(() -> ours(seen));
        return invoice.map(known -> Change.of(() -> intent(seen.intent(), known)))
                .orElse(Change.NONE);
    }

    private Change topUp(TopUp topUp, String id) {
        // Its intent can move no money any more.
        if (topUp.resolved()) return Change.NONE;
        var seen = stripe.intent(id).intent();
        // A call of ours that is under way tells its end itself; whose answer was lost is told by this.
        boolean ended = seen.status().equals("succeeded")
                || topUp.status() == TopUp.Status.UNKNOWN && !TopUps.untried(topUp, seen);
        if (!ended) return Change.NONE;
        var closed = topUps.closed(topUp, seen);
        return Change.of(() -> topUps.record(topUp, closed) ? Effect.RESOLVED : Effect.NONE);
    }

    /** The invoice of an intent that was created, but whose id did not live to be written down. */
    private Optional<Long> ours(SeenIntent seen) {
        var metadata = seen.metadata();
        if (!installation.id().equals(metadata.get("installation"))) return Optional.empty();
        var invoice = Objects.requireNonNullElse(metadata.get("invoice_id"), "");
        if (!invoice.matches("[0-9]{1,18}")) return Optional.empty();
        return attempts.issued(Long.parseLong(invoice), Objects.requireNonNullElse(metadata.get("account"), ""));
    }

    private Effect intent(Intent seen, long id) {
        attempts.lockAccount(invoices.get(id).account());
        var attempt = attempts.unresolvedOf(id);
        boolean succeeded = seen.status().equals("succeeded");
        if (succeeded && attempt.isEmpty()) return paid(seen, invoices.get(id));
        if (attempt.isEmpty()) return Effect.NONE;
        // A call of ours that is under way tells its end itself; whose answer was lost is told by this.
        if (!succeeded && attempt.get().status() != AttemptStatus.UNKNOWN) return Effect.NONE;
        if (!charging.seen(attempt.get(), seen, clock.today())) return Effect.NONE;
        return succeeded ? Effect.SETTLED : Effect.RESOLVED;
    }

    /** The customer has paid by himself. */
    private Effect paid(Intent seen, Invoice invoice) {
        if (balances.booked(SettlementKind.CARD.name(), seen.id())) return Effect.NONE;
        var amount = MinorUnits.toAmount(seen.amountMinor(), invoice.currency());
        cash.receive(invoice, SettlementKind.CARD, amount, seen.id(), clock.instant());
        var account = accounts.get(invoice.account());
        mails.queue(NoticeKind.PAYMENT_SUCCEEDED, account, invoice, seen.id(), amount, Map.of("card", "your card"));
        reactivation.after(invoice, clock.today());
        return Effect.SETTLED;
    }

    private Change refundsOf(String charge) {
        var change = Change.NONE;
        for (var seen : stripe.refundsOfCharge(charge)) {
            var before = change;
            var next = refundChange(seen);
            change = Change.of(() -> {
                var first = before.work().run();
                var second = next.work().run();
                return second == Effect.NONE ? first : second;
            });
        }
        return change;
    }

    private Change refund(String id) {
        var known = refundStore.refund(id);
        if (known.isPresent() && known.get().status() == Refund.RefundStatus.FAILED) return Change.NONE;
        return refundChange(stripe.refund(id));
    }

    /** What was paid must be known before it goes back, whichever event comes first. */
    private Change refundChange(StripeBooks.SeenRefund seen) {
        return seen.intent().isEmpty() ? Change.NONE : intent(seen.intent()).then(() -> refunds.seen(seen));
    }

    private Change dispute(String id) {
        var known = disputeStore.dispute(id);
        if (known.isPresent() && !known.get().status().equals("UNDER_REVIEW")) return Change.NONE;
        var seen = stripe.dispute(id);
        return seen.intent().isEmpty() ? Change.NONE : intent(seen.intent()).then(() -> disputes.seen(seen));
    }

    /** A card that was attached by the customer himself becomes the one on file where there is none. */
    private Change attached(String id) {
        if (store.accountWithCard(id).isPresent()) return Change.NONE;
        var seen = stripe.card(id);
        var account = seen.flatMap(card -> store.accountOfCustomer(card.customer()));
        if (account.isEmpty()) return Change.NONE;
        return new Change(() -> want(account.get(), id, false), account.get());
    }

    /** A card that the customer has set up for later charges becomes the one on file. */
    private Change setUp(String id) {
        var seen = stripe.setup(id);
        if (!seen.status().equals("succeeded") || seen.paymentMethod().isEmpty()) return Change.NONE;
        var account = store.accountOfCustomer(seen.customer());
        if (account.isEmpty()) return Change.NONE;
        return new Change(() -> want(account.get(), seen.paymentMethod(), true), account.get());
    }

    private Effect want(String id, String paymentMethod, boolean instead) {
        attempts.lockAccount(id);
        var account = accounts.get(id);
        var card = account.card();
        boolean known = paymentMethod.equals(account.paymentMethodWanted())
                || card != null && card.paymentMethod().equals(paymentMethod);
        // While another is wanted, it is a call of ours that attaches this one.
        if (known || !instead && (card != null || account.paymentMethodWanted() != null)) return Effect.NONE;
        accounts.wantCard(id, paymentMethod);
        return Effect.CARD;
    }

    private Change renewed(String id) {
        var account = store.accountWithCard(id);
        if (account.isEmpty()) return Change.NONE;
        var seen = stripe.card(id);
        return seen.map(card ->
                        Change.of(() -> accounts.cardRenewed(account.get(), card.card()) ? Effect.CARD : Effect.NONE))
                .orElse(Change.NONE);
    }

    private Change detached(String id) {
        var account = store.accountWithCard(id);
        if (account.isEmpty()) return Change.NONE;
        var seen = stripe.card(id);
        if (seen.isEmpty() || !seen.get().customer().isEmpty()) return Change.NONE;
        return Change.of(() -> accounts.cardDetached(account.get(), id) ? Effect.CARD : Effect.NONE);
    }

    private Change payout(String id) {
        var seen = stripe.payout(id);
        return Change.of(() -> {
            store.payout(id, seen.amount(), seen.currency(), seen.arrivesOn());
            return Effect.PAYOUT;
        });
    }
}
