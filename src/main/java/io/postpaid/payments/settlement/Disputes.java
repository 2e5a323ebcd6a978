package io.postpaid.payments.settlement;

import static io.postpaid.credit.LedgerAccount.BALANCE;
import static io.postpaid.credit.LedgerAccount.CASH;
import static io.postpaid.credit.LedgerAccount.DISPUTES_PENDING;
import static io.postpaid.credit.LedgerAccount.DISPUTE_LOSS;
import static io.postpaid.credit.LedgerAccount.SHORTFALL;

import io.postpaid.account.Accounts;
import io.postpaid.payments.charging.CashBook;
import io.postpaid.payments.charging.CollectionPolicy;
import io.postpaid.payments.settlement.DisputeStore.DisputeRow;
import io.postpaid.payments.stripe.StripeBooks.SeenDispute;
import io.postpaid.payments.stripe.StripeEvent.Effect;
import io.postpaid.platform.calendar.BillingClock;
import java.math.BigDecimal;
import java.util.Set;
import org.springframework.stereotype.Component;

/**
 * Charges that the cardholder's bank takes back: opened, won or lost, each once. What is unspent of the payment is taken back
 * at once. What a top-up's credit was used for is owed; what an invoice was paid with is a loss if the dispute is lost, or,
 * by a setting, owed again.
 */
@Component
public class Disputes {
    /** An inquiry ({@code warning_…}) has moved no money yet. */
    private static final Set<String> MOVED_MONEY = Set.of("needs_response", "under_review", "won", "lost");

    private final DisputeStore store;
    private final PaidStore paid;
    private final CashBook cash;
    private final Accounts accounts;
    private final Papers papers;
    private final CollectionPolicy policy;
    private final BillingClock clock;

    Disputes(
            DisputeStore store,
            PaidStore paid,
            CashBook cash,
            Accounts accounts,
            Papers papers,
            CollectionPolicy policy,
            BillingClock clock) {
        this.store = store;
        this.paid = paid;
        this.cash = cash;
        this.accounts = accounts;
        this.papers = papers;
        this.policy = policy;
        this.clock = clock;
    }

    /** Whether a dispute is closed, which stays so. */
    public boolean closed(String id) {
        return store.find(id).filter(known -> !known.underReview()).isPresent();
    }

    /** Writes down what Stripe shows of a dispute, in the caller's transaction; what is closed stays as it is. */
    public Effect seen(SeenDispute seen) {
        var account = paid.accountOf(seen.intent());
        if (account.isEmpty() || !MOVED_MONEY.contains(seen.status())) return Effect.NONE;
        accounts.locked(account.get());
        var effect = Effect.NONE;
        if (store.find(seen.id()).isEmpty()) {
            open(seen, paid.of(seen.intent()).orElseThrow());
            effect = Effect.DISPUTE_OPENED;
        }
        var known = store.find(seen.id()).orElseThrow();
        boolean won = seen.status().equals("won");
        if (!known.underReview() || !won && !seen.status().equals("lost")) return effect;
        var of = paid.of(seen.intent()).orElseThrow();
        if (won) {
            won(known, of);
        } else {
            lost(known, of);
        }
        return Effect.DISPUTE_CLOSED;
    }

    private void open(SeenDispute seen, Paid of) {
        var parts = of.facts().dispute(seen.amount());
        var owed = of.topUp() == null ? BigDecimal.ZERO : parts.given();
        store.open(seen, of, parts.taken(), owed, clock.instant());
        var known = store.find(seen.id()).orElseThrow();
        paid.post(of.entries("DISPUTE/" + seen.id())
                .move("disputed", DISPUTES_PENDING, CASH, seen.amount())
                .move("dispute-taken", of.unspent(), DISPUTES_PENDING, known.setAside())
                .move("dispute-owed", SHORTFALL, DISPUTES_PENDING, owed));
        // What is on the account's balance pays at once what it owes now.
        cash.useBalance(of.account(), of.currency());
        note(of, "CHARGE_DISPUTED", "the payment of " + of.what() + " is disputed: " + seen.reason());
        if (of.topUp() != null) {
            paid.stopBuying(of, "The payment of a top-up is disputed.");
            papers.disputed(of, known);
        }
    }

    /** All is as it was; what was paid meanwhile of what was owed goes to the account balance. */
    private void won(DisputeRow known, Paid of) {
        var stillOwed = paid.owed(of).min(known.owed());
        store.close(known.id(), "WON", known.owed(), clock.instant());
        paid.post(of.entries("DISPUTE_WON/" + known.id())
                .move("restored", CASH, DISPUTES_PENDING, known.amount())
                .move("dispute-returned", DISPUTES_PENDING, of.unspent(), known.setAside())
                .move("dispute-owed", DISPUTES_PENDING, SHORTFALL, stillOwed)
                .move("restored", DISPUTES_PENDING, BALANCE, known.owed().subtract(stillOwed), "/paid"));
        note(of, "DISPUTE_WON", "the payment of " + of.what() + " is ours again");
        cash.settleOpen(of.account(), of.currency(), of.what(), clock.today());
    }

    private void lost(DisputeRow known, Paid of) {
        var pending = known.amount().subtract(known.taken()).subtract(known.owed());
        var invoice = of.invoice();
        var again = invoice == null || policy.writeOffLostDisputes() ? BigDecimal.ZERO : owable(of, pending);
        store.close(known.id(), "LOST", known.owed().add(again), clock.instant());
        if (invoice != null && again.signum() > 0) {
            // Dunning begins anew, so what it has done for the invoice is forgotten.
            store.forgetDunning(invoice.id());
            cash.owedAgain(invoice, again, known.id());
        }
        paid.post(of.entries("DISPUTE/" + known.id())
                .move("dispute-lost", DISPUTE_LOSS, DISPUTES_PENDING, pending.subtract(again)));
        papers.lost(of, known);
        note(of, "DISPUTE_LOST", "the payment of " + of.what() + " is gone for good");
    }

    /** What the bank took and was not given back before: the pending amount itself does not count against that. */
    private static BigDecimal owable(Paid of, BigDecimal pending) {
        var facts = of.facts();
        return pending.min(facts.billed()
                .subtract(facts.credited())
                .subtract(facts.writtenOff())
                .subtract(facts.reserved())
                .subtract(facts.corrected())
                .subtract(facts.banked().subtract(pending))
                .max(BigDecimal.ZERO));
    }

    private void note(Paid of, String event, String detail) {
        accounts.note(of.account(), event, detail);
    }
}
