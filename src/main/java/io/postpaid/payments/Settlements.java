package io.postpaid.payments;

import io.postpaid.account.Account;
import io.postpaid.account.Accounts;
import io.postpaid.billing.invoicing.CreditNote;
import io.postpaid.billing.invoicing.CreditNotes;
import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.billing.invoicing.InvoiceStatus;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.billing.invoicing.SettlementKind;
import io.postpaid.mail.Notice;
import io.postpaid.mail.NoticeKind;
import io.postpaid.mail.Outbox;
import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.platform.money.Amounts;
import io.postpaid.platform.money.Currencies;
import io.postpaid.platform.money.Payable;
import io.postpaid.platform.money.Rounding;
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
    private final PaidStore paid;
    private final TopUpStore topUps;
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
            PaidStore paid,
            TopUpStore topUps,
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
        this.paid = paid;
        this.topUps = topUps;
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
        if (number != null) find(number);
        return store.entries(number, limit);
    }

    /**
     * Records money that came in by bank transfer.
     *
     * @param reference what the bank calls it; the same again is refused, or does nothing
     * @param on the day it came, on which the invoice was issued or later; null for today
     */
    public Recorded record(String number, BigDecimal amount, String reference, @Nullable LocalDate on) {
        var known = find(number);
        mustTakeMoney(known, amount);
        var at = moved(reference, on, known.issuedOn(), "invoice " + number + " is issued");
        var earlier =
                store.booked(SettlementKind.TRANSFER.name(), reference) ? repeated(known, amount, reference) : null;
        if (earlier != null) return earlier;
        payments.mustKnow(known);
        return locked(known, invoice -> {
            mustTakeMoney(invoice, amount);
            // Somebody may have been faster.
            if (store.booked(SettlementKind.TRANSFER.name(), reference)) return repeated(invoice, amount, reference);
            var credit = cash.receive(invoice, SettlementKind.TRANSFER, amount, reference, at);
            carryWhatNoCardCanPay(invoices.get(invoice.id()));
            var after = invoices.get(invoice.id());
            if (invoice.status() != InvoiceStatus.PAID && after.status() == InvoiceStatus.PAID) {
                confirm(after, amount, reference);
            }
            recording.reactivate(after, clock.today());
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
        return Objects.requireNonNull(transaction.execute(status -> {
            attempts.lockAccount(id);
            var known = store.accountPayment(reference);
            if (known.isPresent()) {
                if (!known.get().getKey().equals(id) || known.get().getValue().compareTo(amount) != 0) {
                    throw taken(reference);
                }
            } else if (store.booked(SettlementKind.TRANSFER.name(), reference)) {
                throw taken(reference);
            } else {
                cash.receive(id, currency, amount, reference, at);
                recording.reactivate(id, "payment " + reference, clock.today());
            }
            var balance = store.balance(id, currency);
            return new RecordedForAccount(id, currency, known.isPresent(), balance.amount(), balance.owed());
        }));
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
        return Objects.requireNonNull(transaction.execute(status -> {
            attempts.lockAccount(id);
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
                recording.reactivate(id, "payment " + reference, clock.today());
            } else if (!known.get().getKey().equals(id)
                    || known.get().getValue().compareTo(amount) != 0) {
                throw taken(reference);
            }
            var after = store.balance(id, currency);
            return new RecordedForAccount(id, currency, known.isPresent(), after.amount(), after.owed());
        }));
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
        var before = store.entries(invoice.number(), Integer.MAX_VALUE).stream()
                .filter(entry -> entry.kind().equals(SettlementKind.TRANSFER.name())
                        && entry.reference().equals(reference))
                .map(Entry::amount)
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        if (before.compareTo(amount) != 0) {
            throw taken(reference);
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
            var open = invoices.writeOff(invoice, clock.instant());
            accounts.note(
                    invoice.account(),
                    "WRITTEN_OFF",
                    Amounts.text(open, invoice.currency()) + " of invoice " + number + ": " + reason);
            recording.reactivate(invoice, clock.today());
            return invoices.get(invoice.id());
        });
    }

    /** Takes an amount off an invoice by a credit note; what is paid already goes to the account balance. */
    public CreditNote credit(String number, BigDecimal amount, String reason) {
        var known = find(number);
        mustBeCreditable(known, amount);
        if (reason.isBlank()) throw new IllegalArgumentException("A credit note needs a reason, which it prints");
        payments.mustKnow(known);
        return locked(known, invoice -> {
            mustBeCreditable(invoice, amount);
            var note = notes.issue(invoice.id(), amount, reason);
            cash.useBalance(invoice.account(), invoice.currency(), clock.instant());
            var account = accounts.get(invoice.account());
            var view = new LinkedHashMap<String, @Nullable Object>(views.of(invoice, account, amount));
            view.put("credit_note", note.number());
            view.put("reason", reason);
            view.put("balance", note.freed().signum() == 0 ? null : Amounts.text(note.freed(), invoice.currency()));
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
        mustBeRefundable(amount, invoice.currency());
        payments.mustKnow(invoice);
        return refunds.refund(invoice, amount, reason);
    }

    /** Gives back what is left of a top-up. What Stripe is asked for is charged back to its card. */
    public Refund refundTopUp(String account, String reference, @Nullable BigDecimal amount, String reason) {
        var known = topUps.find(account, reference)
                .orElseThrow(() ->
                        new IllegalArgumentException("Account '" + account + "' has no top-up '" + reference + "'"));
        if (known.status() != TopUp.Status.SUCCEEDED) {
            throw new IllegalArgumentException("The top-up " + reference + " of " + account + " is " + known.status()
                    + ": only one that was charged can be refunded");
        }
        var wanted = amount == null ? left(known) : amount;
        Payable.check(wanted, known.currency());
        mustBeRefundable(wanted, known.currency());
        return refunds.refund(known, wanted, reason);
    }

    private BigDecimal left(TopUp topUp) {
        var left = Objects.requireNonNull(transaction.execute(status -> {
            attempts.lockAccount(topUp.account());
            return paid.of(topUp).facts().refundable();
        }));
        if (left.signum() == 0) {
            throw new IllegalArgumentException("Nothing of the top-up " + topUp.reference() + " of " + topUp.account()
                    + " is left: its credit is used, or was given back");
        }
        return left;
    }

    /** What may still be refunded of an invoice. */
    public BigDecimal refundable(Invoice invoice) {
        return Objects.requireNonNull(transaction.execute(status -> {
            attempts.lockAccount(invoice.account());
            return paid.of(invoice).map(of -> of.facts().refundable()).orElse(BigDecimal.ZERO);
        }));
    }

    /** Whether there is an invoice of this number. */
    public boolean isInvoice(String number) {
        return invoices.find(number).isPresent();
    }

    private Invoice find(String number) {
        return invoices.find(number)
                .orElseThrow(() -> new IllegalArgumentException(
                        "There is no invoice '" + number + "': ./postpaid invoices list --period P lists them"));
    }

    private static void mustBeRefundable(BigDecimal amount, String currency) {
        if (!MinorUnits.chargeable(amount, currency)) {
            throw new IllegalArgumentException(amount.toPlainString() + " " + currency
                    + " is no amount that Stripe can give back: give a multiple of "
                    + Currencies.get(currency).unit().toPlainString());
        }
    }

    private static void mustBeMoney(Invoice invoice, BigDecimal amount) {
        Payable.check(amount, invoice.currency());
    }

    /** Money that came is taken for whatever was issued, unless it is void: what is written off is paid by it, too. */
    private static void mustTakeMoney(Invoice invoice, BigDecimal amount) {
        mustBeMoney(invoice, amount);
        switch (invoice.status()) {
            case OPEN, PAID, UNCOLLECTIBLE -> {}
            case DRAFT, VOID ->
                throw new IllegalArgumentException("Invoice " + invoice.number() + " is " + invoice.status()
                        + " and owes nothing: for money that came all the same, ./postpaid payments record "
                        + invoice.account() + " " + amount.toPlainString() + " --reference R");
        }
    }

    private static void mustBeCreditable(Invoice invoice, BigDecimal amount) {
        mustBeMoney(invoice, amount);
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
