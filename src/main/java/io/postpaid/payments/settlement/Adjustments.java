package io.postpaid.payments.settlement;

import io.postpaid.account.Accounts;
import io.postpaid.billing.invoicing.CreditNote;
import io.postpaid.billing.invoicing.CreditNotes;
import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.billing.invoicing.InvoiceStatus;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.billing.invoicing.SettlementKind;
import io.postpaid.mail.NoticeKind;
import io.postpaid.payments.charging.CashBook;
import io.postpaid.payments.charging.PaymentMails;
import io.postpaid.payments.settlement.Consent.Given;
import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.platform.money.Amounts;
import io.postpaid.platform.money.Payable;
import java.math.BigDecimal;
import java.util.HashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What an operator takes off an invoice: write-offs and credit notes. */
@Component
public class Adjustments {
    private final Alone alone;
    private final CashBook cash;
    private final CreditNotes notes;
    private final Invoices invoices;
    private final Accounts accounts;
    private final PaymentMails mails;
    private final BillingClock clock;

    Adjustments(
            Alone alone,
            CashBook cash,
            CreditNotes notes,
            Invoices invoices,
            Accounts accounts,
            PaymentMails mails,
            BillingClock clock) {
        this.alone = alone;
        this.cash = cash;
        this.notes = notes;
        this.invoices = invoices;
        this.accounts = accounts;
        this.mails = mails;
        this.clock = clock;
    }

    /** Gives up what is open of an invoice. */
    public Invoice writeOff(String number, String reason, Consent consent) {
        var known = alone.find(number);
        mustBeOpen(known);
        alone.on(known, invoice -> {
            mustBeOpen(invoice);
            alone.mustNotBeUnderReview(invoice);
            var most = notes.givenBack(invoice).creditable();
            if (invoices.openAmount(invoice).compareTo(most) > 0) {
                throw new IllegalArgumentException("Usage of invoice " + number
                        + " was taken back, which later invoices take off: of" + " what is open at most "
                        + Amounts.text(most, invoice.currency()) + " could be written off");
            }
            var open = invoices.writeOff(invoice, clock.instant());
            var detail = Amounts.text(open, invoice.currency()) + " of invoice " + number + ": " + reason;
            accounts.note(invoice.account(), "WRITTEN_OFF", detail);
            consent.to(new Given(invoice.account(), invoice.currency(), open, newestWriteOff(invoice)));
            return open;
        });
        return invoices.get(known.id());
    }

    private String newestWriteOff(Invoice invoice) {
        return invoices.settlements(invoice.id()).stream()
                .filter(settlement -> settlement.kind() == SettlementKind.WRITE_OFF)
                .toList()
                .getLast()
                .reference();
    }

    /** Takes an amount off an invoice by a credit note; what is paid already goes to the account balance. */
    public CreditNote credit(String number, BigDecimal amount, String reason, Consent consent) {
        var known = alone.find(number);
        mustBeCreditable(known, amount);
        if (reason.isBlank()) throw new IllegalArgumentException("A credit note needs a reason, which it prints");
        return alone.on(known, invoice -> {
            mustBeCreditable(invoice, amount);
            var note = notes.issue(invoice.id(), amount, reason);
            cash.useBalance(invoice.account(), invoice.currency());
            var more = new HashMap<String, @Nullable Object>();
            more.put("reason", reason);
            more.put("balance", note.freed().signum() == 0 ? null : Amounts.text(note.freed(), invoice.currency()));
            mails.queueWithNote(NoticeKind.CREDIT_NOTE, invoice, note.number(), amount, more, note);
            consent.to(new Given(invoice.account(), invoice.currency(), amount, note.number()));
            return note;
        });
    }

    private static void mustBeCreditable(Invoice invoice, BigDecimal amount) {
        Payable.check(amount, invoice.currency());
        switch (invoice.status()) {
            case OPEN, PAID -> {}
            case UNCOLLECTIBLE ->
                throw new IllegalArgumentException("Invoice " + invoice.number()
                        + " is written off: what is open of it is given up already, so there is nothing to credit."
                        + " A payment for it reverses the write-off: ./postpaid payments record " + invoice.number()
                        + " AMOUNT --reference R");
            case DRAFT, VOID ->
                throw new IllegalArgumentException(
                        "Invoice " + invoice.number() + " is " + invoice.status() + ": there is nothing to credit");
        }
    }

    private static void mustBeOpen(Invoice invoice) {
        if (invoice.status() != InvoiceStatus.OPEN) {
            throw new IllegalArgumentException("Invoice " + invoice.number() + " is " + invoice.status()
                    + ": only an OPEN one can be written off");
        }
    }
}
