package io.postpaid.billing.invoicing;

import io.postpaid.credit.CreditLedger;
import io.postpaid.credit.LedgerAccount;
import io.postpaid.credit.Posting;
import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.platform.money.Amounts;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** The corrections of issued invoices. */
@Component
public class CreditNotes {
    private final InvoiceStore store;
    private final CreditNoteStore notes;
    private final Invoices invoices;
    private final CreditLedger ledger;
    private final Printability printability;
    private final BillingClock clock;

    CreditNotes(
            InvoiceStore store,
            CreditNoteStore notes,
            Invoices invoices,
            CreditLedger ledger,
            Printability printability,
            BillingClock clock) {
        this.store = store;
        this.notes = notes;
        this.invoices = invoices;
        this.ledger = ledger;
        this.printability = printability;
        this.clock = clock;
    }

    public Optional<CreditNote> find(String number) {
        return notes.find(number, null).stream().findFirst();
    }

    /** The credit notes of an invoice, the first one first. */
    public List<CreditNote> of(long invoice) {
        return notes.find(null, invoice);
    }

    /** What a credit note returns of each tax of its invoice. */
    public List<InvoiceTax> taxes(CreditNote note) {
        return notes.taxes(note.number());
    }

    /** What may still be given back for an invoice; the caller's transaction has locked the account. */
    public GivenBack givenBack(Invoice invoice) {
        notes.lockBalance(invoice.account());
        return notes.givenBack(invoice.id());
    }

    /**
     * Takes an amount off an issued invoice, in the caller's transaction, which has locked the account: what is open is
     * settled by it, what was paid already goes to the account balance.
     *
     * @throws IllegalArgumentException if more would be given back than was billed
     */
    @Transactional
    public CreditNote issue(long id, BigDecimal amount, String reason) {
        var open = store.lock(id).open().max(BigDecimal.ZERO);
        var invoice = store.get(id);
        var most = givenBack(invoice).creditable();
        if (amount.signum() <= 0 || amount.compareTo(most) > 0) {
            throw new IllegalArgumentException("Of invoice " + invoice.number() + " at most "
                    + Amounts.plain(most, invoice.currency()) + " " + invoice.currency()
                    + " can be credited, not " + amount.toPlainString());
        }
        printability.objection(BilledTo.named(reason)).ifPresent(objection -> {
            throw new IllegalArgumentException("The reason cannot be printed: " + objection);
        });
        return issue(invoice, amount, amount.min(open), reason);
    }

    /** Credits what a refund gives back of what was paid; what is open stays so. The refund had reserved it. */
    @Transactional
    public CreditNote issueForRefund(Invoice invoice, BigDecimal amount, String reason) {
        store.lock(invoice.id());
        return issue(invoice, amount, BigDecimal.ZERO.setScale(amount.scale()), reason);
    }

    private CreditNote issue(Invoice invoice, BigDecimal amount, BigDecimal settled, String reason) {
        // The taxes of all notes together are those of their sum, so that rounding adds nothing.
        var returned = Taxing.returned(
                invoices.taxes(invoice.id()),
                invoice.total(),
                Taxing.sum(of(invoice.id()), CreditNote::amount).add(amount),
                notes.returned(invoice.id()),
                invoice.currency());
        var tax = Taxing.sum(returned, InvoiceTax::tax);
        var note = notes.insert(
                new CreditNote("", invoice.id(), clock.today(), amount, tax, settled, null, reason), returned);
        if (settled.signum() > 0) {
            invoices.settle(invoice, SettlementKind.CREDIT_NOTE, settled, note.number(), clock.instant());
        }
        ledger.post(postings(invoice, note));
        return note;
    }

    /** From CREDITED and TAX to the receivable, and to the account balance what was paid already. */
    private static List<Posting> postings(Invoice invoice, CreditNote note) {
        var postings = new ArrayList<Posting>();
        var reference = SettlementKind.CREDIT_NOTE + "/" + note.number();
        var taxSettled = note.tax().min(note.settled());
        add(
                postings,
                invoice,
                LedgerAccount.CREDITED,
                LedgerAccount.RECEIVABLE,
                note.settled().subtract(taxSettled),
                reference);
        add(postings, invoice, LedgerAccount.TAX, LedgerAccount.RECEIVABLE, taxSettled, reference + "/tax");
        var taxFreed = note.tax().subtract(taxSettled);
        add(
                postings,
                invoice,
                LedgerAccount.CREDITED,
                LedgerAccount.BALANCE,
                note.freed().subtract(taxFreed),
                reference + "/balance");
        add(postings, invoice, LedgerAccount.TAX, LedgerAccount.BALANCE, taxFreed, reference + "/balance/tax");
        return postings;
    }

    private static void add(
            List<Posting> postings,
            Invoice invoice,
            LedgerAccount debit,
            LedgerAccount credit,
            BigDecimal amount,
            String reference) {
        if (amount.signum() == 0) return;
        // The tax of a part can be below zero, or above the part, where lines of another rate were taken back.
        boolean reversed = amount.signum() < 0;
        postings.add(Posting.of(
                invoice.account(),
                "credited",
                reversed ? credit : debit,
                reversed ? debit : credit,
                amount.abs(),
                invoice.currency(),
                null,
                invoice.id(),
                reference));
    }
}
