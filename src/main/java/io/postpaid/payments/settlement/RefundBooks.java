package io.postpaid.payments.settlement;

import io.postpaid.account.Account;
import io.postpaid.account.Accounts;
import io.postpaid.billing.invoicing.CreditNote;
import io.postpaid.billing.invoicing.CreditNotes;
import io.postpaid.credit.CreditLedger;
import io.postpaid.credit.LedgerAccount;
import io.postpaid.credit.Posting;
import io.postpaid.mail.Notice;
import io.postpaid.mail.NoticeKind;
import io.postpaid.mail.Outbox;
import io.postpaid.payments.charging.AttemptStore;
import io.postpaid.payments.charging.CashBook;
import io.postpaid.payments.charging.InvoiceMails;
import io.postpaid.payments.charging.Reactivation;
import io.postpaid.payments.settlement.Paid.Entries;
import io.postpaid.payments.settlement.Refund.RefundStatus;
import io.postpaid.payments.stripe.Installation;
import io.postpaid.payments.stripe.StripeBooks.SeenRefund;
import io.postpaid.payments.stripe.StripeEvent.Effect;
import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.platform.money.Amounts;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What becomes of the books by a refund: what it sets aside, gives out, and gets back where it fails. */
@Component
public class RefundBooks {
    private final RefundStore store;
    private final PaidStore paid;
    private final Installation installation;
    private final CashBook cash;
    private final CreditLedger ledger;
    private final CreditNotes notes;
    private final Reactivation reactivation;
    private final AttemptStore attempts;
    private final Accounts accounts;
    private final Outbox outbox;
    private final InvoiceMails mails;
    private final BillingClock clock;

    RefundBooks(
            RefundStore store,
            PaidStore paid,
            Installation installation,
            CashBook cash,
            CreditLedger ledger,
            CreditNotes notes,
            Reactivation reactivation,
            AttemptStore attempts,
            Accounts accounts,
            Outbox outbox,
            InvoiceMails mails,
            BillingClock clock) {
        this.store = store;
        this.paid = paid;
        this.installation = installation;
        this.cash = cash;
        this.ledger = ledger;
        this.notes = notes;
        this.reactivation = reactivation;
        this.attempts = attempts;
        this.accounts = accounts;
        this.outbox = outbox;
        this.mails = mails;
        this.clock = clock;
    }

    boolean isOf(long refund, SeenRefund seen) {
        return installation.id().equals(seen.metadata().get("installation"))
                && Long.toString(refund).equals(seen.metadata().get("refund"));
    }

    /** Writes down what Stripe shows of a refund, each state once, in the caller's transaction. */
    public Effect seen(SeenRefund seen) {
        var account = paid.accountOf(seen.intent());
        if (account.isEmpty()) return Effect.NONE;
        attempts.lockAccount(account.get());
        var of = paid.of(seen.intent()).orElseThrow();
        var refund = store.refund(seen.id())
                .or(() -> store.unresolvedRefund(of).filter(claimed -> isOf(claimed.id(), seen)))
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
        var refund = store.insert(of, seen.amount(), parts.taken(), parts.lost(), reason, seen.id(), clock.instant());
        setAside(of, refund);
        return refund;
    }

    void setAside(Paid of, Refund refund) {
        ledger.post(new Entries()
                .add(
                        refund.taken(),
                        amount -> of.take("refund-asked", LedgerAccount.REFUNDS_DUE, amount, "REFUND/" + refund.id()))
                .list());
    }

    /** What was set aside is there again. */
    void lift(Paid of, Refund refund) {
        ledger.post(new Entries()
                .add(
                        refund.taken(),
                        amount -> of.giveBack(
                                "refund-lifted", LedgerAccount.REFUNDS_DUE, amount, "REFUND/" + refund.id()))
                .list());
        settleWhatIsOpen(of);
    }

