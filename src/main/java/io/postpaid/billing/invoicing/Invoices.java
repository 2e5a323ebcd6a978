package io.postpaid.billing.invoicing;

import io.postpaid.billing.invoicing.Draft.Drafted;
import io.postpaid.billing.invoicing.Draft.Held;
import io.postpaid.billing.invoicing.InvoiceStore.HeldAccount;
import io.postpaid.credit.CreditLedger;
import io.postpaid.credit.LedgerAccount;
import io.postpaid.credit.Posting;
import io.postpaid.mail.Notice;
import io.postpaid.mail.NoticeKind;
import io.postpaid.mail.Outbox;
import io.postpaid.platform.batch.Done;
import io.postpaid.platform.batch.Failure;
import io.postpaid.platform.batch.Item;
import io.postpaid.platform.batch.Items;
import io.postpaid.platform.batch.Run;
import io.postpaid.platform.batch.Todo;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.money.Rounding;
import io.postpaid.platform.template.CurrencySettings;
import io.postpaid.platform.template.Seller;
import io.postpaid.pricing.pricebook.PriceBooks;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/** The invoices: drawn up and issued by the monthly run, settled by whoever receives the money. */
@Component
public class Invoices {
    /** The step that holds what cannot be billed; what issuing finds is held in its name, since it has to be drafted again. */
    private static final String DRAFTING = "draft-invoices";

    private static final int PAGE = 1_000;

    private final InvoiceStore store;
    private final PriceBooks prices;
    private final Seller seller;
    private final CurrencySettings currencies;
    private final Printability printability;
    private final CreditLedger ledger;
    private final Outbox outbox;
    private final TransactionTemplate transaction;

