package io.postpaid.payments.settlement;

import io.postpaid.account.Accounts;
import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.billing.invoicing.SettlementKind;
import io.postpaid.credit.CreditLedger;
import io.postpaid.credit.LedgerAccount;
import io.postpaid.mail.Notice;
import io.postpaid.mail.NoticeKind;
import io.postpaid.mail.Outbox;
import io.postpaid.payments.charging.AttemptStore;
import io.postpaid.payments.charging.CashBook;
import io.postpaid.payments.charging.CashStore;
import io.postpaid.payments.charging.CollectionPolicy;
import io.postpaid.payments.charging.Reactivation;
import io.postpaid.payments.settlement.DisputeStore.DisputeRow;
import io.postpaid.payments.settlement.Paid.Entries;
import io.postpaid.payments.stripe.StripeBooks.SeenDispute;
import io.postpaid.payments.stripe.StripeEvent.Effect;
import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.platform.money.Amounts;
import java.math.BigDecimal;
import java.util.Map;
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
    private final CashStore balances;
    private final PaidStore paid;
    private final CashBook cash;
    private final CreditLedger ledger;
    private final AttemptStore attempts;
    private final Reactivation reactivation;
    private final Accounts accounts;
    private final Invoices invoices;
    private final Outbox outbox;
    private final CollectionPolicy policy;
    private final BillingClock clock;

    Disputes(
            DisputeStore store,
            CashStore balances,
            PaidStore paid,
            CashBook cash,
            CreditLedger ledger,
            AttemptStore attempts,
            Reactivation reactivation,
            Accounts accounts,
            Invoices invoices,
            Outbox outbox,
            CollectionPolicy policy,
            BillingClock clock) {
        this.store = store;
        this.balances = balances;
        this.paid = paid;
        this.cash = cash;
        this.ledger = ledger;
        this.attempts = attempts;
        this.reactivation = reactivation;
        this.accounts = accounts;
        this.invoices = invoices;
        this.outbox = outbox;
        this.policy = policy;
        this.clock = clock;
    }

    /** Writes down what Stripe shows of a dispute, in the caller's transaction; what is closed stays as it is. */
    public Effect seen(SeenDispute seen) {
        var account = paid.accountOf(seen.intent());
        if (account.isEmpty() || !MOVED_MONEY.contains(seen.status())) return Effect.NONE;
        attempts.lockAccount(account.get());
        var effect = Effect.NONE;
        if (store.dispute(seen.id()).isEmpty()) {
            open(seen, paid.of(seen.intent()).orElseThrow());
            effect = Effect.DISPUTE_OPENED;
        }
        var closed = seen.status().equals("won") || seen.status().equals("lost");
        var known = store.dispute(seen.id()).orElseThrow();
        if (closed && known.status().equals("UNDER_REVIEW")) {
            close(seen, known, paid.of(seen.intent()).orElseThrow());
            effect = Effect.DISPUTE_CLOSED;
        }
        return effect;
    }

    private void open(SeenDispute seen, Paid of) {
        var parts = of.facts().dispute(seen.amount());
        var owed = of.topUp() == null ? BigDecimal.ZERO : parts.given();
        var reference = "DISPUTE/" + seen.id();
        store.openDispute(seen.id(), of, seen.amount(), parts.taken(), owed, seen.reason(), clock.instant());
        ledger.post(new Entries()
                .add(
                        seen.amount(),
                        amount -> of.move(
                                "disputed", LedgerAccount.DISPUTES_PENDING, LedgerAccount.CASH, amount, reference))
                .add(
                        parts.taken(),
                        amount -> of.take("dispute-taken", LedgerAccount.DISPUTES_PENDING, amount, reference))
                .add(
                        owed,
                        amount -> of.move(
                                "dispute-owed",
                                LedgerAccount.SHORTFALL,
                                LedgerAccount.DISPUTES_PENDING,
                                amount,
                                reference))
                .list());
        // What is on the account's balance pays at once what it owes now.
        cash.useBalance(of.account(), of.currency(), clock.instant());
        tell(of, "CHARGE_DISPUTED", "the payment of " + of.what() + " is disputed: " + seen.reason());
        if (of.topUp() != null) mail(seen, of, parts.taken(), owed);
    }

    private void mail(SeenDispute seen, Paid of, BigDecimal taken, BigDecimal owed) {
        var account = accounts.get(of.account());
        outbox.queue(new Notice(
                account.id(),
                NoticeKind.TOP_UP_DISPUTED,
                "dispute/" + seen.id(),
                account.email(),
                Map.of(
                        "account", Map.of("name", account.name(), "id", account.id()),
                        "reference", of.topUp() == null ? "" : of.topUp().reference(),
                        "amount", Amounts.text(seen.amount(), of.currency()),
                        "taken", Amounts.text(taken, of.currency()),
                        "owed", owed.signum() == 0 ? "" : Amounts.text(owed, of.currency())),
                null));
    }

    private void close(SeenDispute seen, DisputeRow known, Paid of) {
        if (seen.status().equals("won")) {
            won(seen, known, of);
        } else {
            lost(seen, known, of);
        }
    }

    /** All is as it was; what was paid meanwhile of what was owed goes to the account balance. */
    private void won(SeenDispute seen, DisputeRow known, Paid of) {
        var reference = "DISPUTE_WON/" + seen.id();
        var stillOwed = balances.lockBalance(of.account(), of.currency()).owed().min(known.owed());
        store.closeDispute(seen.id(), "WON", known.owed(), clock.instant());
        ledger.post(new Entries()
                .add(
                        known.amount(),
                        amount -> of.move(
                                "restored", LedgerAccount.CASH, LedgerAccount.DISPUTES_PENDING, amount, reference))
                .add(
                        known.taken(),
                        amount -> of.giveBack("dispute-returned", LedgerAccount.DISPUTES_PENDING, amount, reference))
                .add(
                        stillOwed,
                        amount -> of.move(
                                "dispute-owed",
                                LedgerAccount.DISPUTES_PENDING,
                                LedgerAccount.SHORTFALL,
                                amount,
                                reference))
                .add(
                        known.owed().subtract(stillOwed),
                        amount -> of.move(
                                "restored",
                                LedgerAccount.DISPUTES_PENDING,
                                LedgerAccount.BALANCE,
                                amount,
                                reference + "/paid"))
                .list());
        cash.useBalance(of.account(), of.currency(), clock.instant());
        tell(of, "DISPUTE_WON", "the payment of " + of.what() + " is ours again");
        reactivation.after(of.account(), of.what(), clock.today());
    }

    private void lost(SeenDispute seen, DisputeRow known, Paid of) {
        var pending = known.amount().subtract(known.taken()).subtract(known.owed());
        var invoice = of.invoice();
        var again = invoice == null || policy.writeOffLostDisputes() ? BigDecimal.ZERO : owable(of, pending);
        store.closeDispute(seen.id(), "LOST", known.owed().add(again), clock.instant());
        if (invoice != null && again.signum() > 0) owedAgain(seen, invoice, again);
        ledger.post(new Entries()
                .add(
                        pending.subtract(again),
                        amount -> of.move(
                                "dispute-lost",
                                LedgerAccount.DISPUTE_LOSS,
                                LedgerAccount.DISPUTES_PENDING,
                                amount,
                                "DISPUTE/" + seen.id()))
                .list());
        tell(of, "DISPUTE_LOST", "the payment of " + of.what() + " is gone for good");
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

    /** Dunning begins anew, so what it has done for the invoice is forgotten. */
    private void owedAgain(SeenDispute seen, Invoice invoice, BigDecimal amount) {
        store.forgetDunning(invoice.id());
        invoices.reopen(invoice.id(), SettlementKind.DISPUTE, amount, seen.id(), clock.instant());
        cash.useBalance(invoice.account(), invoice.currency(), clock.instant());
    }

    private void tell(Paid of, String event, String detail) {
        accounts.note(of.account(), event, detail);
    }
}