    /** The money has left: now the credit note is issued, and the customer hears of it. */
    private void succeeded(Paid of, Refund refund, SeenRefund seen) {
        var noted = refund.noted();
        @Nullable CreditNote note = null;
        if (noted.signum() > 0) {
            note = notes.issueForRefund(Objects.requireNonNull(of.invoice()), noted, refund.reason());
        }
        var reference = "REFUND/" + refund.id();
        ledger.post(new Entries()
                .add(noted, amount -> of.take("refund-asked", LedgerAccount.REFUNDS_DUE, amount, reference + "/noted"))
                .add(
                        refund.lost(),
                        amount -> of.move(
                                "refund-lost",
                                LedgerAccount.DISPUTE_LOSS,
                                LedgerAccount.REFUNDS_DUE,
                                amount,
                                reference))
                .add(refund.amount(), amount -> went(of, amount, seen))
                .list());
        store.succeeded(refund.id(), seen.id(), clock.instant());
        tell(of, refund, seen, note);
    }

    private static Posting went(Paid of, BigDecimal amount, SeenRefund seen) {
        return of.move("refunded", LedgerAccount.REFUNDS_DUE, LedgerAccount.CASH, amount, "REFUND/" + seen.id());
    }

    private static Posting cameBack(Paid of, BigDecimal amount, SeenRefund seen) {
        return of.move(
                "refund-failed", LedgerAccount.CASH, LedgerAccount.REFUNDS_DUE, amount, "REFUND_FAILED/" + seen.id());
    }

    private void tell(Paid of, Refund refund, SeenRefund seen, @Nullable CreditNote note) {
        var invoice = of.invoice();
        if (invoice == null) {
            var account = accounts.get(of.account());
            outbox.queue(new Notice(
                    account.id(),
                    NoticeKind.TOP_UP_REFUNDED,
                    "top-up/" + Objects.requireNonNull(of.topUp()).id() + "/" + seen.id(),
                    account.email(),
                    topUpView(of, account, refund),
                    null));
            return;
        }
        mails.queueWithNote(
                NoticeKind.PAYMENT_REFUNDED,
                invoice,
                invoice.issuedNumber() + "/" + seen.id(),
                refund.amount(),
                Map.of("reason", refund.reason()),
                note);
    }

    private static Map<String, Object> topUpView(Paid of, Account account, Refund refund) {
        return Map.of(
                "account", Map.of("name", account.name(), "id", account.id()),
                "reference", Objects.requireNonNull(of.topUp()).reference(),
                "amount", Amounts.text(refund.amount(), of.currency()),
                "reason", refund.reason());
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
        if (returned) {
            ledger.post(new Entries()
                    .add(had ? BigDecimal.ZERO : refund.amount(), amount -> went(of, amount, seen))
                    .add(refund.amount(), amount -> cameBack(of, amount, seen))
                    .list());
        }
        if (had) {
            ledger.post(new Entries()
                    .add(
                            refund.amount().subtract(refund.lost()),
                            amount -> of.giveBack(
                                    "refund-returned", LedgerAccount.REFUNDS_DUE, amount, "REFUND/" + refund.id()))
                    .add(
                            refund.lost(),
                            amount -> of.move(
                                    "refund-returned",
                                    LedgerAccount.REFUNDS_DUE,
                                    LedgerAccount.DISPUTE_LOSS,
                                    amount,
                                    "REFUND/" + refund.id() + "/lost"))
                    .list());
            settleWhatIsOpen(of);
        } else {
            lift(of, refund);
        }
        accounts.note(
                of.account(),
                "REFUND_FAILED",
                "the refund " + seen.id() + " of " + of.what() + " failed: what it took is there again");
        return Effect.REFUNDED;
    }

    private void settleWhatIsOpen(Paid of) {
        cash.useBalance(of.account(), of.currency(), clock.instant());
        reactivation.after(of.account(), of.what(), clock.today());
    }
}
