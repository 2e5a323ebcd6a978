package io.postpaid.payment;

import io.postpaid.account.Accounts;
import io.postpaid.calendar.BillingClock;
import io.postpaid.invoicing.CreditNotes;
import io.postpaid.invoicing.Invoice;
import io.postpaid.invoicing.Invoices;
import io.postpaid.invoicing.SettlementKind;
import io.postpaid.mail.Notice;
import io.postpaid.mail.NoticeKind;
import io.postpaid.mail.Outbox;
import io.postpaid.payment.PaymentGateway.NoAnswerException;
import io.postpaid.payment.PaymentGateway.RefusedException;
import io.postpaid.payment.Refund.RefundStatus;
import io.postpaid.payment.StripeBooks.SeenRefund;
import io.postpaid.payment.StripeEvent.Effect;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Money given back through Stripe: claim, give back, record, each committed before the next begins, as with charges. A
 * refund that was made in Stripe's dashboard begins with the record.
 */
@Component
class Refunds {
    private final SettlementStore store;
    private final StripeBooks stripe;
    private final Installation installation;
    private final CashBook cash;
    private final CreditNotes notes;
    private final AttemptStore attempts;
    private final Accounts accounts;
    private final Invoices invoices;
    private final Outbox outbox;
    private final InvoiceViews views;
    private final TransactionTemplate transaction;
    private final BillingClock clock;

    Refunds(
            SettlementStore store,
            StripeBooks stripe,
            Installation installation,
            CashBook cash,
            CreditNotes notes,
            AttemptStore attempts,
            Accounts accounts,
            Invoices invoices,
            Outbox outbox,
            InvoiceViews views,
            PlatformTransactionManager transactions,
            BillingClock clock) {
        this.store = store;
        this.stripe = stripe;
        this.installation = installation;
        this.cash = cash;
        this.notes = notes;
        this.attempts = attempts;
        this.accounts = accounts;
        this.invoices = invoices;
        this.outbox = outbox;
        this.views = views;
        this.transaction = new TransactionTemplate(transactions);
        this.clock = clock;
    }

    /**
     * Gives money back that was paid by card. What is not known of an earlier refund of the invoice comes first; if it
     * was of the same amount, this is the same refund asked for again.
     */
    Refund refund(Invoice invoice, BigDecimal amount, String reason) {
        var earlier = unresolvedOf(invoice);
        if (earlier.isPresent()) {
            var resolved = resolve(earlier.get());
            mustBeKnown(resolved);
            if (resolved.status() != RefundStatus.REFUSED && resolved.amount().compareTo(amount) == 0) return resolved;
        }
        var claimed = Objects.requireNonNull(transaction.execute(status -> {
            attempts.lockAccount(invoice.account());
            unresolvedOf(invoice).ifPresent(Refunds::mustBeKnown);
            var paid = store.paidByCard(invoice.id());
            if (amount.compareTo(paid) > 0) {
                throw new IllegalArgumentException("Of invoice " + invoice.number() + " " + paid + " "
                        + invoice.currency() + " is paid by card and not given back, so " + amount.toPlainString()
                        + " cannot be refunded");
            }
            return store.claim(invoice.id(), amount, reason, clock.instant());
        }));
        return execute(claimed);
    }

    private Optional<Refund> unresolvedOf(Invoice invoice) {
        return store.unresolvedRefunds().stream()
                .filter(refund -> refund.invoice() == invoice.id())
                .findFirst();
    }

    private static void mustBeKnown(Refund earlier) {
        if (earlier.status() == RefundStatus.UNKNOWN || earlier.status() == RefundStatus.CLAIMED) {
            throw new IllegalStateException("It is not known yet whether an earlier refund of " + earlier.amount()
                    + " was made (" + Objects.requireNonNullElse(earlier.message(), "it has just begun")
                    + "): run the command again, or leave it to the next nightly run. Nothing else was refunded");
        }
    }

    private Refund execute(Refund claimed) {
        var invoice = invoices.get(claimed.invoice());
        try {
            var seen = stripe.giveBack(
                    installation.key("refund/" + claimed.id()),
                    store.intentPaying(claimed.invoice()),
                    MinorUnits.of(claimed.amount(), invoice.currency()),
                    Map.of(
                            "refund", Long.toString(claimed.id()),
                            "invoice", invoice.issuedNumber(),
                            "installation", installation.id()));
            transaction.executeWithoutResult(status -> seen(seen));
        } catch (NoAnswerException e) {
            store.unknown(claimed.id(), e.getMessage());
        } catch (RefusedException e) {
            // Under a key that was used before, this tells nothing of what that use did.
            if (e.code().equals("idempotency_error")) {
                store.unknown(claimed.id(), e.getMessage());
            } else {
                store.resolve(claimed.id(), RefundStatus.REFUSED, null, e.getMessage(), clock.instant());
            }
        }
        return store.refund(claimed.id()).orElseThrow();
    }

