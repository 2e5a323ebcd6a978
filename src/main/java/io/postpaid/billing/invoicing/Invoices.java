package io.postpaid.billing.invoicing;

import io.postpaid.billing.invoicing.InvoiceStore.Locked;
import io.postpaid.credit.CreditLedger;
import io.postpaid.credit.LedgerAccount;
import io.postpaid.credit.Posting;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.money.Rounding;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Issued invoices, and what settles or opens them. */
@Component
public class Invoices {
    private final InvoiceStore store;
    private final CreditLedger ledger;

    Invoices(InvoiceStore store, CreditLedger ledger) {
        this.store = store;
        this.ledger = ledger;
    }

    public Optional<Invoice> find(String number) {
        return store.findByNumber(number);
    }

    /** @throws java.util.NoSuchElementException if it is not issued */
    public Invoice get(long id) {
        return store.get(id);
    }

    /** The issued invoices of a period in the order of their numbers, read as they are asked for. */
    @Transactional(readOnly = true)
    public void eachIssued(BillingPeriod period, Consumer<Invoice> reader) {
        store.eachIssued(period, reader);
    }

    /** All of them at once, for a period that has few. */
    public List<Invoice> issued(BillingPeriod period) {
        return store.issued(period);
    }

    /** Those of these invoices that are issued, in the order of their numbers. */
    public List<Invoice> all(List<Long> ids) {
        return store.all(ids);
    }

    public List<Invoice> ofAccount(String account) {
        return store.ofAccount(account);
    }

    /** A page of an account's issued invoices, the newest first: those older than the one with the id {@code behind}. */
    public List<Invoice> ofAccount(String account, long behind, int limit) {
        return store.ofAccount(account, behind, limit);
    }

    public List<InvoiceLine> lines(long invoice) {
        return lines(List.of(invoice)).getOrDefault(invoice, List.of());
    }

    /** The lines of some invoices, by invoice. */
    public Map<Long, List<InvoiceLine>> lines(Collection<Long> invoices) {
        return store.lines(invoices);
    }

    /** What the lines of an invoice are taxed with, and why. */
    public List<InvoiceTax> taxes(long invoice) {
        return taxes(List.of(invoice)).getOrDefault(invoice, List.of());
    }

    /** The taxes of some invoices, by invoice. */
    public Map<Long, List<InvoiceTax>> taxes(Collection<Long> invoices) {
        return store.taxes(invoices);
    }

    /** What is still to be paid. */
    public BigDecimal openAmount(Invoice invoice) {
        return invoice.amountDue().subtract(store.settled(invoice.id()));
    }

    /** The settlements of an invoice, the first one first. */
    public List<Settlement> settlements(long invoice) {
        return store.settlements(invoice);
    }

    /**
     * Settles an invoice, or a part of it, with its ledger entry; nothing happens if this settlement is known.
     *
     * @param reference unique for its kind, such as the charge's id
     * @throws IllegalArgumentException if more is settled than is open
     */
    @Transactional
    public void settle(Invoice invoice, SettlementKind kind, BigDecimal amount, String reference, Instant at) {
        settle(invoice, store.lock(invoice.id()), kind, amount, reference, at);
    }

    /**
     * Settles of an invoice what is open of it.
     *
     * @return how much of the amount that was
     */
    @Transactional
    public BigDecimal settleOpen(Invoice invoice, SettlementKind kind, BigDecimal most, String reference, Instant at) {
        var now = store.lock(invoice.id());
        var amount = most.min(now.open()).max(BigDecimal.ZERO);
        if (amount.signum() > 0) settle(invoice, now, kind, amount, reference, at);
        return amount;
    }

    private void settle(
            Invoice invoice, Locked now, SettlementKind kind, BigDecimal amount, String reference, Instant at) {
        if (kind.opens()) throw new IllegalArgumentException(kind + " opens an invoice, it settles none");
        if (!store.settle(invoice.id(), kind, amount, reference, at)) return;
        if (amount.compareTo(now.open()) > 0) {
            throw new IllegalArgumentException(
                    "invoice " + invoice.issuedNumber() + " has " + now.open() + " open, not " + amount);
        }
        // A credit note posts itself, because it knows the tax in it.
        if (kind != SettlementKind.CREDIT_NOTE && kind != SettlementKind.CARRIED) {
            post(invoice, kind, kind.account(), LedgerAccount.RECEIVABLE, amount, reference, at);
        }
        if (amount.compareTo(now.open()) != 0) return;
        if (kind == SettlementKind.WRITE_OFF) {
            store.status(invoice.id(), InvoiceStatus.UNCOLLECTIBLE);
        } else if (now.status() == InvoiceStatus.OPEN
                || now.status() == InvoiceStatus.UNCOLLECTIBLE
                        && writtenOff(invoice.id()).signum() == 0) {
            store.status(invoice.id(), InvoiceStatus.PAID);
        }
    }

