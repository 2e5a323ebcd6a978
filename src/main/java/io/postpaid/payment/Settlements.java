package io.postpaid.payment;

import io.postpaid.account.Accounts;
import io.postpaid.calendar.BillingClock;
import io.postpaid.invoicing.CreditNote;
import io.postpaid.invoicing.CreditNotes;
import io.postpaid.invoicing.Invoice;
import io.postpaid.invoicing.InvoiceStatus;
import io.postpaid.invoicing.Invoices;
import io.postpaid.invoicing.SettlementKind;
import io.postpaid.mail.Notice;
import io.postpaid.mail.NoticeKind;
import io.postpaid.mail.Outbox;
import io.postpaid.money.Amounts;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What an operator settles: bank transfers, write-offs, credit notes and refunds. */
@Component
public class Settlements {
    private final CashBook cash;
    private final SettlementStore store;
    private final AttemptStore attempts;
    private final Payments payments;
    private final Recording recording;
    private final Refunds refunds;
    private final CreditNotes notes;
    private final Accounts accounts;
    private final Invoices invoices;
    private final Outbox outbox;
    private final InvoiceViews views;
    private final TransactionTemplate transaction;
    private final BillingClock clock;

    Settlements(
            CashBook cash,
            SettlementStore store,
            AttemptStore attempts,
            Payments payments,
            Recording recording,
            Refunds refunds,
            CreditNotes notes,
            Accounts accounts,
            Invoices invoices,
            Outbox outbox,
            InvoiceViews views,
            PlatformTransactionManager transactions,
            BillingClock clock) {
        this.cash = cash;
        this.store = store;
        this.attempts = attempts;
        this.payments = payments;
        this.recording = recording;
        this.refunds = refunds;
        this.notes = notes;
        this.accounts = accounts;
        this.invoices = invoices;
        this.outbox = outbox;
        this.views = views;
        this.transaction = new TransactionTemplate(transactions);
        this.clock = clock;
    }

    /**
     * A payment that was recorded.
     *
     * @param known whether the same was recorded before, so that nothing was done
     * @param credit what of it was more than was open, and became credit
     */
    public record Recorded(Invoice invoice, boolean known, BigDecimal credit, BigDecimal open) {}

    /** Money that came in or went out for an invoice, or what stood for it. */
    public record Entry(
            Instant at,
            String number,
            String account,
            String kind,
            String currency,
            BigDecimal amount,
            String reference,
            boolean credit) {}

    /** What was settled, of one invoice or of all, the newest first. */
    public List<Entry> list(@Nullable String number, int limit) {
        if (number != null) find(number);
        return store.entries(number, limit);
    }

    /**
     * Records money that came in by bank transfer.
     *
     * @param reference what the bank calls it; the same again is refused, or does nothing
     * @param on the day it came, or null for today
     */
    public Recorded record(String number, BigDecimal amount, String reference, @Nullable LocalDate on) {
        var known = find(number);
        mustBePayable(known, amount);
        if (reference.isBlank())
            throw new IllegalArgumentException("A payment needs the reference that the bank gave it");
        if (on != null && on.isAfter(clock.today())) {
            throw new IllegalArgumentException("A payment cannot have come on " + on + ": today is " + clock.today());
        }
        var at = on == null ? clock.instant() : on.atStartOfDay().toInstant(ZoneOffset.UTC);
        var earlier =
                store.booked(SettlementKind.TRANSFER.name(), reference) ? repeated(known, amount, reference) : null;
        if (earlier != null) return earlier;
        payments.mustKnow(known);
        return locked(known, invoice -> {
            mustBePayable(invoice, amount);
            // Somebody may have been faster.
            if (store.booked(SettlementKind.TRANSFER.name(), reference)) return repeated(invoice, amount, reference);
            var credit = cash.receive(invoice, SettlementKind.TRANSFER, amount, reference, at);
            var after = invoices.get(invoice.id());
            if (invoice.status() == InvoiceStatus.OPEN && after.status() == InvoiceStatus.PAID) {
                confirm(after, amount, reference);
                recording.reactivate(after, clock.today());
            }
            return new Recorded(after, false, credit, invoices.openAmount(after));
        });
    }

    private Recorded repeated(Invoice invoice, BigDecimal amount, String reference) {
        var before = store.entries(invoice.number(), Integer.MAX_VALUE).stream()
                .filter(entry -> entry.kind().equals(SettlementKind.TRANSFER.name())
                        && entry.reference().equals(reference))
                .map(Entry::amount)
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        if (before.compareTo(amount) != 0) {
            throw new IllegalArgumentException("The reference '" + reference + "' stands for another payment already:"
                    + " ./postpaid payments list shows it. Nothing was recorded");
        }
        return new Recorded(invoice, true, BigDecimal.ZERO, invoices.openAmount(invoice));
    }

