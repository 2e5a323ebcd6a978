package io.postpaid.payments.settlement;

import io.postpaid.account.Account;
import io.postpaid.account.Accounts;
import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.billing.invoicing.InvoiceStatus;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.billing.invoicing.SettlementKind;
import io.postpaid.mail.NoticeKind;
import io.postpaid.payments.charging.Alone;
import io.postpaid.payments.charging.CashBook;
import io.postpaid.payments.charging.CashStore;
import io.postpaid.payments.charging.InvoiceMails;
import io.postpaid.payments.charging.Reactivation;
import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.platform.money.Amounts;
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

/** Money that comes and goes by bank transfer, as an operator records it. */
@Component
public class Transfers {
    private static final Map<String, @Nullable Object> NO_CARD = Collections.singletonMap("card", null);

    private final CashBook cash;
    private final CashStore store;
    private final EntryStore entries;
    private final Alone alone;
    private final Reactivation reactivation;
    private final Accounts accounts;
    private final Invoices invoices;
    private final InvoiceMails mails;
    private final BillingClock clock;

    Transfers(
            CashBook cash,
            CashStore store,
            EntryStore entries,
            Alone alone,
            Reactivation reactivation,
            Accounts accounts,
            Invoices invoices,
            InvoiceMails mails,
            BillingClock clock) {
        this.cash = cash;
        this.store = store;
        this.entries = entries;
        this.alone = alone;
        this.reactivation = reactivation;
        this.accounts = accounts;
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

    /** A payment for an account that was recorded, and how the account stands by it. */
    public record RecordedForAccount(
            String account, String currency, boolean known, BigDecimal balance, BigDecimal owed) {}

    /** What an account has to pay its invoices with, and what it owes for credit that was taken back. */
    public record Standing(BigDecimal balance, BigDecimal owed) {}

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
        var at = moved(reference, on, known.issuedOn(), "invoice " + number + " is issued");
        var earlier =
                store.booked(SettlementKind.TRANSFER.name(), reference) ? repeated(known, amount, reference) : null;
        if (earlier != null) return earlier;
        return alone.onInvoice(known, invoice -> {
            mustTakeMoney(invoice, amount);
            // Somebody may have been faster.
            if (store.booked(SettlementKind.TRANSFER.name(), reference)) return repeated(invoice, amount, reference);
            var credit = cash.receive(invoice, SettlementKind.TRANSFER, amount, reference, at);
            carryWhatNoCardCanPay(invoices.get(invoice.id()));
            var after = invoices.get(invoice.id());
            if (invoice.status() != InvoiceStatus.PAID && after.status() == InvoiceStatus.PAID) {
                mails.queue(
                        NoticeKind.PAYMENT_SUCCEEDED,
                        accounts.get(after.account()),
                        after,
                        "transfer/" + reference,
                        amount,
                        NO_CARD);
            }
            reactivation.after(after, clock.today());
            return new Recorded(after, false, credit, invoices.openAmount(after));
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

    /**
     * When money came or went by bank transfer.
     *
     * @param first no transfer is before this day
     * @param because what happened on it
     */
    private Instant moved(String reference, @Nullable LocalDate on, LocalDate first, String because) {
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

    private Instant moved(String reference, @Nullable LocalDate on, Account account) {
        return moved(reference, on, account.createdOn(), "account " + account.id() + " began");
    }

    /**
     * Records money that came in by bank transfer for an account: it pays what is owed for credit that was taken back, then
     * open invoices, and the rest stays on the account balance.
     */
    public RecordedForAccount recordForAccount(String id, BigDecimal amount, String reference, @Nullable LocalDate on) {
        var account = accounts.get(id);
        var currency = account.currency();
        Payable.check(amount, currency);
        var at = moved(reference, on, account);
        return alone.onAccount(id, () -> {
            var known = store.accountPayment(reference);
            if (known.isPresent()) {
                if (!known.get().getKey().equals(id) || known.get().getValue().compareTo(amount) != 0) {
                    throw taken(reference);
                }
            } else if (store.booked(SettlementKind.TRANSFER.name(), reference)) {
                throw taken(reference);
            } else {
                cash.receive(id, currency, amount, reference, at);
                reactivation.after(id, "payment " + reference, clock.today());
            }
            var balance = store.balance(id, currency);
            return new RecordedForAccount(id, currency, known.isPresent(), balance.amount(), balance.owed());
        });
    }

    /**
     * Records that money of the account balance was sent back by bank transfer, such as what came for an invoice that was
     * written off. What the account owes is paid from its balance first, so none of it is sent back while anything is open.
     *
     * @param reference what the bank calls it; the same again is refused, or does nothing
     * @param on the day it went, the account's first or later; null for today
     */
    public RecordedForAccount sendBack(
            String id, BigDecimal amount, String reference, @Nullable LocalDate on, String reason) {
        var account = accounts.get(id);
        var currency = account.currency();
        Payable.check(amount, currency);
        if (reason.isBlank()) throw new IllegalArgumentException("A payment back needs a reason, which is kept");
        var at = moved(reference, on, account);
        return alone.onAccount(id, () -> {
            var known = store.accountReturn(reference);
            if (known.isEmpty()) {
                cash.useBalance(id, currency, clock.instant());
                var balance = store.lockBalance(id, currency);
                if (amount.compareTo(balance.amount()) > 0) {
                    throw new IllegalArgumentException("The account balance of " + id + " is "
                            + Amounts.text(balance.amount(), currency) + ": no more than that can be sent back");
                }
                cash.sendBack(id, currency, amount, reference, reason, at);
                accounts.note(id, "SENT_BACK", Amounts.text(amount, currency) + " (" + reference + "): " + reason);
                reactivation.after(id, "payment " + reference, clock.today());
            } else if (!known.get().getKey().equals(id)
                    || known.get().getValue().compareTo(amount) != 0) {
                throw taken(reference);
            }
            var after = store.balance(id, currency);
            return new RecordedForAccount(id, currency, known.isPresent(), after.amount(), after.owed());
        });
    }

    private static IllegalArgumentException taken(String reference) {
        return new IllegalArgumentException("The reference '" + reference + "' stands for another payment already:"
                + " ./postpaid payments list shows it. Nothing was recorded");
    }

    /** How an account stands beside its credit and its invoices. */
    public Standing standing(String account) {
        var balance = store.balance(account, accounts.get(account).currency());
        return new Standing(balance.amount(), balance.owed());
    }

    private Recorded repeated(Invoice invoice, BigDecimal amount, String reference) {
        var before = entries.list(invoice.number(), Integer.MAX_VALUE).stream()
                .filter(entry -> entry.kind().equals(SettlementKind.TRANSFER.name())
                        && entry.reference().equals(reference))
                .map(Entry::amount)
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        if (before.compareTo(amount) != 0) {
            throw taken(reference);
        }
        return new Recorded(invoice, true, BigDecimal.ZERO, invoices.openAmount(invoice));
    }

    /** Whether there is an invoice of this number. */
    public boolean isInvoice(String number) {
        return invoices.find(number).isPresent();
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
}
