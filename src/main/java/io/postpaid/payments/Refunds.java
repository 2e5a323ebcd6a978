package io.postpaid.payments;

import io.postpaid.account.Account;
import io.postpaid.account.Accounts;
import io.postpaid.billing.invoicing.CreditNote;
import io.postpaid.billing.invoicing.CreditNotes;
import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.credit.CreditLedger;
import io.postpaid.credit.LedgerAccount;
import io.postpaid.credit.Posting;
import io.postpaid.mail.Notice;
import io.postpaid.mail.NoticeKind;
import io.postpaid.mail.Outbox;
import io.postpaid.payments.Paid.Entries;
import io.postpaid.payments.PaymentGateway.NoAnswerException;
import io.postpaid.payments.PaymentGateway.RefusedException;
import io.postpaid.payments.Refund.RefundStatus;
import io.postpaid.payments.StripeBooks.SeenRefund;
import io.postpaid.payments.StripeEvent.Effect;
import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.platform.money.Amounts;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Money given back through Stripe: claim, give back, record, each committed before the next begins, as with charges. The
 * claim sets aside what is unspent of the payment; credit note, mail and money follow when the refund has succeeded. A refund
 * that was made in Stripe's dashboard begins with the record.
 */
@Component
class Refunds {
    private final SettlementStore store;
    private final PaidStore paid;
    private final StripeBooks stripe;
    private final Installation installation;
    private final CashBook cash;
    private final CreditLedger ledger;
    private final CreditNotes notes;
    private final Recording recording;
    private final AttemptStore attempts;
    private final Accounts accounts;
    private final Outbox outbox;
    private final InvoiceViews views;
    private final TransactionTemplate transaction;
    private final BillingClock clock;

    Refunds(
            SettlementStore store,
            PaidStore paid,
            StripeBooks stripe,
            Installation installation,
            CashBook cash,
            CreditLedger ledger,
            CreditNotes notes,
            Recording recording,
            AttemptStore attempts,
            Accounts accounts,
            Outbox outbox,
            InvoiceViews views,
            PlatformTransactionManager transactions,
            BillingClock clock) {
        this.store = store;
        this.paid = paid;
        this.stripe = stripe;
        this.installation = installation;
        this.cash = cash;
        this.ledger = ledger;
        this.notes = notes;
        this.recording = recording;
        this.attempts = attempts;
        this.accounts = accounts;
        this.outbox = outbox;
        this.views = views;
        this.transaction = new TransactionTemplate(transactions);
        this.clock = clock;
    }

    /** Gives back what was paid by card for an invoice. */
    Refund refund(Invoice invoice, BigDecimal amount, String reason) {
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
    Refund refund(TopUp topUp, BigDecimal amount, String reason) {
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
        var claimed = Objects.requireNonNull(transaction.execute(status -> {
            attempts.lockAccount(account);
            var of = facts.get();
            store.unresolvedRefund(of).ifPresent(Refunds::mustBeKnown);
            mustBeLeft(of, amount);
            var parts = of.facts().refund(amount);
            var refund = store.claim(of, amount, parts.taken(), reason, clock.instant());
            setAside(of, refund);
            return refund;
        }));
        return execute(claimed);
    }

    private void mustBeLeft(Paid of, BigDecimal amount) {
        var facts = of.facts();
        var owed = store.lockBalance(of.account(), of.currency()).owed();
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
            transaction.executeWithoutResult(status -> seen(seen));
        } catch (NoAnswerException e) {
            store.unknown(claimed.id(), e.getMessage());
        } catch (RefusedException e) {
            // Under a key that was used before, this tells nothing of what that use did.
            if (e.code().equals("idempotency_error")) {
                store.unknown(claimed.id(), e.getMessage());
            } else {
                refused(claimed, e.getMessage());
            }
        }
        return store.refund(claimed.id()).orElseThrow();
    }

    /** Finds out what became of a refund: by its key while Stripe knows it, by a look at the intent's refunds later. */
    Refund resolve(Refund unresolved) {
        if (unresolved.status() == RefundStatus.PENDING) return look(unresolved);
        if (installation.keyLives(unresolved.claimedAt(), clock.instant())) return execute(unresolved);
        try {
            var found = stripe.refundsOfIntent(paid.of(unresolved).intent()).stream()
                    .filter(refund -> isOf(unresolved.id(), refund))
                    .findFirst();
            if (found.isPresent()) {
                transaction.executeWithoutResult(status -> seen(found.get()));
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
            transaction.executeWithoutResult(status -> seen(seen));
        } catch (NoAnswerException silent) {
            store.waits(pending.id(), silent.getMessage());
        }
        return store.refund(pending.id()).orElseThrow();
    }

    private boolean isOf(long refund, SeenRefund seen) {
        return installation.id().equals(seen.metadata().get("installation"))
                && Long.toString(refund).equals(seen.metadata().get("refund"));
    }

    private void refused(Refund claimed, String why) {
        // Asked before: what is given back locks the balance, and the account comes before it.
        var account = paid.of(claimed).account();
        transaction.executeWithoutResult(status -> {
            attempts.lockAccount(account);
            if (!store.resolve(claimed.id(), RefundStatus.REFUSED, null, why, clock.instant())) return;
            lift(paid.of(claimed), claimed);
        });
    }

    /** Writes down what Stripe shows of a refund, each state once, in the caller's transaction. */
    Effect seen(SeenRefund seen) {
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

    private void setAside(Paid of, Refund refund) {
        ledger.post(new Entries()
                .add(
                        refund.taken(),
                        amount -> of.take("refund-asked", LedgerAccount.REFUNDS_DUE, amount, "REFUND/" + refund.id()))
                .list());
    }

    /** What was set aside is there again. */
    private void lift(Paid of, Refund refund) {
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
        var account = accounts.get(of.account());
        var invoice = of.invoice();
        if (invoice == null) {
            outbox.queue(new Notice(
                    account.id(),
                    NoticeKind.TOP_UP_REFUNDED,
                    "top-up/" + Objects.requireNonNull(of.topUp()).id() + "/" + seen.id(),
                    account.email(),
                    topUpView(of, account, refund),
                    null));
            return;
        }
        var view = new LinkedHashMap<String, @Nullable Object>(views.of(invoice, account, refund.amount()));
        view.put("credit_note", note == null ? null : note.number());
        view.put("reason", refund.reason());
        outbox.queue(new Notice(
                account.id(),
                NoticeKind.PAYMENT_REFUNDED,
                invoice.issuedNumber() + "/" + seen.id(),
                account.email(),
                view,
                note == null ? null : note.pdfFile()));
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
        recording.reactivate(of.account(), of.what(), clock.today());
    }
}
