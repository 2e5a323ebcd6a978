package io.postpaid.payments.settlement;

import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.payments.charging.AccountLock;
import io.postpaid.payments.settlement.Consent.Given;
import io.postpaid.payments.settlement.Refund.RefundStatus;
import io.postpaid.payments.stripe.MinorUnits;
import io.postpaid.payments.topup.TopUp;
import io.postpaid.payments.topup.TopUpStore;
import io.postpaid.platform.money.Amounts;
import io.postpaid.platform.money.Currencies;
import io.postpaid.platform.money.Payable;
import java.math.BigDecimal;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Money that an operator gives back to a card: of an invoice, or of a top-up. */
@Component
public class Refunds {
    private final RefundStore store;
    private final RefundCalls calls;
    private final RefundBooks books;
    private final PaidStore paid;
    private final TopUpStore topUps;
    private final Alone alone;
    private final AccountLock lock;

    Refunds(
            RefundStore store,
            RefundCalls calls,
            RefundBooks books,
            PaidStore paid,
            TopUpStore topUps,
            Alone alone,
            AccountLock lock) {
        this.store = store;
        this.calls = calls;
        this.books = books;
        this.paid = paid;
        this.topUps = topUps;
        this.alone = alone;
        this.lock = lock;
    }

    /** Gives money back that was paid by card. */
    public Refund refund(String number, BigDecimal amount, String reason, Consent consent) {
        var invoice = alone.find(number);
        mustBeRefundable(amount, invoice.currency());
        alone.mustKnow(invoice);
        return refund(
                store.unresolved(invoice.id(), null),
                invoice.account(),
                () -> paid.of(invoice).orElseThrow(() -> nothingPaid(invoice)),
                amount,
                reason,
                consent);
    }

    /** Gives back what is left of a top-up. What Stripe is asked for is charged back to its card. */
    public Refund refundTopUp(
            String account, String reference, @Nullable BigDecimal amount, String reason, Consent consent) {
        var known = topUps.find(account, reference)
                .orElseThrow(() ->
                        new IllegalArgumentException("Account '" + account + "' has no top-up '" + reference + "'"));
        if (known.status() != TopUp.Status.SUCCEEDED) {
            throw new IllegalArgumentException("The top-up " + reference + " of " + account + " is " + known.status()
                    + ": only one that was charged can be refunded");
        }
        var wanted = amount == null ? left(known) : amount;
        mustBeRefundable(wanted, known.currency());
        return refund(store.unresolved(null, known.id()), account, () -> paid.of(known), wanted, reason, consent);
    }

    private BigDecimal left(TopUp topUp) {
        var left = lock.hold(topUp.account(), () -> paid.of(topUp).facts().refundable());
        if (left.signum() == 0) {
            throw new IllegalArgumentException("Nothing of the top-up " + topUp.reference() + " of " + topUp.account()
                    + " is left: its credit is used, or was given back");
        }
        return left;
    }

    /**
     * What is not known of an earlier refund comes first; if it was of the same amount, this is the same refund asked for
     * again.
     */
    private Refund refund(
            Optional<Refund> earlier,
            String account,
            Supplier<Paid> facts,
            BigDecimal amount,
            String reason,
            Consent consent) {
        if (earlier.isPresent()) {
            var resolved = calls.resolve(earlier.get());
            mustBeKnown(resolved);
            if (resolved.status() != RefundStatus.REFUSED && resolved.amount().compareTo(amount) == 0) return resolved;
        }
        return calls.execute(lock.hold(account, () -> {
            var of = facts.get();
            store.unresolved(of.invoiceId(), of.topUpId()).ifPresent(Refunds::mustBeKnown);
            mustBeLeft(of, amount);
            var claimed = books.claim(of, amount, reason);
            consent.to(new Given(account, of.currency(), amount, Long.toString(claimed.id())));
            return claimed;
        }));
    }

    private static IllegalArgumentException nothingPaid(Invoice invoice) {
        return new IllegalArgumentException("Of invoice " + invoice.number() + " 0.00 " + invoice.currency()
                + " is paid by card and not given back: nothing can be refunded");
    }

    private static void mustBeKnown(Refund earlier) {
        if (earlier.unknown()) {
            throw new IllegalStateException("It is not known yet whether an earlier refund of " + earlier.amount()
                    + " was made (" + Objects.requireNonNullElse(earlier.message(), "it has just begun")
                    + "): run the command again, or leave it to the next nightly run. Nothing else was refunded");
        }
    }

    private void mustBeLeft(Paid of, BigDecimal amount) {
        var facts = of.facts();
        var owed = paid.owed(of);
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

    private static void mustBeRefundable(BigDecimal amount, String currency) {
        Payable.check(amount, currency);
        if (!MinorUnits.chargeable(amount, currency)) {
            throw new IllegalArgumentException(amount.toPlainString() + " " + currency
                    + " is no amount that Stripe can give back: give a multiple of "
                    + Currencies.get(currency).unit().toPlainString());
        }
    }
}
