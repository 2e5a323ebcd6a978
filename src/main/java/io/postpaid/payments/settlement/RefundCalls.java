package io.postpaid.payments.settlement;

import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.payments.charging.Alone;
import io.postpaid.payments.charging.CashStore;
import io.postpaid.payments.settlement.Refund.RefundStatus;
import io.postpaid.payments.stripe.Installation;
import io.postpaid.payments.stripe.MinorUnits;
import io.postpaid.payments.stripe.PaymentGateway.NoAnswerException;
import io.postpaid.payments.stripe.PaymentGateway.RefusedException;
import io.postpaid.payments.stripe.StripeBooks;
import io.postpaid.payments.topup.TopUp;
import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.platform.money.Amounts;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Money given back through Stripe: claim, give back, record, each committed before the next begins, as with charges. The
 * claim sets aside what is unspent of the payment; credit note, mail and money follow when the refund has succeeded. A refund
 * that was made in Stripe's dashboard begins with the record.
 */
@Component
public class RefundCalls {
    private final RefundStore store;
    private final CashStore balances;
    private final PaidStore paid;
    private final StripeBooks stripe;
    private final Installation installation;
    private final RefundBooks books;
    private final Alone alone;
    private final TransactionTemplate transaction;
    private final BillingClock clock;

    RefundCalls(
            RefundStore store,
            CashStore balances,
            PaidStore paid,
            StripeBooks stripe,
            Installation installation,
            RefundBooks books,
            Alone alone,
            PlatformTransactionManager transactions,
            BillingClock clock) {
        this.store = store;
        this.balances = balances;
        this.paid = paid;
        this.stripe = stripe;
        this.installation = installation;
        this.books = books;
        this.alone = alone;
        this.transaction = new TransactionTemplate(transactions);
        this.clock = clock;
    }

    /** Gives back what was paid by card for an invoice. */
    public Refund refund(Invoice invoice, BigDecimal amount, String reason) {
        return refund(
                store.unresolvedRefund(invoice.id(), null),
                invoice.account(),
                () -> paid.of(invoice).orElseThrow(() -> nothingPaid(invoice)),
                amount,
                reason);
    }

    private static IllegalArgumentException nothingPaid(Invoice invoice) {
        return new IllegalArgumentException("Of invoice " + invoice.number() + " 0.00 " + invoice.currency()
                + " is paid by card and not given back: nothing can be refunded");
    }

    /** Gives back what is left of a top-up. */
    public Refund refund(TopUp topUp, BigDecimal amount, String reason) {
        return refund(store.unresolvedRefund(null, topUp.id()), topUp.account(), () -> paid.of(topUp), amount, reason);
    }

    /**
     * What is not known of an earlier refund comes first; if it was of the same amount, this is the same refund asked for
     * again.
     */
    private Refund refund(
            Optional<Refund> earlier, String account, Supplier<Paid> facts, BigDecimal amount, String reason) {
        if (earlier.isPresent()) {
            var resolved = resolve(earlier.get());
            mustBeKnown(resolved);
            if (resolved.status() != RefundStatus.REFUSED && resolved.amount().compareTo(amount) == 0) return resolved;
        }
        var claimed = alone.onAccount(account, () -> {
            var of = facts.get();
            store.unresolvedRefund(of).ifPresent(RefundCalls::mustBeKnown);
            mustBeLeft(of, amount);
            var parts = of.facts().refund(amount);
            var refund = store.claim(of, amount, parts.taken(), reason, clock.instant());
            books.setAside(of, refund);
            return refund;
        });
        return execute(claimed);
    }

