package io.postpaid.payments.settlement;

import static io.postpaid.credit.LedgerAccount.CASH;
import static io.postpaid.credit.LedgerAccount.DISPUTE_LOSS;
import static io.postpaid.credit.LedgerAccount.REFUNDS_DUE;

import io.postpaid.account.Accounts;
import io.postpaid.payments.charging.CashBook;
import io.postpaid.payments.settlement.Refund.RefundStatus;
import io.postpaid.payments.stripe.StripeBooks.SeenRefund;
import io.postpaid.payments.stripe.StripeEvent.Effect;
import io.postpaid.platform.calendar.BillingClock;
import java.math.BigDecimal;
import org.springframework.stereotype.Component;

/** What becomes of the books by a refund: what it sets aside, gives out, and gets back where it fails. */
@Component
public class RefundBooks {
    private final RefundStore store;
    private final PaidStore paid;
    private final CashBook cash;
    private final Papers papers;
    private final Accounts accounts;
    private final BillingClock clock;

    RefundBooks(
            RefundStore store, PaidStore paid, CashBook cash, Papers papers, Accounts accounts, BillingClock clock) {
        this.store = store;
        this.paid = paid;
        this.cash = cash;
        this.papers = papers;
        this.accounts = accounts;
        this.clock = clock;
    }

    /** Whether a refund has failed, which stays so. */
    public boolean failed(String stripeId) {
        return store.find(stripeId)
                .filter(known -> known.status() == RefundStatus.FAILED)
                .isPresent();
    }

    /** Writes down what Stripe shows of a refund, each state once, in the caller's transaction. */
    public Effect seen(SeenRefund seen) {
        var account = paid.accountOf(seen.intent());
        if (account.isEmpty()) return Effect.NONE;
        accounts.locked(account.get());
        var of = paid.of(seen.intent()).orElseThrow();
        var refund = store.find(seen.id())
                .or(() -> store.unresolved(of.invoiceId(), of.topUpId()).filter(claimed -> seen.isOf(claimed.id())))
                .orElseGet(() -> madeElsewhere(of, seen));
        if (refund.status() == RefundStatus.FAILED || refund.status() == RefundStatus.REFUSED) return Effect.NONE;
        if (seen.failed()) return failed(of, refund, seen);
        if (refund.status() == RefundStatus.SUCCEEDED) return Effect.NONE;
        if (!seen.status().equals("succeeded")) {
            return store.pending(refund.id(), seen.id(), "Stripe shows it as " + seen.status())
                    ? Effect.REFUNDED
                    : Effect.NONE;
        }
        succeeded(of, refund, seen);
        return Effect.REFUNDED;
    }

    /** A refund of Stripe's dashboard is written down as it happened, whatever was given back before. */
    private Refund madeElsewhere(Paid of, SeenRefund seen) {
        var parts = of.facts().refund(seen.amount());
        var reason =
                seen.reason().isEmpty() ? "Refunded at Stripe" : seen.reason().replace('_', ' ');
        return setAside(
                of, store.insert(of, seen.amount(), parts.taken(), parts.lost(), reason, seen.id(), clock.instant()));
    }

    /** Claims a refund, before Stripe is asked. */
    Refund claim(Paid of, BigDecimal amount, String reason) {
        var taken = of.facts().refund(amount).taken();
        return setAside(of, store.insert(of, amount, taken, BigDecimal.ZERO, reason, null, clock.instant()));
    }

    private Refund setAside(Paid of, Refund refund) {
        paid.post(
                of.entries("REFUND/" + refund.id()).move("refund-asked", of.unspent(), REFUNDS_DUE, refund.setAside()));
        return refund;
    }

    /** Stripe has refused it, so what was set aside is there again; in the caller's transaction, which has locked the account. */
    void refused(Refund claimed, String why) {
        if (store.refused(claimed.id(), why, clock.instant())) lift(paid.of(claimed), claimed);
    }

    private void lift(Paid of, Refund refund) {
        paid.post(of.entries("REFUND/" + refund.id())
                .move("refund-lifted", REFUNDS_DUE, of.unspent(), refund.setAside()));
        cash.settleOpen(of.account(), of.currency(), of.what(), clock.today());
    }

    /** The money has left: now the credit note is issued, and the customer hears of it. */
    private void succeeded(Paid of, Refund refund, SeenRefund seen) {
        papers.refunded(of, refund, seen.id());
        paid.post(of.entries("REFUND/" + refund.id())
                .move("refund-asked", of.unspent(), REFUNDS_DUE, refund.noted(), "/noted")
                .move("refund-lost", DISPUTE_LOSS, REFUNDS_DUE, refund.lost()));
        went(of, refund, seen);
        store.succeeded(refund.id(), seen.id(), clock.instant());
        paid.stopBuying(of, "The payment of a top-up was given back.");
    }

    private void went(Paid of, Refund refund, SeenRefund seen) {
        paid.post(of.entries("REFUND/" + seen.id()).move("refunded", REFUNDS_DUE, CASH, refund.amount()));
    }

    /** The money is with us, and the customer's again: on his balance, or on the grant. A credit note stays what it is. */
    private Effect failed(Paid of, Refund refund, SeenRefund seen) {
        boolean had = refund.status() == RefundStatus.SUCCEEDED;
        var at = clock.instant();
        // What Stripe had sent before we heard of it came back all the same.
        boolean returned = had || seen.returned();
        if (!store.failed(refund.id(), seen.id(), "Stripe shows it as " + seen.status(), returned ? at : null, at)) {
            return Effect.NONE;
        }
        if (returned && !had) went(of, refund, seen);
        if (returned) {
            paid.post(
                    of.entries("REFUND_FAILED/" + seen.id()).move("refund-failed", CASH, REFUNDS_DUE, refund.amount()));
        }
        if (had) {
            var kept = refund.amount().subtract(refund.lost()).subtract(refund.tax());
            papers.soldAgain(of, refund);
            paid.post(of.entries("REFUND/" + refund.id())
                    .move("refund-returned", REFUNDS_DUE, of.unspent(), kept)
                    .move("refund-returned", REFUNDS_DUE, DISPUTE_LOSS, refund.lost(), "/lost"));
            cash.settleOpen(of.account(), of.currency(), of.what(), clock.today());
        } else {
            lift(of, refund);
        }
        accounts.note(
                of.account(),
                "REFUND_FAILED",
                "the refund " + seen.id() + " of " + of.what() + " failed: what it took is there again");
        return Effect.REFUNDED;
    }
}
