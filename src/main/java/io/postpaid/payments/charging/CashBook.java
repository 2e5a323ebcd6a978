package io.postpaid.payments.charging;

import io.postpaid.account.Accounts;
import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.billing.invoicing.InvoiceStatus;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.billing.invoicing.SettlementKind;
import io.postpaid.credit.LedgerAccount;
import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.platform.money.Amounts;
import io.postpaid.platform.money.Rounding;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import org.springframework.stereotype.Component;

/**
 * Money that comes in, each amount once, in the caller's transaction, which has locked the account: what is open is settled,
 * and what is more goes to the account balance, which pays what else is open.
 */
@Component
public class CashBook {
    private final Invoices invoices;
    private final Accounts accounts;
    private final CashPostings postings;
    private final CashStore store;
    private final AttemptStore attempts;
    private final Reactivation reactivation;
    private final BillingClock clock;

    CashBook(
            Invoices invoices,
            Accounts accounts,
            CashPostings postings,
            CashStore store,
            AttemptStore attempts,
            Reactivation reactivation,
            BillingClock clock) {
        this.invoices = invoices;
        this.accounts = accounts;
        this.postings = postings;
        this.store = store;
        this.attempts = attempts;
        this.reactivation = reactivation;
        this.clock = clock;
    }

    /**
     * Takes money in. What was written off of the invoice is paid by it, too.
     *
     * @param reference unique for its kind
     * @return what of it went to the account balance
     */
    public BigDecimal receive(Invoice invoice, SettlementKind kind, BigDecimal amount, String reference, Instant at) {
        if (store.booked(kind.name(), reference)) return BigDecimal.ZERO;
        if (invoice.status() == InvoiceStatus.UNCOLLECTIBLE) {
            var reversed = amount.min(invoices.writtenOff(invoice.id()));
            if (reversed.signum() > 0) {
                invoices.reopen(invoice, SettlementKind.WRITE_OFF_REVERSED, reversed, kind + "/" + reference, at);
            }
        }
        var settled = invoice.status() == InvoiceStatus.VOID
                ? BigDecimal.ZERO
                : invoices.settleOpen(invoice, kind, amount, reference, at);
        var more = amount.subtract(settled);
        if (more.signum() > 0) {
            store.insertSurplus(kind.name(), reference, invoice.id(), more, at);
            var to = kind + "/" + reference + "/balance";
            postings.post(
                    invoice.account(),
                    invoice.currency(),
                    kind.posting(),
                    LedgerAccount.CASH,
                    LedgerAccount.BALANCE,
                    more,
                    to,
                    at);
            useBalance(invoice.account(), invoice.currency(), at);
        }
        return more;
    }

    /** Takes in money that is for an account, and not for one of its invoices. */
    public void receive(String account, String currency, BigDecimal amount, String reference, Instant at) {
        receive("ACCOUNT", account, currency, amount, reference, at);
    }

    /** The same by card, for an invoice that is not known here. */
    public void receiveByCard(String account, String currency, BigDecimal amount, String intent, Instant at) {
        if (!store.booked("CARD", intent)) receive("CARD", account, currency, amount, intent, at);
    }

    private void receive(
            String kind, String account, String currency, BigDecimal amount, String reference, Instant at) {
        store.insertAccountPayment(kind, reference, account, currency, amount, at);
        postings.post(
                account,
                currency,
                "paid",
                LedgerAccount.CASH,
                LedgerAccount.BALANCE,
                amount,
                kind + "/" + reference,
                at);
        useBalance(account, currency, at);
        reactivation.after(account, "payment " + reference, clock.today());
    }

    /** Writes down that money of the account balance was sent back by bank transfer, as far as it owes nothing. */
    public void sendBack(
            String account, String currency, BigDecimal amount, String reference, String reason, Instant at) {
        useBalance(account, currency);
        var balance = store.lockBalance(account, currency).amount();
        if (amount.compareTo(balance) > 0) {
            throw new IllegalArgumentException("The account balance of " + account + " is "
                    + Amounts.text(balance, currency) + ": no more than that can be sent back");
        }
        store.insertAccountReturn(reference, account, currency, amount, reason, at);
        postings.post(
                account,
                currency,
                "returned",
                LedgerAccount.BALANCE,
                LedgerAccount.CASH,
                amount,
                "RETURN/" + reference,
                at);
        accounts.note(account, "SENT_BACK", Amounts.text(amount, currency) + " (" + reference + "): " + reason);
        reactivation.after(account, "payment " + reference, clock.today());
    }

    /**
     * Pays from the account balance what the account owes now, and ends a suspension that nothing causes any more.
     *
     * @param settled what this follows, such as {@code invoice 2026-000001}
     */
    public void settleOpen(String account, String currency, String settled, LocalDate today) {
        useBalance(account, currency);
        reactivation.after(account, settled, today);
    }

    /** Makes a part of a paid invoice open again, because a bank took the payment back. */
    public void owedAgain(Invoice invoice, BigDecimal amount, String dispute) {
        invoices.reopen(invoice, SettlementKind.DISPUTE, amount, dispute, clock.instant());
        useBalance(invoice.account(), invoice.currency());
    }

    /** Pays from the account balance what the account owes now. */
    public void useBalance(String account, String currency) {
        useBalance(account, currency, clock.instant());
    }

    /**
     * First for credit that was taken back, then open invoices, the oldest first. An invoice that may be charged at this
     * moment, or whose payment is disputed, waits.
     */
    private void useBalance(String account, String currency, Instant at) {
        postings.useReturnedCredit(account, currency);
        var balance = store.lockBalance(account, currency);
        var left = Rounding.floor(balance.amount(), currency);
        var owed = left.min(balance.owed());
        if (owed.signum() > 0) {
            postings.post(
                    account,
                    currency,
                    "balance-used",
                    LedgerAccount.BALANCE,
                    LedgerAccount.SHORTFALL,
                    owed,
                    null,
                    clock.instant());
            left = left.subtract(owed);
        }
        if (left.signum() <= 0) return;
        for (var id : store.openInvoices(account, currency)) {
            var invoice = invoices.get(id);
            attempts.lockOpen(id);
            if (attempts.unresolvedOf(id).isPresent() || attempts.underReview(id)) continue;
            var paid = left.min(invoices.openAmount(invoice));
            if (paid.signum() <= 0) continue;
            var n = invoices.settlements(id).stream()
                    .filter(settlement -> settlement.kind() == SettlementKind.BALANCE)
                    .count();
            invoices.settle(invoice, SettlementKind.BALANCE, paid, invoice.issuedNumber() + "/" + (n + 1), at);
            left = left.subtract(paid);
            if (left.signum() <= 0) return;
        }
    }
}