    /** A payment of an invoice. */
    public record Payment(Invoice invoice, BigDecimal amount, String reference) {}

    /** Settles invoices, each by just what is open of it, which the caller has seen behind their locks. */
    @Transactional
    public void payInFull(SettlementKind kind, List<Payment> payments, Instant at) {
        store.payInFull(kind, payments, at);
        ledger.post(
                payments.stream()
                        .map(paid -> posting(
                                paid.invoice(),
                                kind,
                                kind.account(),
                                LedgerAccount.RECEIVABLE,
                                paid.amount(),
                                paid.reference()))
                        .toList(),
                at);
    }

    /** Gives up what is open of an invoice. */
    @Transactional
    public BigDecimal writeOff(Invoice invoice, Instant at) {
        var open = store.lock(invoice.id()).open();
        var before = store.settlements(invoice.id()).stream()
                .filter(settlement -> settlement.kind() == SettlementKind.WRITE_OFF)
                .count();
        // What was written off, paid and taken back by a bank can be written off once more.
        var reference = invoice.issuedNumber() + (before == 0 ? "" : "/" + (before + 1));
        settle(invoice, SettlementKind.WRITE_OFF, open, reference, at);
        return open;
    }

    /** Leaves what is open of an invoice to the account's next one, because it is too little to be charged. */
    @Transactional
    public BigDecimal carry(Invoice invoice, Instant at) {
        var open = store.lock(invoice.id()).open();
        carry(invoice, open, at);
        return open;
    }

    /**
     * The same for the part of it that is smaller than what can be charged in its currency. The caller has locked the invoice
     * or its account.
     *
     * @return what is open now
     */
    @Transactional
    public BigDecimal carryFraction(Invoice invoice, Instant at) {
        var open = openAmount(invoice);
        var whole = Rounding.floor(open, invoice.currency());
        carry(invoice, open.subtract(whole), at);
        return whole;
    }

    private void carry(Invoice invoice, BigDecimal amount, Instant at) {
        if (amount.signum() <= 0) return;
        var before = store.settlements(invoice.id()).stream()
                .filter(settlement -> settlement.kind() == SettlementKind.CARRIED)
                .count();
        settle(invoice, SettlementKind.CARRIED, amount, invoice.issuedNumber() + "/" + (before + 1), at);
    }

    /** What is written off of an invoice and not paid since. */
    public BigDecimal writtenOff(long invoice) {
        return store.settlements(invoice).stream()
                .filter(settlement -> settlement.kind() == SettlementKind.WRITE_OFF
                        || settlement.kind() == SettlementKind.WRITE_OFF_REVERSED)
                .map(Settlement::amount)
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    /**
     * Makes a part of an invoice open again: a write-off that is paid after all, or a lost dispute that is owed. Nothing
     * happens if it is known.
     *
     * @param reference unique for its kind
     */
    @Transactional
    public void reopen(Invoice invoice, SettlementKind kind, BigDecimal amount, String reference, Instant at) {
        if (!kind.opens()) throw new IllegalArgumentException(kind + " settles an invoice, it opens none");
        var now = store.lock(invoice.id());
        if (!store.settle(invoice.id(), kind, amount.negate(), reference, at)) return;
        post(invoice, kind, LedgerAccount.RECEIVABLE, kind.account(), amount, reference, at);
        // What is written off stays so while it is paid in parts.
        if (now.status() == InvoiceStatus.PAID) store.status(invoice.id(), InvoiceStatus.OPEN);
    }

    private void post(
            Invoice invoice,
            SettlementKind kind,
            LedgerAccount debit,
            LedgerAccount credit,
            BigDecimal amount,
            String reference,
            Instant at) {
        var posting = posting(invoice, kind, debit, credit, amount, reference);
        // Money is in the books of the day on which it came; what we decide, of that on which we did.
        if (kind.moves()) ledger.post(List.of(posting), at);
        else ledger.post(List.of(posting));
    }

    private static Posting posting(
            Invoice invoice,
            SettlementKind kind,
            LedgerAccount debit,
            LedgerAccount credit,
            BigDecimal amount,
            String reference) {
        return Posting.of(
                invoice.account(),
                kind.posting(),
                debit,
                credit,
                amount,
                invoice.currency(),
                null,
                invoice.id(),
                kind + "/" + reference);
    }
}
