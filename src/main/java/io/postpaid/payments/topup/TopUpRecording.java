package io.postpaid.payments.topup;

import io.postpaid.account.Accounts;
import io.postpaid.billing.receipt.TopUpDocuments;
import io.postpaid.credit.CreditLedger;
import io.postpaid.credit.GrantKind;
import io.postpaid.credit.LedgerAccount;
import io.postpaid.credit.Posting;
import io.postpaid.mail.NoticeKind;
import io.postpaid.payments.charging.PaymentMails;
import io.postpaid.payments.stripe.Decline;
import io.postpaid.payments.stripe.Intent;
import io.postpaid.payments.stripe.PaymentOutcome.NeedsCustomer;
import io.postpaid.payments.stripe.PaymentOutcome.Succeeded;
import io.postpaid.payments.topup.TopUp.Status;
import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.platform.money.Amounts;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Writes down the end of a top-up with all that follows from it, once, in the caller's transaction. */
@Component
public class TopUpRecording {
    private final TopUpStore store;
    private final Accounts accounts;
    private final CreditLedger ledger;
    private final TopUpDocuments documents;
    private final PaymentMails mails;
    private final AutomaticSettings automatic;
    private final BillingClock clock;

    TopUpRecording(
            TopUpStore store,
            Accounts accounts,
            CreditLedger ledger,
            TopUpDocuments documents,
            PaymentMails mails,
            AutomaticSettings automatic,
            BillingClock clock) {
        this.store = store;
        this.accounts = accounts;
        this.ledger = ledger;
        this.documents = documents;
        this.mails = mails;
        this.automatic = automatic;
        this.clock = clock;
    }

    /**
     * @param closed its intent, or null if there is none
     * @return whether this was the end
     */
    public boolean record(TopUp topUp, @Nullable Intent closed) {
        accounts.locked(topUp.account());
        var now = store.get(topUp.id());
        if (now.resolved()) return false;
        if (closed != null && closed.outcome() instanceof Succeeded paid) {
            succeeded(now, paid);
        } else if (closed == null || closed.status().equals("canceled")) {
            var decline = now.decline() != null || closed == null ? now.decline() : closed.lastError();
            store.ended(now.id(), status(decline), decline, clock.instant());
            // One that was not wanted any more is no failure.
            if (now.automatic() && (decline != null || automatic.wanted(now.account()))) turnOff(store.get(now.id()));
        } else {
            store.unknown(now.id(), "Stripe shows " + closed.id() + " as " + closed.status());
            return false;
        }
        return true;
    }

    /** Whoever is declined is not tried again and again. */
    private void turnOff(TopUp failed) {
        var account = failed.account();
        if (!automatic.turnOff(account, failed.reason())) return;
        mails.queue(
                NoticeKind.AUTOMATIC_TOP_UP_OFF,
                account,
                "top-up/" + failed.id(),
                Map.of(
                        "card", PaymentMails.card(accounts.get(account), failed.paymentMethod()),
                        "amount", Amounts.text(failed.total(), failed.currency()),
                        "reason", failed.reason()));
    }

    private static Status status(@Nullable Decline decline) {
        if (decline == null) return Status.NOT_EXECUTED;
        return decline.outcome() instanceof NeedsCustomer ? Status.NEEDS_CUSTOMER : Status.DECLINED;
    }

    private void succeeded(TopUp topUp, Succeeded paid) {
        var account = topUp.account();
        var grant = ledger.grant(account, topUp.amount(), GrantKind.TOP_UP, null);
        if (topUp.tax().signum() > 0) ledger.post(List.of(tax(topUp)));
        // The event of its success names it.
        var invoice = documents.invoice(topUp.id(), account, topUp.price(), topUp.paymentMethod());
        store.succeeded(topUp.id(), paid.charge(), grant.id(), clock.instant());
        var currency = topUp.currency();
        var view = new HashMap<String, @Nullable Object>(Map.of(
                "card", PaymentMails.card(accounts.get(account), topUp.paymentMethod()),
                "reference", topUp.reference(),
                "amount", Amounts.text(topUp.amount(), currency),
                "total", Amounts.text(topUp.total(), currency),
                "number", invoice.number(),
                "balance", Amounts.text(ledger.balance(account, clock.today()), currency)));
        view.put(
                "tax",
                topUp.tax().signum() == 0
                        ? null
                        : Map.of("label", invoice.tax().label(), "amount", Amounts.text(topUp.tax(), currency)));
        mails.queueWithDocument(NoticeKind.TOP_UP_SUCCEEDED, account, "top-up/" + topUp.id(), view, invoice.pdfFile());
    }

    private static Posting tax(TopUp topUp) {
        return Posting.of(
                topUp.account(),
                "top-up-tax",
                LedgerAccount.CASH,
                LedgerAccount.TAX,
                topUp.tax(),
                topUp.currency(),
                null,
                null,
                "TOP_UP/" + topUp.id());
    }
}