    Invoices(
            InvoiceStore store,
            PriceBooks prices,
            Seller seller,
            CurrencySettings currencies,
            Printability printability,
            CreditLedger ledger,
            Outbox outbox,
            PlatformTransactionManager transactions) {
        this.store = store;
        this.prices = prices;
        this.seller = seller;
        this.currencies = currencies;
        this.printability = printability;
        this.ledger = ledger;
        this.outbox = outbox;
        this.transaction = new TransactionTemplate(transactions);
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
    public void settle(long invoice, SettlementKind kind, BigDecimal amount, String reference, Instant at) {
        if (kind.opens()) throw new IllegalArgumentException(kind + " opens an invoice, it settles none");
        var open = store.lockOpenAmount(invoice);
        if (!store.settle(invoice, kind, amount, reference, at)) return;
        var settled = store.get(invoice);
        if (amount.compareTo(open) > 0) {
            throw new IllegalArgumentException(
                    "invoice " + settled.issuedNumber() + " has " + open + " open, not " + amount);
        }
        // A credit note posts itself, because it knows the tax in it.
        if (kind != SettlementKind.CREDIT_NOTE && kind != SettlementKind.CARRIED) {
            post(settled, kind, kind.account(), LedgerAccount.RECEIVABLE, amount, reference);
        }
        if (amount.compareTo(open) != 0) return;
        if (kind == SettlementKind.WRITE_OFF) {
            store.status(invoice, InvoiceStatus.UNCOLLECTIBLE);
        } else if (settled.status() == InvoiceStatus.OPEN
                || settled.status() == InvoiceStatus.UNCOLLECTIBLE
                        && writtenOff(invoice).signum() == 0) {
            store.status(invoice, InvoiceStatus.PAID);
        }
    }

    /** Gives up what is open of an invoice. */
    @Transactional
    public BigDecimal writeOff(Invoice invoice, Instant at) {
        var open = store.lockOpenAmount(invoice.id());
        var before = store.settlements(invoice.id()).stream()
                .filter(settlement -> settlement.kind() == SettlementKind.WRITE_OFF)
                .count();
        // What was written off, paid and taken back by a bank can be written off once more.
        var reference = invoice.issuedNumber() + (before == 0 ? "" : "/" + (before + 1));
        settle(invoice.id(), SettlementKind.WRITE_OFF, open, reference, at);
        return open;
    }

    /** Leaves what is open of an invoice to the account's next one, because it is too little to be charged. */
    @Transactional
    public BigDecimal carry(Invoice invoice, Instant at) {
        var open = store.lockOpenAmount(invoice.id());
        carry(invoice, open, at);
        return open;
    }

    /** The same for the part of it that is smaller than what can be charged in its currency. */
    @Transactional
    public void carryFraction(Invoice invoice, Instant at) {
        var open = store.lockOpenAmount(invoice.id());
        carry(invoice, open.subtract(Rounding.floor(open, invoice.currency())), at);
    }

    private void carry(Invoice invoice, BigDecimal amount, Instant at) {
        if (amount.signum() <= 0) return;
        var before = store.settlements(invoice.id()).stream()
                .filter(settlement -> settlement.kind() == SettlementKind.CARRIED)
                .count();
        settle(invoice.id(), SettlementKind.CARRIED, amount, invoice.issuedNumber() + "/" + (before + 1), at);
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
    public void reopen(long invoice, SettlementKind kind, BigDecimal amount, String reference, Instant at) {
        if (!kind.opens()) throw new IllegalArgumentException(kind + " settles an invoice, it opens none");
        store.lockOpenAmount(invoice);
        if (!store.settle(invoice, kind, amount.negate(), reference, at)) return;
        var opened = store.get(invoice);
        post(opened, kind, LedgerAccount.RECEIVABLE, kind.account(), amount, reference);
        // What is written off stays so while it is paid in parts.
        if (opened.status() == InvoiceStatus.PAID) store.status(invoice, InvoiceStatus.OPEN);
    }

    private void post(
            Invoice invoice,
            SettlementKind kind,
            LedgerAccount debit,
            LedgerAccount credit,
            BigDecimal amount,
            String reference) {
        ledger.post(List.of(Posting.of(
                invoice.account(),
                kind.posting(),
                debit,
                credit,
                amount,
                invoice.currency(),
                null,
                invoice.id(),
                kind + "/" + reference)));
    }

    /** The run's period, whose drafts are issued all at once; customers with nothing to pay get a mail that says so. */
    Items<BillingPeriod> period(Run run) {
        return Items.each(
                Todo.of(List.of(run.period()).iterator()),
                period -> Item.of("period", period, null).in(period.firstDay()),
                period -> {
                    try {
                        return Done.of(0, issueAll(period), 0);
                    } catch (DataAccessException all) {
                        // One of them is in the way of all: each by itself.
                        if (Failure.ofEverything(all)) throw all;
                        return Done.NOTHING;
                    }
                });
    }

    /** The accounts that are left of it: what cannot be issued is drawn up again later. */
    Items<String> drafted(Run run) {
        var period = run.period();
        return Items.each(
                        store.drafted(period), account -> Item.account(account).in(period.firstDay()), account -> {
                            try {
                                return Done.of(0, issueOne(account, period), 0);
                            } catch (DataAccessException one) {
                                if (!Failure.ofEverything(one)) store.discard(account, period);
                                throw one;
                            }
                        })
                .heldBy(DRAFTING);
    }

    /** Issues all drafts of a period at once, and notifies those with nothing to pay, in one transaction. */
    private int issueAll(BillingPeriod period) {
        return Objects.requireNonNull(transaction.execute(status -> {
            int postings = store.issue(period, null, currencies);
            notifyOfNothingToPay(each -> store.eachIssued(period, each));
            return postings;
        }));
    }

    private int issueOne(String account, BillingPeriod period) {
        return Objects.requireNonNull(transaction.execute(status -> {
            int postings = store.issue(period, account, currencies);
            notifyOfNothingToPay(store.ofAccount(account).stream()
                    .filter(invoice -> invoice.period().equals(period))::forEach);
            return postings;
        }));
    }

    private void notifyOfNothingToPay(Consumer<Consumer<Invoice>> issued) {
        var page = new ArrayList<Notice>();
        issued.accept(invoice -> {
            if (invoice.amountDue().signum() != 0) return;
            page.add(nothingToPay(invoice));
            if (page.size() == PAGE) {
                outbox.queueAll(page);
                page.clear();
            }
        });
        outbox.queueAll(page);
    }

    /** The accounts that a completed month had to hold, the earliest period first, each billed in a transaction. */
    Items<HeldAccount> held(Run run) {
        return Items.each(
                        store.heldOfCompletedMonths(),
                        held -> Item.account(held.account()).in(held.period()),
                        this::billHeld)
                .heldBy(DRAFTING);
    }

    private Done billHeld(HeldAccount held) {
        var accounts = List.of(held.account());
        var period = BillingPeriod.of(held.period());
        return Objects.requireNonNull(transaction.execute(status -> {
            var still = draft(accounts, Run.ofMonth(period));
            if (still.isEmpty()) issueOne(held.account(), period);
            return Done.of(accounts, still);
        }));
    }

    private static Notice nothingToPay(Invoice invoice) {
        return new Notice(
                invoice.account(),
                invoice.carriedForward().signum() == 0 ? NoticeKind.INVOICE_COVERED : NoticeKind.AMOUNT_CARRIED,
                invoice.issuedNumber(),
                invoice.customer().email(),
                Map.of(
                        "account",
                                Map.of(
                                        "id",
                                        invoice.account(),
                                        "name",
                                        invoice.customer().name()),
                        "invoice", invoice.view()),
                invoice.pdfFile());
    }

    private Draft draft(Billable facts) {
        return printability
                .objection(BilledTo.of(facts.account()), facts.words())
                .<Draft>map(objection -> new Held(facts.account().id(), Draft.Reason.NOT_PRINTABLE, objection))
                .orElseGet(() -> Drafting.draft(facts, seller, currencies));
    }

    /** Draws up the invoices of some accounts: drafts and holds. */
    List<Done.Held> draft(List<String> accounts, Run run) {
        var period = run.period();
        var drafts = store.billables(accounts, period, prices.load()).stream()
                .map(this::draft)
                .toList();
        store.insert(drafts.stream()
                .filter(Drafted.class::isInstance)
                .map(Drafted.class::cast)
                .toList());
        var held = drafts.stream()
                .filter(Held.class::isInstance)
                .map(Held.class::cast)
                .toList();
        store.hold(accounts, held, period);
        return held.stream()
                .map(hold -> Done.Held.account(hold.account(), hold.reason().name(), hold.detail()))
                .toList();
    }
}
