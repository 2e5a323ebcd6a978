package io.postpaid.payments.settlement;

import static io.postpaid.billing.invoicing.SettlementKind.TRANSFER;

import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.billing.invoicing.InvoiceStatus;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.mail.NoticeKind;
import io.postpaid.payments.charging.CashBook;
import io.postpaid.payments.charging.CashStore;
import io.postpaid.payments.charging.PaymentMails;
import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.platform.money.Payable;
import io.postpaid.platform.money.Rounding;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Money that comes by bank transfer for an invoice, as an operator records it. */
@Component
public class Transfers {
    private static final Map<String, @Nullable Object> NO_CARD = Collections.singletonMap("card", null);

    private final CashBook cash;
    private final CashStore store;
    private final EntryStore entries;
    private final Alone alone;
    private final Invoices invoices;
    private final PaymentMails mails;
    private final BillingClock clock;

    Transfers(
            CashBook cash,
            CashStore store,
            EntryStore entries,
            Alone alone,
            Invoices invoices,
            PaymentMails mails,
            BillingClock clock) {
        this.cash = cash;
        this.store = store;
        this.entries = entries;
        this.alone = alone;
        this.invoices = invoices;
        this.mails = mails;
        this.clock = clock;
    }

    /**
     * A payment that was recorded.
     *
     * @param known whether the same was recorded before, so that nothing was done
     * @param balance what of it was more than was open, and went to the account balance
     */
    public record Recorded(Invoice invoice, boolean known, BigDecimal balance, BigDecimal open) {}

    /** Money that came in or went out for an invoice, or what stood for it. */
    public record Entry(
            Instant at,
            String number,
            String account,
            String kind,
            String currency,
            BigDecimal amount,
            String reference,
            boolean balance) {}

    /** What was settled, of one invoice or of all, the newest first. */
    public List<Entry> list(@Nullable String number, int limit) {
        if (number != null) alone.find(number);
        return entries.list(number, limit);
    }

    /**
     * Records money that came in by bank transfer.
     *
     * @param reference what the bank calls it; the same again is refused, or does nothing
     * @param on the day it came, on which the invoice was issued or later; null for today
     */
    public Recorded record(String number, BigDecimal amount, String reference, @Nullable LocalDate on) {
        var known = alone.find(number);
        mustTakeMoney(known, amount);
        var at = moved(clock, reference, on, known.issuedOn(), "invoice " + number + " is issued");
        if (store.booked(TRANSFER.name(), reference)) return repeated(known, amount, reference);
        return alone.on(known, invoice -> {
            mustTakeMoney(invoice, amount);
            // Somebody may have been faster.
            if (store.booked(TRANSFER.name(), reference)) return repeated(invoice, amount, reference);
            var balance = cash.receive(invoice, TRANSFER, amount, reference, at);
            carryWhatNoCardCanPay(invoices.get(invoice.id()));
            var after = invoices.get(invoice.id());
            if (invoice.status() != InvoiceStatus.PAID && after.status() == InvoiceStatus.PAID) {
                mails.queue(NoticeKind.PAYMENT_SUCCEEDED, after, "transfer/" + reference, amount, NO_CARD);
            }
            return new Recorded(after, false, balance, invoices.openAmount(after));
        });
    }

    /** A bank moves KWD 12.345, a card no less than 0.010: nobody is reminded of the rest of a rest. */
    private void carryWhatNoCardCanPay(Invoice invoice) {
        var open = invoices.openAmount(invoice);
        if (invoice.status() == InvoiceStatus.OPEN
                && Rounding.floor(open, invoice.currency()).signum() == 0) {
            invoices.carryFraction(invoice, clock.instant());
        }
    }

    private Recorded repeated(Invoice invoice, BigDecimal amount, String reference) {
        if (entries.transferred(invoice.issuedNumber(), reference).compareTo(amount) != 0) throw taken(reference);
        return new Recorded(invoice, true, BigDecimal.ZERO, invoices.openAmount(invoice));
    }

    /** Money that came is taken for whatever was issued, unless it is void: what is written off is paid by it, too. */
    private static void mustTakeMoney(Invoice invoice, BigDecimal amount) {
        Payable.check(amount, invoice.currency());
        switch (invoice.status()) {
            case OPEN, PAID, UNCOLLECTIBLE -> {}
            case DRAFT, VOID ->
                throw new IllegalArgumentException("Invoice " + invoice.number() + " is " + invoice.status()
                        + " and owes nothing: for money that came all the same, ./postpaid payments record "
                        + invoice.account() + " " + amount.toPlainString() + " --reference R");
        }
    }

    /**
     * When money came or went by bank transfer.
     *
     * @param on the day of it; null for today
     * @param first no transfer is before this day
     * @param because what happened on it
     */
    static Instant moved(
            BillingClock clock, String reference, @Nullable LocalDate on, LocalDate first, String because) {
        if (reference.isBlank())
            throw new IllegalArgumentException("A payment needs the reference that the bank gave it");
        var today = clock.today();
        var day = on == null ? today : on;
        if (day.isAfter(today) || day.isBefore(first)) {
            throw new IllegalArgumentException("A transfer cannot have been made on " + day + ": " + because + " on "
                    + first + ", and today is " + today + ". Give a day from the one to the other");
        }
        return on == null ? clock.instant() : on.atStartOfDay().toInstant(ZoneOffset.UTC);
    }

    static IllegalArgumentException taken(String reference) {
        return new IllegalArgumentException("The reference '" + reference + "' stands for another payment already:"
                + " ./postpaid payments list shows it. Nothing was recorded");
    }
}