    private void mustBeLeft(Paid of, BigDecimal amount) {
        var facts = of.facts();
        var owed = balances.lockBalance(of.account(), of.currency()).owed();
        if (owed.signum() > 0) {
            throw new IllegalArgumentException(of.account() + " owes " + Amounts.text(owed, of.currency())
                    + " for credit whose payment its bank took back: nothing can be refunded before that is paid");
        }
        if (amount.compareTo(facts.money()) > 0) {
            throw new IllegalArgumentException("Of " + of.what() + " "
                    + Amounts.plain(facts.money(), of.currency()) + " " + of.currency()
                    + " is paid by card and not given back, so " + amount.toPlainString() + " cannot be refunded");
        }
        if (amount.compareTo(facts.refundable()) > 0) {
            throw new IllegalArgumentException("Of " + of.what() + " at most "
                    + Amounts.text(facts.refundable(), of.currency()) + " can be refunded, not "
                    + amount.toPlainString()
                    + (of.topUp() != null
                            ? ": the rest of its credit is used, or was given back"
                            : ": " + Amounts.text(facts.credited(), of.currency())
                                    + " is credited already, and what that freed is spent"));
        }
    }

    private static void mustBeKnown(Refund earlier) {
        if (earlier.unknown()) {
            throw new IllegalStateException("It is not known yet whether an earlier refund of " + earlier.amount()
                    + " was made (" + Objects.requireNonNullElse(earlier.message(), "it has just begun")
                    + "): run the command again, or leave it to the next nightly run. Nothing else was refunded");
        }
    }

    private Refund execute(Refund claimed) {
        var of = paid.of(claimed);
        try {
            var seen = stripe.giveBack(
                    installation.key("refund/" + claimed.id()),
                    of.intent(),
                    MinorUnits.of(claimed.amount(), of.currency()),
                    Map.of(
                            "refund",
                            Long.toString(claimed.id()),
                            of.invoice() == null ? "top_up" : "invoice",
                            of.invoice() == null
                                    ? Objects.requireNonNull(of.topUp()).reference()
                                    : of.invoice().issuedNumber(),
                            "installation",
                            installation.id()));
            transaction.executeWithoutResult(status -> books.seen(seen));
        } catch (NoAnswerException e) {
            store.unknown(claimed.id(), e.getMessage());
        } catch (RefusedException e) {
            // Under a key that was used before, this says nothing about what that use did.
            if (e.code().equals("idempotency_error")) {
                store.unknown(claimed.id(), e.getMessage());
            } else {
                refused(claimed, e.getMessage());
            }
        }
        return store.refund(claimed.id()).orElseThrow();
    }

    /** Finds out what became of a refund: by its key while Stripe knows it, by a look at the intent's refunds later. */
    public Refund resolve(Refund unresolved) {
        if (unresolved.status() == RefundStatus.PENDING) return look(unresolved);
        if (installation.keyLives(unresolved.claimedAt(), clock.instant())) return execute(unresolved);
        try {
            var found = stripe.refundsOfIntent(paid.of(unresolved).intent()).stream()
                    .filter(refund -> books.isOf(unresolved.id(), refund))
                    .findFirst();
            if (found.isPresent()) {
                transaction.executeWithoutResult(status -> books.seen(found.get()));
            } else {
                refused(unresolved, "It never reached Stripe");
            }
        } catch (NoAnswerException e) {
            store.unknown(unresolved.id(), e.getMessage());
        }
        return store.refund(unresolved.id()).orElseThrow();
    }

    /** One that Stripe has not made yet is looked at again; what cannot be seen now, the next night sees. */
    private Refund look(Refund pending) {
        try {
            var seen = stripe.refund(Objects.requireNonNull(pending.stripeId()));
            transaction.executeWithoutResult(status -> books.seen(seen));
        } catch (NoAnswerException silent) {
            store.waits(pending.id(), silent.getMessage());
        }
        return store.refund(pending.id()).orElseThrow();
    }

    private void refused(Refund claimed, String why) {
        // Asked before: what is given back locks the balance, and the account comes before it.
        var account = paid.of(claimed).account();
        alone.onAccount(account, () -> {
            if (!store.resolve(claimed.id(), RefundStatus.REFUSED, null, why, clock.instant())) return;
            books.lift(paid.of(claimed), claimed);
        });
    }
}
