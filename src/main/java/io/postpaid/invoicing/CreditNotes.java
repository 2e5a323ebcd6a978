package io.postpaid.invoicing;

import io.postpaid.account.Address;
import io.postpaid.calendar.BillingClock;
import io.postpaid.credit.CreditLedger;
import io.postpaid.credit.GrantKind;
import io.postpaid.credit.LedgerAccount;
import io.postpaid.credit.Posting;
import io.postpaid.money.Rounding;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** The corrections of issued invoices. */
@Component
public class CreditNotes {
    private final InvoiceStore store;
    private final Invoices invoices;
    private final CreditLedger ledger;
    private final Printability printability;
    private final BillingClock clock;

    CreditNotes(
            InvoiceStore store, Invoices invoices, CreditLedger ledger, Printability printability, BillingClock clock) {
        this.store = store;
        this.invoices = invoices;
        this.ledger = ledger;
        this.printability = printability;
        this.clock = clock;
    }

    public Optional<CreditNote> find(String number) {
        return store.creditNotes(number, null).stream().findFirst();
    }

    /** The credit notes of an invoice, the first one first. */
    public List<CreditNote> of(long invoice) {
        return store.creditNotes(null, invoice);
    }

    /**
     * Takes an amount off an issued invoice, in the caller's transaction, which has locked the account: what is open is
     * settled by it, what was paid already becomes credit.
     *
     * @throws IllegalArgumentException if all notes together would credit more than the invoice's total
     */
    @Transactional
    public CreditNote issue(long id, BigDecimal amount, String reason) {
        var open = store.lockOpenAmount(id).max(BigDecimal.ZERO);
        var invoice = store.get(id);
        var before = of(id);
        var creditable = creditable(invoice, before);
        if (amount.signum() <= 0 || amount.compareTo(creditable) > 0) {
            throw new IllegalArgumentException("Of invoice " + invoice.number() + " at most " + creditable + " "
                    + invoice.currency() + " can be credited, not " + amount.toPlainString());
        }
        printability
                .objection(new BilledTo(reason, "", new Address("", "", "", "", "", ""), "", ""))
                .ifPresent(objection -> {
                    throw new IllegalArgumentException("The reason cannot be printed: " + objection);
                });
        // The tax of all notes together is that of their sum, so that rounding adds nothing.
        var taxBefore = before.stream().map(CreditNote::tax).reduce(BigDecimal.ZERO, BigDecimal::add);
        var tax = taxOf(invoice, sum(before).add(amount)).subtract(taxBefore);
        var settled = amount.min(open);
        var grant = grant(invoice, amount.subtract(settled));
        var note = store.insertCreditNote(new CreditNote("", id, clock.today(), amount, tax, settled, grant, reason));
        if (settled.signum() > 0) {
            invoices.settle(id, SettlementKind.CREDIT_NOTE, settled, note.number(), clock.instant());
        }
        ledger.post(postings(invoice, note));
        return note;
    }

    /** What of an invoice can still be credited. */
    public BigDecimal creditable(Invoice invoice) {
        return creditable(invoice, of(invoice.id()));
    }

    private static BigDecimal creditable(Invoice invoice, List<CreditNote> before) {
        return invoice.total().max(invoice.amountDue()).subtract(sum(before));
    }

    private static BigDecimal sum(List<CreditNote> notes) {
        return notes.stream().map(CreditNote::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    /** What an earlier invoice left to this one bears no tax here. */
    private static BigDecimal taxOf(Invoice invoice, BigDecimal credited) {
        if (invoice.tax().signum() == 0) return invoice.tax();
        return Rounding.toMinorUnit(
                credited.min(invoice.total()).multiply(invoice.tax()), invoice.total(), invoice.currency());
    }

    private @Nullable Long grant(Invoice invoice, BigDecimal paid) {
        return paid.signum() == 0
                ? null
                : ledger.open(invoice.account(), paid, GrantKind.TOP_UP).id();
    }

    /** From CREDITED and TAX to the receivable, and to the grant what was paid already. */
    private static List<Posting> postings(Invoice invoice, CreditNote note) {
        var postings = new ArrayList<Posting>();
        var taxLeft = note.tax();
        var reference = SettlementKind.CREDIT_NOTE + "/" + note.number();
        var net = note.settled().subtract(taxLeft.min(note.settled()));
        add(postings, invoice, "credited", LedgerAccount.CREDITED, LedgerAccount.RECEIVABLE, net, null, reference);
        var taxSettled = note.settled().subtract(net);
        add(
                postings,
                invoice,
                "credited",
                LedgerAccount.TAX,
                LedgerAccount.RECEIVABLE,
                taxSettled,
                null,
                reference + "/tax");
        taxLeft = taxLeft.subtract(taxSettled);
        var grant = note.grant();
        if (grant != null) {
            var granted = note.amount().subtract(note.settled());
            add(
                    postings,
                    invoice,
                    "granted",
                    LedgerAccount.CREDITED,
                    LedgerAccount.GRANT,
                    granted.subtract(taxLeft),
                    grant,
                    reference);
            add(
                    postings,
                    invoice,
                    "granted",
                    LedgerAccount.TAX,
                    LedgerAccount.GRANT,
                    taxLeft,
                    grant,
                    reference + "/tax");
        }
        return postings;
    }

    private static void add(
            List<Posting> postings,
            Invoice invoice,
            String kind,
            LedgerAccount debit,
            LedgerAccount credit,
            BigDecimal amount,
            @Nullable Long grant,
            String reference) {
        if (amount.signum() == 0) return;
        postings.add(new Posting(
                invoice.account(),
                kind,
                debit,
                credit,
                amount,
                invoice.currency(),
                null,
                grant,
                invoice.id(),
                reference));
    }
}
