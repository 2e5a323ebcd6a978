package io.postpaid.payment;

import io.postpaid.calendar.BillingClock;
import io.postpaid.invoicing.Invoice;
import io.postpaid.invoicing.InvoiceStatus;
import io.postpaid.invoicing.Invoices;
import io.postpaid.invoicing.SettlementKind;
import io.postpaid.payment.StripeBooks.SeenDispute;
import io.postpaid.payment.StripeEvent.Effect;
import java.util.Set;
import org.springframework.stereotype.Component;

/** Charges that the cardholder's bank takes back: opened, won or lost, each once. */
@Component
class Disputes {
    /** An inquiry ({@code warning_…}) has moved no money yet. */
    private static final Set<String> MOVED_MONEY = Set.of("needs_response", "under_review", "won", "lost");

    private final SettlementStore store;
    private final CashBook cash;
    private final AttemptStore attempts;
    private final Recording recording;
    private final Invoices invoices;
    private final CollectionPolicy policy;
    private final BillingClock clock;

    Disputes(
            SettlementStore store,
            CashBook cash,
            AttemptStore attempts,
            Recording recording,
            Invoices invoices,
            CollectionPolicy policy,
            BillingClock clock) {
        this.store = store;
        this.cash = cash;
        this.attempts = attempts;
        this.recording = recording;
        this.invoices = invoices;
        this.policy = policy;
        this.clock = clock;
    }

    /** Writes down what Stripe shows of a dispute, in the caller's transaction; what is closed stays as it is. */
    Effect seen(SeenDispute seen) {
        var paid = store.invoicePaidBy(seen.intent());
        if (paid.isEmpty() || !MOVED_MONEY.contains(seen.status())) return Effect.NONE;
        attempts.lockAccount(invoices.get(paid.get()).account());
        var effect = Effect.NONE;
        if (store.dispute(seen.id()).isEmpty()) {
            open(seen, invoices.get(paid.get()));
            effect = Effect.DISPUTE_OPENED;
        }
        var closed = seen.status().equals("won") || seen.status().equals("lost");
        if (closed && store.dispute(seen.id()).orElseThrow().status().equals("UNDER_REVIEW")) {
            close(seen, invoices.get(paid.get()));
            effect = Effect.DISPUTE_CLOSED;
        }
        return effect;
    }

    private void open(SeenDispute seen, Invoice invoice) {
        store.openDispute(seen.id(), invoice.id(), seen.amount(), seen.reason(), clock.instant());
        cash.giveBack(invoice, SettlementKind.DISPUTE, seen.amount(), seen.id(), clock.instant());
        tell(
                invoice,
                "CHARGE_DISPUTED",
                "the payment of invoice " + invoice.number() + " is disputed: " + seen.reason());
    }

    private void close(SeenDispute seen, Invoice invoice) {
        var today = clock.today();
        if (seen.status().equals("won")) {
            store.closeDispute(seen.id(), "WON", clock.instant());
            cash.receive(invoice, SettlementKind.DISPUTE_WON, seen.amount(), seen.id(), clock.instant());
            tell(invoice, "DISPUTE_WON", "the payment of invoice " + invoice.number() + " is ours again");
            recording.reactivate(invoice, today);
        } else {
            store.closeDispute(seen.id(), "LOST", clock.instant());
            tell(invoice, "DISPUTE_LOST", "the payment of invoice " + invoice.number() + " is gone for good");
            var open = invoices.openAmount(invoice);
            if (policy.writeOffLostDisputes() && invoice.status() == InvoiceStatus.OPEN && open.signum() > 0) {
                invoices.settle(invoice.id(), SettlementKind.WRITE_OFF, open, invoice.issuedNumber(), clock.instant());
                recording.reactivate(invoice, today);
            }
        }
    }

    private void tell(Invoice invoice, String event, String detail) {
        attempts.tell(invoice.account(), event, detail, clock.instant());
    }
}
