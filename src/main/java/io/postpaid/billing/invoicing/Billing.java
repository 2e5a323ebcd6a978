package io.postpaid.billing.invoicing;

import io.postpaid.billing.invoicing.Draft.Drafted;
import io.postpaid.billing.invoicing.Draft.Held;
import io.postpaid.billing.invoicing.DraftStore.HeldAccount;
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
import io.postpaid.pricing.pricebook.PriceBook;
import io.postpaid.pricing.pricebook.PriceBooks;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Draws up the invoices of a month and issues them: what the steps of the monthly run do, and a night for held accounts. */
@Component
class Billing {
    /** The step that holds what cannot be billed; what issuing finds is held in its name, since it has to be drafted again. */
    private static final String DRAFTING = "draft-invoices";

    private static final int PAGE = 1_000;

    private final DraftStore drafts;
    private final InvoiceStore invoices;
    private final PriceBooks prices;
    private final Taxations taxations;
    private final Drafting drafting;
    private final Outbox outbox;
    private final TransactionTemplate transaction;

    Billing(
            DraftStore drafts,
            InvoiceStore invoices,
            PriceBooks prices,
            Taxations taxations,
            Drafting drafting,
            Outbox outbox,
            PlatformTransactionManager transactions) {
        this.drafts = drafts;
        this.invoices = invoices;
        this.prices = prices;
        this.taxations = taxations;
        this.drafting = drafting;
        this.outbox = outbox;
        this.transaction = new TransactionTemplate(transactions);
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
                        drafts.drafted(period), account -> Item.account(account).in(period.firstDay()), account -> {
                            try {
                                return Done.of(0, issueOne(account, period), 0);
                            } catch (DataAccessException one) {
                                if (!Failure.ofEverything(one)) drafts.discard(account, period);
                                throw one;
                            }
                        })
                .heldBy(DRAFTING);
    }

    /** Issues all drafts of a period at once, and notifies those with nothing to pay, in one transaction. */
    private int issueAll(BillingPeriod period) {
        return Objects.requireNonNull(transaction.execute(status -> {
            int postings = drafts.issue(period, null);
            notifyOfNothingToPay(each -> invoices.eachIssued(period, each));
            return postings;
        }));
    }

    private int issueOne(String account, BillingPeriod period) {
        return Objects.requireNonNull(transaction.execute(status -> {
            int postings = drafts.issue(period, account);
            notifyOfNothingToPay(invoices.ofAccount(account).stream()
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
                        drafts.heldOfCompletedMonths(),
                        held -> Item.account(held.account()).in(held.period()),
                        this::billHeld)
                .heldBy(DRAFTING);
    }

    private Done billHeld(HeldAccount held) {
        var accounts = List.of(held.account());
        var period = BillingPeriod.of(held.period());
        return Objects.requireNonNull(transaction.execute(status -> {
            var still = draft(accounts, period, prices.load());
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

    private static Done.Held toHold(Held hold) {
        var held = Done.Held.account(hold.account(), hold.reason().name(), hold.detail());
        return hold.reason().waits() ? held.waiting() : held;
    }

    /** Draws up the invoices of some accounts of a run, whose usage is priced by now: drafts and holds. */
    Function<List<String>, List<Done.Held>> drafting(Run run) {
        var book = prices.load();
        return accounts -> draft(accounts, run.period(), book);
    }

    private List<Done.Held> draft(List<String> accounts, BillingPeriod period, PriceBook book) {
        var billables = drafts.billables(accounts, period, book);
        var taxation =
                taxations.of(period, billables.stream().map(Billable::account).toList());
        var onHold = drafts.onHold(accounts);
        var drawn = billables.stream()
                .map(facts -> {
                    var id = facts.account().id();
                    var why = onHold.get(id);
                    return why == null ? drafting.draft(facts, taxation) : new Held(id, Draft.Reason.ON_HOLD, why);
                })
                .toList();
        drafts.insert(drawn.stream()
                .filter(Drafted.class::isInstance)
                .map(Drafted.class::cast)
                .toList());
        var held = drawn.stream()
                .filter(Held.class::isInstance)
                .map(Held.class::cast)
                .toList();
        drafts.hold(accounts, held, period);
        return held.stream().map(Billing::toHold).toList();
    }
}
