package io.postpaid.payments.charging;

import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.billing.invoicing.InvoiceStatus;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.billing.invoicing.SettlementKind;
import io.postpaid.credit.CreditLedger;
import io.postpaid.credit.LedgerAccount;
import io.postpaid.credit.Posting;
import io.postpaid.platform.money.Rounding;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Money that comes in, each amount once, in the caller's transaction, which has locked the account: what is open is settled,
 * and what is more goes to the account balance, which pays what else is open.
 */
@Component
public class CashBook {
    private final Invoices invoices;
    private final CreditLedger ledger;
    private final CashStore store;
    private final AttemptStore attempts;

    CashBook(Invoices invoices, CreditLedger ledger, CashStore store, AttemptStore attempts) {
        this.invoices = invoices;
        this.ledger = ledger;
        this.store = store;
        this.attempts = attempts;
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
                invoices.reopen(invoice.id(), SettlementKind.WRITE_OFF_REVERSED, reversed, kind + "/" + reference, at);
            }
        }
        var open = invoice.status() == InvoiceStatus.VOID
                ? BigDecimal.ZERO
                : invoices.openAmount(invoice).max(BigDecimal.ZERO);
        var settled = amount.min(open);
        var more = amount.subtract(settled);
        if (settled.signum() > 0) invoices.settle(invoice.id(), kind, settled, reference, at);
        if (more.signum() > 0) {
            store.insertSurplus(kind.name(), reference, invoice.id(), more, at);
            ledger.post(List.of(posting(
                    invoice.account(),
                    invoice.currency(),
                    kind.posting(),
                    LedgerAccount.CASH,
                    LedgerAccount.BALANCE,
                    more,
                    kind + "/" + reference + "/balance")));
            useBalance(invoice.account(), invoice.currency(), at);
        }
        return more;
    }

    /** Takes in money that is for an account, and not for one of its invoices. */
    public void receive(String account, String currency, BigDecimal amount, String reference, Instant at) {
        store.insertAccountPayment(reference, account, currency, amount, at);
        ledger.post(List.of(posting(
                account, currency, "paid", LedgerAccount.CASH, LedgerAccount.BALANCE, amount, "ACCOUNT/" + reference)));
        useBalance(account, currency, at);
    }

    /** Writes down that money of the account balance was sent back by bank transfer; there must be as much. */
    public void sendBack(
            String account, String currency, BigDecimal amount, String reference, String reason, Instant at) {
        store.insertAccountReturn(reference, account, currency, amount, reason, at);
        ledger.post(List.of(posting(
                account,
                currency,
                "returned",
                LedgerAccount.BALANCE,
                LedgerAccount.CASH,
                amount,
                "RETURN/" + reference)));
    }

    /**
     * Pays from the account balance what the account owes: first for credit that was taken back, then its open invoices, the
     * oldest first. An invoice that may be charged at this moment, or whose payment is disputed, waits.
     */
    public void useBalance(String account, String currency, Instant at) {
        var balance = store.lockBalance(account, currency);
        var left = Rounding.floor(balance.amount(), currency);
        var owed = left.min(balance.owed());
        if (owed.signum() > 0) {
            ledger.post(List.of(posting(
                    account, currency, "balance-used", LedgerAccount.BALANCE, LedgerAccount.SHORTFALL, owed, null)));
            left = left.subtract(owed);
        }
        if (left.signum() <= 0) return;
        for (var id : store.openInvoices(account, currency)) {
            var invoice = invoices.get(id);
            attempts.lockOpen(id);
            if (attempts.unresolvedOf(id).isPresent() || store.underReview(id)) continue;
            var paid = left.min(invoices.openAmount(invoice));
            if (paid.signum() <= 0) continue;
            var n = invoices.settlements(id).stream()
                    .filter(settlement -> settlement.kind() == SettlementKind.BALANCE)
                    .count();
            invoices.settle(id, SettlementKind.BALANCE, paid, invoice.issuedNumber() + "/" + (n + 1), at);
            left = left.subtract(paid);
            if (left.signum() <= 0) return;
        }
    }

    private static Posting posting(
            String account,
            String currency,
            String kind,
            LedgerAccount debit,
            LedgerAccount credit,
            BigDecimal amount,
            @Nullable String reference) {
        return Posting.of(account, kind, debit, credit, amount, currency, null, null, reference);
    }
}
