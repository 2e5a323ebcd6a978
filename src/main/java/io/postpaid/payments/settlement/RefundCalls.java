package io.postpaid.payments.settlement;

import io.postpaid.payments.charging.AccountLock;
import io.postpaid.payments.settlement.Refund.RefundStatus;
import io.postpaid.payments.stripe.Installation;
import io.postpaid.payments.stripe.MinorUnits;
import io.postpaid.payments.stripe.PaymentGateway.NoAnswerException;
import io.postpaid.payments.stripe.PaymentGateway.RefusedException;
import io.postpaid.payments.stripe.StripeBooks;
import io.postpaid.payments.stripe.StripeBooks.SeenRefund;
import io.postpaid.platform.batch.Done;
import io.postpaid.platform.batch.Item;
import io.postpaid.platform.batch.Items;
import io.postpaid.platform.batch.Run;
import io.postpaid.platform.calendar.BillingClock;
import java.util.Map;
import java.util.Objects;
import org.springframework.stereotype.Component;

/**
 * Money given back through Stripe: claim, give back, record, each committed before the next begins, as with charges. The
 * claim sets aside what is unspent of the payment; credit note, mail and money follow when the refund has succeeded. A refund
 * that was made in Stripe's dashboard begins with the record.
 */
@Component
public class RefundCalls {
    private final RefundStore store;
    private final PaidStore paid;
    private final StripeBooks stripe;
    private final Installation installation;
    private final RefundBooks books;
    private final AccountLock lock;
    private final BillingClock clock;

    RefundCalls(
            RefundStore store,
            PaidStore paid,
            StripeBooks stripe,
            Installation installation,
            RefundBooks books,
            AccountLock lock,
            BillingClock clock) {
        this.store = store;
        this.paid = paid;
        this.stripe = stripe;
        this.installation = installation;
        this.books = books;
        this.lock = lock;
        this.clock = clock;
    }

    /** The refunds that have no end yet. */
    public Items<Refund> unresolved(Run run) {
        return Items.each(store.unresolved(), refund -> Item.of("refund", refund.id(), null), unresolved -> {
            resolve(unresolved);
            return Done.NOTHING;
        });
    }

    /** Finds out what became of a refund: by its key while Stripe knows it, by a look at the intent's refunds later. */
    Refund resolve(Refund unresolved) {
        if (unresolved.status() == RefundStatus.PENDING) return look(unresolved);
        if (installation.keyLives(unresolved.claimedAt(), clock.instant())) return execute(unresolved);
        try {
            var of = paid.of(unresolved);
            stripe.refundsOfIntent(of.intent()).stream()
                    .filter(seen -> seen.isOf(unresolved.id()))
                    .findFirst()
                    .ifPresentOrElse(
                            seen -> record(of, seen), () -> refused(of, unresolved, "It never reached Stripe"));
        } catch (NoAnswerException e) {
            store.unknown(unresolved.id(), e.getMessage());
        }
        return store.get(unresolved.id());
    }

    Refund execute(Refund claimed) {
        var of = paid.of(claimed);
        var invoice = of.invoice();
        var metadata = Map.of(
                "refund",
                Long.toString(claimed.id()),
                invoice == null ? "top_up" : "invoice",
                invoice == null ? Objects.requireNonNull(of.topUp()).reference() : invoice.issuedNumber());
        try {
            var seen = stripe.giveBack(
                    installation.key("refund/" + claimed.id()),
                    of.intent(),
                    MinorUnits.of(claimed.amount(), of.currency()),
                    installation.metadata(metadata));
            record(of, seen);
        } catch (NoAnswerException e) {
            store.unknown(claimed.id(), e.getMessage());
        } catch (RefusedException e) {
            // Under a key that was used before, this says nothing about what that use did.
            if (e.code().equals("idempotency_error")) {
                store.unknown(claimed.id(), e.getMessage());
            } else {
                refused(of, claimed, e.getMessage());
            }
        }
        return store.get(claimed.id());
    }

    /** One that Stripe has not made yet is looked at again; what cannot be seen now, the next night sees. */
    private Refund look(Refund pending) {
        try {
            record(paid.of(pending), stripe.refund(Objects.requireNonNull(pending.stripeId())));
        } catch (NoAnswerException silent) {
            store.waits(pending.id(), silent.getMessage());
        }
        return store.get(pending.id());
    }

    private void record(Paid of, SeenRefund seen) {
        lock.hold(of.account(), () -> {
            books.seen(seen);
        });
    }

    private void refused(Paid of, Refund claimed, String why) {
        lock.hold(of.account(), () -> books.refused(claimed, why));
    }
}
