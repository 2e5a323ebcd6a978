package io.postpaid.payment;

import io.postpaid.credit.CreditLedger;
import io.postpaid.credit.GrantKind;
import io.postpaid.credit.LedgerAccount;
import io.postpaid.credit.Posting;
import io.postpaid.invoicing.Invoice;
import io.postpaid.invoicing.InvoiceStatus;
import io.postpaid.invoicing.Invoices;
import io.postpaid.invoicing.SettlementKind;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * Money in and out for an invoice, each amount once, in the caller's transaction, which has locked the account: what is
 * open is settled, and what is more becomes credit.
 */
@Component
class CashBook {
    private final Invoices invoices;
    private final CreditLedger ledger;
    private final SettlementStore store;

    CashBook(Invoices invoices, CreditLedger ledger, SettlementStore store) {
        this.invoices = invoices;
        this.ledger = ledger;
        this.store = store;
    }

    /**
     * Takes money in.
     *
     * @param reference unique for its kind
     * @return what of it became credit
     */
    BigDecimal receive(Invoice invoice, SettlementKind kind, BigDecimal amount, String reference, Instant at) {
        var open = invoice.status() == InvoiceStatus.VOID
                ? BigDecimal.ZERO
                : invoices.openAmount(invoice).max(BigDecimal.ZERO);
        var settled = amount.min(open);
        var more = amount.subtract(settled);
        // What is known already leaves nothing, or too little, open.
        if (more.signum() > 0 && store.booked(kind.name(), reference)) return BigDecimal.ZERO;
        if (settled.signum() > 0) invoices.settle(invoice.id(), kind, settled, reference, at);
        if (more.signum() > 0) keep(invoice, kind.name(), more, reference, at);
        return more;
    }

    /** Makes credit of money that is with us and owed to nobody's invoice. */
    void keep(Invoice invoice, String kind, BigDecimal amount, String reference, Instant at) {
        var grant = ledger.grant(invoice.account(), amount, GrantKind.TOP_UP, null);
        store.insertSurplus(kind, reference, invoice.id(), grant.id(), amount, at);
    }

    /**
     * Writes down that money went back: first what is left of the credit that the payment had made, then what it had
     * settled, which is open again.
     *
     * @return what of the invoice is open again
     */
    BigDecimal giveBack(Invoice invoice, SettlementKind kind, BigDecimal amount, String reference, Instant at) {
        var left = amount;
        var grants = ledger.lockUsable(List.of(invoice.account())).getOrDefault(invoice.account(), List.of());
        var ofCard = store.surplusByCard(invoice.id());
        for (var grant : grants) {
            var taken = MinorUnits.floor(grant.remaining(), invoice.currency()).min(left);
            if (!ofCard.equals(Optional.of(grant.id())) || taken.signum() <= 0) continue;
            left = left.subtract(taken);
            ledger.post(List.of(new Posting(
                    invoice.account(),
                    kind.posting(),
                    LedgerAccount.GRANT,
                    LedgerAccount.CASH,
                    taken,
                    invoice.currency(),
                    null,
                    grant.id(),
                    null,
                    kind + "/" + reference + "/credit")));
            store.insertSurplus(kind.name(), reference, invoice.id(), grant.id(), taken.negate(), at);
        }
        // One payment by card makes one grant at most.
        if (left.signum() > 0) invoices.reopen(invoice.id(), kind, left, reference, at);
        return left;
    }
}
