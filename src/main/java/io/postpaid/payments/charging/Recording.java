package io.postpaid.payments.charging;

import io.postpaid.account.Account;
import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.billing.invoicing.SettlementKind;
import io.postpaid.mail.NoticeKind;
import io.postpaid.payments.charging.Claims.Claim;
import io.postpaid.payments.charging.PaymentAttempt.Status;
import io.postpaid.payments.stripe.Decline;
import io.postpaid.payments.stripe.Intent;
import io.postpaid.payments.stripe.MinorUnits;
import io.postpaid.payments.stripe.PaymentOutcome;
import io.postpaid.payments.stripe.PaymentOutcome.AtBank;
import io.postpaid.payments.stripe.PaymentOutcome.DeclinedForGood;
import io.postpaid.payments.stripe.PaymentOutcome.DeclinedRetryable;
import io.postpaid.payments.stripe.PaymentOutcome.NeedsCustomer;
import io.postpaid.payments.stripe.PaymentOutcome.Succeeded;
import io.postpaid.payments.stripe.PaymentOutcome.TooSmall;
import io.postpaid.payments.stripe.PaymentOutcome.Unknown;
import io.postpaid.platform.calendar.BillingClock;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Writes down an outcome with all that follows from it, in one transaction. */
@Component
class Recording {
    private final AttemptStore attempts;
    private final AccountLock lock;
    private final Invoices invoices;
    private final CashBook cash;
    private final Reactivation reactivation;
    private final PaymentMails mails;
    private final BillingClock clock;

    Recording(
            AttemptStore attempts,
            AccountLock lock,
            Invoices invoices,
            CashBook cash,
            Reactivation reactivation,
            PaymentMails mails,
            BillingClock clock) {
        this.attempts = attempts;
        this.lock = lock;
        this.invoices = invoices;
        this.cash = cash;
        this.reactivation = reactivation;
        this.mails = mails;
        this.clock = clock;
    }

    PaymentOutcome record(Claim claim, Intent seen, LocalDate today) {
        return seen.canceled() ? canceled(claim, seen, today) : record(claim, seen.outcome(), seen, today);
    }

    /** Unless the card was declined before, it was not tried; the next attempt makes the successor of the intent. */
    private PaymentOutcome canceled(Claim claim, Intent seen, LocalDate today) {
        var attempt = claim.attempt();
        return lock.hold(claim.invoice().account(), () -> {
            attempts.canceled(seen.id());
            var decline = seen.lastError();
            if (decline != null && attempts.endedBy(attempt, decline)) {
                return record(claim, decline.outcome(), seen, today);
            }
            attempts.resolve(attempt, Status.NOT_EXECUTED, null, Decline.canceled(null), clock.instant());
            return seen.outcome();
        });
    }

    /** @param seen the intent that the outcome was read from; null where the request was refused */
    PaymentOutcome record(Claim claim, PaymentOutcome outcome, @Nullable Intent seen, LocalDate today) {
        // Payments of one account settle one after the other, so that the last one sees that nothing overdue is left.
        lock.hold(claim.invoice().account(), account -> {
            switch (outcome) {
                case Succeeded paid -> succeeded(account, claim, paid, seen, today);
                case DeclinedRetryable(var decline) ->
                    declined(account, claim, Status.DECLINED_RETRYABLE, decline, today);
                case DeclinedForGood(var decline) -> declined(account, claim, Status.DECLINED_FOR_GOOD, decline, today);
                case NeedsCustomer(var decline) -> declined(account, claim, Status.NEEDS_CUSTOMER, decline, today);
                case TooSmall(var decline) -> carried(claim, decline, today);
                // It has no end yet.
                case AtBank(var url) -> {}
                case Unknown(var why, var silent) -> attempts.unknown(claim.attempt(), why);
            }
        });
        return outcome;
    }

    private void succeeded(Account account, Claim claim, Succeeded paid, @Nullable Intent seen, LocalDate today) {
        var attempt = claim.attempt();
        // Where another amount was charged, the customer was faster, on the intent as an earlier attempt left it.
        var charged = seen == null ? attempt.amountMinor() : seen.amountMinor();
        var ours = charged == attempt.amountMinor();
        var end = ours ? Status.SUCCEEDED : Status.NOT_EXECUTED;
        if (!attempts.resolve(attempt, end, ours ? paid.charge() : null, null, clock.instant())) return;
        var method = attempt.paymentMethod();
        paid(account, claim.invoice(), paid.intent(), charged, Integer.toString(attempt.n()), method, today);
    }

    /** The customer has paid by himself; in the caller's transaction, which has locked the account. */
    void paidByCustomer(Account account, Invoice invoice, Intent seen, LocalDate today) {
        paid(account, invoice, seen.id(), seen.amountMinor(), seen.id(), "", today);
    }

    private void paid(
            Account account,
            Invoice invoice,
            String intent,
            long minor,
            String occasion,
            String paymentMethod,
            LocalDate today) {
        var amount = MinorUnits.toAmount(minor, invoice.currency());
        attempts.succeeded(invoice.id(), intent);
        cash.receive(invoice, SettlementKind.CARD, amount, intent, clock.instant());
        mails.paid(account, invoice, occasion, amount, paymentMethod);
        reactivation.after(account, "invoice " + invoice.number(), today);
    }

    private void declined(Account account, Claim claim, Status status, Decline decline, LocalDate today) {
        var attempt = claim.attempt();
        boolean ended = attempts.resolve(attempt, status, decline.charge(), decline, clock.instant());
        // Who is at the page reads it there.
        if (ended && attempt.returnUrl() == null) {
            mails.declined(account, claim.invoice(), attempt, status, decline, today);
        }
    }

    /** As an invoice below the minimum: nothing is due now, so that no dunning follows. */
    private void carried(Claim claim, Decline decline, LocalDate today) {
        if (!attempts.resolve(claim.attempt(), Status.DECLINED_FOR_GOOD, null, decline, clock.instant())) return;
        mails.queueCarried(claim.invoice(), invoices.carry(claim.invoice(), clock.instant()));
        reactivation.after(claim.invoice(), today);
    }

    /** A card is needed first, and the customer hears of it. */
    void noCard(long id) {
        var invoice = invoices.get(id);
        lock.hold(invoice.account(), () -> mails.queue(NoticeKind.NO_CARD, invoice, invoices.openAmount(invoice)));
    }
}