    /** Finds out what became of a refund: by its key while Stripe knows it, by a look at the intent's refunds later. */
    Refund resolve(Refund unresolved) {
        if (installation.keyLives(unresolved.claimedAt(), clock.instant())) return execute(unresolved);
        try {
            var found = stripe.refundsOfIntent(store.intentPaying(unresolved.invoice())).stream()
                    .filter(refund -> isOf(unresolved.id(), refund))
                    .findFirst();
            if (found.isPresent()) {
                transaction.executeWithoutResult(status -> seen(found.get()));
            } else {
                store.resolve(unresolved.id(), RefundStatus.REFUSED, null, "It never reached Stripe", clock.instant());
            }
        } catch (NoAnswerException e) {
            store.unknown(unresolved.id(), e.getMessage());
        }
        return store.refund(unresolved.id()).orElseThrow();
    }

    private boolean isOf(long refund, SeenRefund seen) {
        return installation.id().equals(seen.metadata().get("installation"))
                && Long.toString(refund).equals(seen.metadata().get("refund"));
    }

    /** Writes down what Stripe shows of a refund, once, in the caller's transaction. */
    Effect seen(SeenRefund seen) {
        var paying = store.invoicePaidBy(seen.intent());
        if (paying.isEmpty()) return Effect.NONE;
        var account = invoices.get(paying.get()).account();
        attempts.lockAccount(account);
        var invoice = invoices.get(paying.get());
        var known = store.refund(seen.id());
        if (seen.failed())
            return known.map(refund -> cameBack(refund, seen, invoice)).orElse(Effect.NONE);
        if (known.isPresent()) return Effect.NONE;
        var claimed = store.unresolvedRefunds().stream()
                .filter(refund -> refund.invoice() == invoice.id() && isOf(refund.id(), seen))
                .findFirst();
        var reason = claimed.map(Refund::reason)
                .orElse(
                        seen.reason().isEmpty()
                                ? "Refunded at Stripe"
                                : seen.reason().replace('_', ' '));
        if (claimed.isPresent()) {
            store.resolve(claimed.get().id(), RefundStatus.SUCCEEDED, seen.id(), null, clock.instant());
        } else {
            store.insert(invoice.id(), seen.amount(), reason, seen.id(), clock.instant());
        }
        moneyWent(seen, invoice, reason);
        return Effect.REFUNDED;
    }

    /** What was paid is given back together with what was owed for it, by a credit note. */
    private void moneyWent(SeenRefund seen, Invoice invoice, String reason) {
        var opened = cash.giveBack(invoice, SettlementKind.REFUND, seen.amount(), seen.id(), clock.instant());
        var noted = opened.min(notes.creditable(invoice));
        @Nullable String note = null;
        @Nullable String file = null;
        if (noted.signum() > 0) {
            var issued = notes.issue(invoice.id(), noted, reason);
            note = issued.number();
            file = issued.pdfFile();
        }
        var account = accounts.get(invoice.account());
        var view = new LinkedHashMap<String, @Nullable Object>(views.of(invoice, account, seen.amount()));
        view.put("credit_note", note);
        view.put("reason", reason);
        outbox.queue(new Notice(
                account.id(),
                NoticeKind.PAYMENT_REFUNDED,
                invoice.issuedNumber() + "/" + seen.id(),
                account.email(),
                view,
                file));
    }

    /** The customer's bank did not take it: what is owed to him is credit from now on. */
    private Effect cameBack(Refund refund, SeenRefund seen, Invoice invoice) {
        if (!store.failed(refund.id(), "Stripe shows it as " + seen.status())) return Effect.NONE;
        cash.keep(invoice, "REFUND_FAILED", refund.amount(), seen.id(), clock.instant());
        attempts.tell(
                invoice.account(),
                "REFUND_FAILED",
                "the refund " + seen.id() + " of invoice " + invoice.number() + " came back and is credit now",
                clock.instant());
        return Effect.REFUNDED;
    }
}