    private void confirm(Invoice invoice, BigDecimal amount, String reference) {
        var account = accounts.get(invoice.account());
        var view = new LinkedHashMap<String, @Nullable Object>(views.of(invoice, account, amount));
        view.put("card", null);
        outbox.queue(new Notice(
                account.id(),
                NoticeKind.PAYMENT_SUCCEEDED,
                invoice.issuedNumber() + "/transfer/" + reference,
                account.email(),
                view,
                InvoiceViews.attachment(invoice)));
    }

    /** Gives up what is open of an invoice. */
    public Invoice writeOff(String number, String reason) {
        var known = find(number);
        mustBeOpen(known, "written off");
        payments.mustKnow(known);
        return locked(known, invoice -> {
            mustBeOpen(invoice, "written off");
            if (store.underReview(invoice.id())) {
                throw new IllegalArgumentException("The payment of invoice " + number
                        + " is disputed and under review: write it off if the dispute is lost");
            }
            var open = invoices.openAmount(invoice);
            invoices.settle(invoice.id(), SettlementKind.WRITE_OFF, open, number, clock.instant());
            attempts.tell(
                    invoice.account(),
                    "WRITTEN_OFF",
                    Amounts.text(open, invoice.currency()) + " of invoice " + number + ": " + reason,
                    clock.instant());
            recording.reactivate(invoice, clock.today());
            return invoices.get(invoice.id());
        });
    }

    /** Takes an amount off an invoice by a credit note; what is paid already becomes credit. */
    public CreditNote credit(String number, BigDecimal amount, String reason) {
        var known = find(number);
        mustBePayable(known, amount);
        if (reason.isBlank()) throw new IllegalArgumentException("A credit note needs a reason, which it prints");
        payments.mustKnow(known);
        return locked(known, invoice -> {
            mustBePayable(invoice, amount);
            var note = notes.issue(invoice.id(), amount, reason);
            var account = accounts.get(invoice.account());
            var view = new LinkedHashMap<String, @Nullable Object>(views.of(invoice, account, amount));
            view.put("credit_note", note.number());
            view.put("reason", reason);
            view.put(
                    "credit",
                    note.grant() == null
                            ? null
                            : Amounts.text(note.amount().subtract(note.settled()), invoice.currency()));
            outbox.queue(new Notice(
                    account.id(), NoticeKind.CREDIT_NOTE, note.number(), account.email(), view, note.pdfFile()));
            recording.reactivate(invoice, clock.today());
            return note;
        });
    }

    /** Gives money back that was paid by card. */
    public Refund refund(String number, BigDecimal amount, String reason) {
        var invoice = find(number);
        mustBeMoney(invoice, amount);
        payments.mustKnow(invoice);
        return refunds.refund(invoice, amount, reason);
    }

    private Invoice find(String number) {
        return invoices.find(number)
                .orElseThrow(() -> new IllegalArgumentException(
                        "There is no invoice '" + number + "': ./postpaid invoices list --period P lists them"));
    }

    private static void mustBeMoney(Invoice invoice, BigDecimal amount) {
        if (amount.signum() <= 0 || MinorUnits.floor(amount, invoice.currency()).compareTo(amount) != 0) {
            throw new IllegalArgumentException(amount.toPlainString() + " " + invoice.currency()
                    + " cannot be paid: give an amount such as 25.00");
        }
    }

    private static void mustBePayable(Invoice invoice, BigDecimal amount) {
        mustBeMoney(invoice, amount);
        switch (invoice.status()) {
            case OPEN, PAID -> {}
            case DRAFT, VOID, UNCOLLECTIBLE ->
                throw new IllegalArgumentException("Invoice " + invoice.number() + " is " + invoice.status()
                        + " and owes nothing: for money that came all the same, ./postpaid credits grant "
                        + invoice.account() + " " + amount.toPlainString() + " --kind TOP_UP");
        }
    }

    private static void mustBeOpen(Invoice invoice, String what) {
        if (invoice.status() != InvoiceStatus.OPEN) {
            throw new IllegalArgumentException(
                    "Invoice " + invoice.number() + " is " + invoice.status() + ": only an OPEN one can be " + what);
        }
    }

    /** Account first, then the invoice, as whoever else takes both; no attempt begins before the work is committed. */
    private <T> T locked(Invoice known, Function<Invoice, T> work) {
        return Objects.requireNonNull(transaction.execute(status -> {
            attempts.lockAccount(known.account());
            attempts.lockOpen(known.id());
            if (attempts.unresolvedOf(known.id()).isPresent()) {
                throw Payments.charging(known, "a charge has just begun");
            }
            return work.apply(invoices.get(known.id()));
        }));
    }
}
