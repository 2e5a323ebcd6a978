package io.postpaid.payments.charging;

import io.postpaid.account.Account;
import io.postpaid.account.Accounts;
import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.billing.invoicing.SettlementKind;
import io.postpaid.mail.NoticeKind;
import io.postpaid.mail.Wording;
import io.postpaid.payments.stripe.Decline;
import io.postpaid.payments.stripe.Declines;
import io.postpaid.payments.stripe.Intent;
import io.postpaid.payments.stripe.MinorUnits;
import io.postpaid.payments.stripe.PaymentOutcome;
import io.postpaid.payments.stripe.PaymentOutcome.DeclinedForGood;
import io.postpaid.payments.stripe.PaymentOutcome.DeclinedRetryable;
import io.postpaid.payments.stripe.PaymentOutcome.NeedsCustomer;
import io.postpaid.payments.stripe.PaymentOutcome.Succeeded;
import io.postpaid.payments.stripe.PaymentOutcome.TooSmall;
import io.postpaid.payments.stripe.PaymentOutcome.Unknown;
import io.postpaid.platform.calendar.BillingClock;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Writes down an outcome with all that follows from it, in one transaction. */
@Component
public class Recording {
    private final AttemptStore attempts;
    private final Accounts accounts;
    private final Invoices invoices;
    private final CashBook cash;
    private final Reactivation reactivation;
    private final InvoiceMails mails;
    private final CollectionPolicy policy;
    private final TransactionTemplate transaction;
    private final BillingClock clock;

    Recording(
            AttemptStore attempts,
            Accounts accounts,
            Invoices invoices,
            CashBook cash,
            Reactivation reactivation,
            InvoiceMails mails,
            CollectionPolicy policy,
            PlatformTransactionManager transactions,
            BillingClock clock) {
        this.attempts = attempts;
        this.accounts = accounts;
        this.invoices = invoices;
        this.cash = cash;
        this.reactivation = reactivation;
        this.mails = mails;
        this.policy = policy;
        this.transaction = new TransactionTemplate(transactions);
        this.clock = clock;
    }

    /** @param seen the intent that the outcome was read from; null where the request was refused */
    public PaymentOutcome record(
            PaymentAttempt attempt, Invoice invoice, PaymentOutcome outcome, @Nullable Intent seen, LocalDate today) {
        transaction.executeWithoutResult(status -> {
            // Payments of one account settle one after the other, so that the last one sees that nothing overdue is
            // left.
            var account = accounts.locked(invoice.account());
            switch (outcome) {
                case Succeeded paid -> succeeded(attempt, paid, seen, invoice, account, today);
                case DeclinedRetryable(var decline) ->
                    declined(
                            attempt,
                            AttemptStatus.DECLINED_RETRYABLE,
                            decline,
                            invoice,
                            account,
                            policy.nextRetry(invoice.issuedOn(), today).orElse(null));
                case DeclinedForGood(var decline) ->
                    declined(attempt, AttemptStatus.DECLINED_FOR_GOOD, decline, invoice, account, null);
                case TooSmall(var decline) -> {
                    if (attempts.resolve(attempt, AttemptStatus.DECLINED_FOR_GOOD, null, decline, clock.instant())) {
                        carry(invoice, account, today);
                    }
                }
                case NeedsCustomer(var decline) ->
                    declined(attempt, AttemptStatus.NEEDS_CUSTOMER, decline, invoice, account, null);
                case Unknown(var why, var silent) -> attempts.unknown(attempt, why);
            }
        });
        return outcome;
    }

    private void succeeded(
            PaymentAttempt attempt,
            Succeeded paid,
            @Nullable Intent seen,
            Invoice invoice,
            Account account,
            LocalDate today) {
        var charged =
                MinorUnits.toAmount(seen == null ? attempt.amountMinor() : seen.amountMinor(), attempt.currency());
        // Where another amount was charged, the customer was faster, on the intent as an earlier attempt left it.
        var ours = seen == null || seen.amountMinor() == attempt.amountMinor();
        var end = ours ? AttemptStatus.SUCCEEDED : AttemptStatus.NOT_EXECUTED;
        if (!attempts.resolve(attempt, end, ours ? paid.charge() : null, null, clock.instant())) return;
        cash.receive(invoice, SettlementKind.CARD, charged, paid.intent(), clock.instant());
        mails.queue(
                NoticeKind.PAYMENT_SUCCEEDED,
                account,
                invoice,
                Integer.toString(attempt.n()),
                charged,
                Map.of("card", card(account, attempt.paymentMethod())));
        reactivation.after(invoice, today);
    }

    private void declined(
            PaymentAttempt attempt,
            AttemptStatus status,
            Decline decline,
            Invoice invoice,
            Account account,
            @Nullable LocalDate nextTry) {
        if (!attempts.resolve(attempt, status, decline.charge(), decline, clock.instant())) return;
        var more = new LinkedHashMap<String, @Nullable Object>();
        more.put("card", card(account, attempt.paymentMethod()));
        more.put("reason", Declines.sentence(decline));
        more.put("next_try_on", nextTry == null ? null : Wording.day(nextTry));
        mails.queue(
                status == AttemptStatus.NEEDS_CUSTOMER ? NoticeKind.ACTION_REQUIRED : NoticeKind.PAYMENT_FAILED,
                account,
                invoice,
                Integer.toString(attempt.n()),
                MinorUnits.toAmount(attempt.amountMinor(), attempt.currency()),
                more);
    }

    /** As an invoice below the minimum: nothing is due now, so that no dunning follows. */
    private void carry(Invoice invoice, Account account, LocalDate today) {
        mails.queueCarried(account, invoice, invoices.carry(invoice, clock.instant()));
        reactivation.after(invoice, today);
    }

    /** How a mail names the card that was charged. */
    public static String card(Account account, String paymentMethod) {
        var card = account.card();
        return card != null && card.paymentMethod().equals(paymentMethod) ? card.label() : "your card";
    }
}
