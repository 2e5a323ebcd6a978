package io.postpaid.payments.charging;

import io.postpaid.account.Account;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.billing.invoicing.SettlementKind;
import io.postpaid.payments.charging.AttemptBatches.Seen;
import io.postpaid.payments.stripe.MinorUnits;
import io.postpaid.payments.stripe.PaymentOutcome.Succeeded;
import io.postpaid.platform.calendar.BillingClock;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.stereotype.Component;

/** Writes down many successes with all that follows from them, in one transaction. */
@Component
class PaidTogether {
    private final AttemptBatches attempts;
    private final AccountLock lock;
    private final Invoices invoices;
    private final Reactivation reactivation;
    private final PaymentMails mails;
    private final BillingClock clock;

    PaidTogether(
            AttemptBatches attempts,
            AccountLock lock,
            Invoices invoices,
            Reactivation reactivation,
            PaymentMails mails,
            BillingClock clock) {
        this.attempts = attempts;
        this.lock = lock;
        this.invoices = invoices;
        this.reactivation = reactivation;
        this.mails = mails;
        this.clock = clock;
    }

    /**
     * Payments of just what is open of their invoices, which is nearly all, in one transaction.
     *
     * @return those that are something else
     */
    List<Seen> record(List<Seen> seen, LocalDate today) {
        var paid = seen.stream()
                .filter(one -> one.intent().outcome() instanceof Succeeded
                        && one.intent().amountMinor() == one.claim().attempt().amountMinor())
                .toList();
        var others = new ArrayList<>(seen);
        if (!paid.isEmpty()) {
            lock.holdAll(
                    paid.stream().map(one -> one.claim().invoice().account()).toList(), accounts -> {
                        var open = attempts.lockOpen(paid.stream()
                                .map(one -> one.claim().invoice().id())
                                .toList());
                        var whole = paid.stream()
                                .filter(one -> {
                                    var due = open.get(one.claim().invoice().id());
                                    return due != null && due.compareTo(amount(one)) == 0;
                                })
                                .toList();
                        paid(whole, accounts, today);
                        others.removeAll(whole);
                    });
        }
        return others;
    }

    private static BigDecimal amount(Seen paid) {
        return MinorUnits.toAmount(
                paid.intent().amountMinor(), paid.claim().invoice().currency());
    }

    private void paid(List<Seen> whole, Map<String, Account> accounts, LocalDate today) {
        var now = clock.instant();
        var ended = attempts.succeeded(whole, now);
        var ours = whole.stream()
                .filter(one -> ended.contains(one.claim().attempt().id()))
                .toList();
        invoices.payInFull(
                SettlementKind.CARD,
                ours.stream()
                        .map(one -> new Invoices.Payment(
                                one.claim().invoice(), amount(one), one.intent().id()))
                        .toList(),
                now);
        mails.paid(ours, accounts);
        for (var one : ours) {
            var invoice = one.claim().invoice();
            reactivation.after(
                    Objects.requireNonNull(accounts.get(invoice.account())), "invoice " + invoice.number(), today);
        }
    }
}
