package io.postpaid.payments.settlement;

import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.payments.charging.Alone;
import io.postpaid.payments.stripe.MinorUnits;
import io.postpaid.payments.topup.TopUp;
import io.postpaid.payments.topup.TopUpStore;
import io.postpaid.platform.money.Currencies;
import io.postpaid.platform.money.Payable;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Money that an operator gives back to a card: of an invoice, or of a top-up. */
@Component
public class Refunds {
    private final RefundCalls calls;
    private final PaidStore paid;
    private final TopUpStore topUps;
    private final Alone alone;

    Refunds(RefundCalls calls, PaidStore paid, TopUpStore topUps, Alone alone) {
        this.calls = calls;
        this.paid = paid;
        this.topUps = topUps;
        this.alone = alone;
    }

    /** Gives money back that was paid by card. */
    public Refund refund(String number, BigDecimal amount, String reason) {
        var invoice = alone.find(number);
        Payable.check(amount, invoice.currency());
        mustBeRefundable(amount, invoice.currency());
        alone.mustKnow(invoice);
        return calls.refund(invoice, amount, reason);
    }

    /** Gives back what is left of a top-up. What Stripe is asked for is charged back to its card. */
    public Refund refundTopUp(String account, String reference, @Nullable BigDecimal amount, String reason) {
        var known = topUps.find(account, reference)
                .orElseThrow(() ->
                        new IllegalArgumentException("Account '" + account + "' has no top-up '" + reference + "'"));
        if (known.status() != TopUp.Status.SUCCEEDED) {
            throw new IllegalArgumentException("The top-up " + reference + " of " + account + " is " + known.status()
                    + ": only one that was charged can be refunded");
        }
        var wanted = amount == null ? left(known) : amount;
        Payable.check(wanted, known.currency());
        mustBeRefundable(wanted, known.currency());
        return calls.refund(known, wanted, reason);
    }

    private BigDecimal left(TopUp topUp) {
        var left = alone.onAccount(topUp.account(), () -> paid.of(topUp).facts().refundable());
        if (left.signum() == 0) {
            throw new IllegalArgumentException("Nothing of the top-up " + topUp.reference() + " of " + topUp.account()
                    + " is left: its credit is used, or was given back");
        }
        return left;
    }

    /** What may still be refunded of an invoice. */
    public BigDecimal refundable(Invoice invoice) {
        return alone.onAccount(
                invoice.account(),
                () -> paid.of(invoice).map(of -> of.facts().refundable()).orElse(BigDecimal.ZERO));
    }

    private static void mustBeRefundable(BigDecimal amount, String currency) {
        if (!MinorUnits.chargeable(amount, currency)) {
            throw new IllegalArgumentException(amount.toPlainString() + " " + currency
                    + " is no amount that Stripe can give back: give a multiple of "
                    + Currencies.get(currency).unit().toPlainString());
        }
    }
}
