package io.postpaid.payments;

import io.postpaid.account.Accounts;
import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.mail.NoticeKind;
import io.postpaid.payments.AttemptStore.Candidate;
import io.postpaid.payments.CardOutcome.Attached;
import io.postpaid.payments.PaymentOutcome.Succeeded;
import io.postpaid.payments.PaymentOutcome.TooSmall;
import io.postpaid.payments.PaymentOutcome.Unknown;
import io.postpaid.platform.batch.Crew;
import io.postpaid.platform.batch.HeldException;
import io.postpaid.platform.batch.Item;
import io.postpaid.platform.batch.Run;
import io.postpaid.platform.batch.Tally;
import io.postpaid.platform.calendar.BillingClock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Function;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The collection of open invoices by card. */
@Component
public class Payments {
    private final Charging charging;
    private final Reactivation reactivation;
    private final Cards cards;
    private final CashBook cash;
    private final SettlementStore settlements;
    private final AttemptStore attempts;
    private final Accounts accounts;
    private final Invoices invoices;
    private final InvoiceMails mails;
    private final CollectionPolicy policy;
    private final StripeLine line;
    private final TransactionTemplate transaction;
    private final BillingClock clock;

    Payments(
            Charging charging,
            Reactivation reactivation,
            Cards cards,
            CashBook cash,
            SettlementStore settlements,
            AttemptStore attempts,
            Accounts accounts,
            Invoices invoices,
            InvoiceMails mails,
            CollectionPolicy policy,
            StripeLine line,
            PlatformTransactionManager transactions,
            BillingClock clock) {
        this.charging = charging;
        this.reactivation = reactivation;
        this.cards = cards;
        this.cash = cash;
        this.settlements = settlements;
        this.attempts = attempts;
        this.accounts = accounts;
        this.invoices = invoices;
        this.mails = mails;
        this.policy = policy;
        this.line = line;
        this.transaction = new TransactionTemplate(transactions);
        this.clock = clock;
    }

    /** What became of an invoice that was tried. */
    public record Charged(String invoice, PaymentOutcome outcome) {}

    /** What became of a new card, and of the open invoices that it was tried on. */
    public record NewCard(CardOutcome card, List<Charged> charges) {}

    /** The attempts on an invoice, the first one first. */
    public List<PaymentAttempt> attempts(long invoice) {
        return attempts.of(invoice);
    }

    /** Attaches the payment method that an account wants, and makes it its default. */
    public CardOutcome attach(String account) {
        return cards.attach(account);
    }

    /** Gives an account another card, and charges all that it has open to it at once. */
    public NewCard newCard(String account, String paymentMethod) {
        accounts.wantCard(account, paymentMethod);
        return useWantedCard(account);
    }

    /** Attaches the card that an account wants, and charges all that it has open to it. */
    NewCard useWantedCard(String account) {
        var outcome = cards.attach(account);
        var charges = new ArrayList<Charged>();
        if (outcome instanceof Attached) {
            for (var open : attempts.openOf(account)) {
                takeUp(open, clock.today())
                        .ifPresent(charged -> charges.add(
                                new Charged(invoices.get(open.invoice()).issuedNumber(), charged)));
            }
        }
        return new NewCard(outcome, charges);
    }

    /**
     * Ends the suspension of an account in the caller's transaction, if nothing overdue is left; to be called whenever
     * an invoice is settled in another way than by card.
     */
    public boolean reactivateIfNothingOverdue(Invoice settled, LocalDate today) {
        attempts.lockAccount(settled.account());
        return reactivation.after(settled, today);
    }

    /** What is not known of an earlier attempt comes first; a new one follows only where that ended without success. */
    private Optional<PaymentOutcome> takeUp(Candidate candidate, LocalDate today) {
        var unresolved = attempts.unresolvedOf(candidate.invoice());
        if (unresolved.isPresent()) {
            var outcome = charging.resolve(unresolved.get(), today);
            if (outcome.isPresent()
                    && (outcome.get() instanceof Succeeded
                            || outcome.get() instanceof Unknown
                            || outcome.get() instanceof TooSmall)) {
                return outcome;
            }
        }
        return charging.charge(candidate, today);
    }

    void attachCards(Run run, Tally tally) {
        var watch = line.watch();
        Crew.each(accountsWantingCards(), line.width(), account -> {
            tally.read(1);
            tally.item(Item.account(account), () -> attach(account, tally, watch));
        });
        watch.end();
    }

    private void attach(String account, Tally tally, StripeLine.Watch watch) {
        switch (cards.attach(account)) {
            case Attached attached -> {
                tally.written(1);
                watch.answered();
            }
            case CardOutcome.Refused refused -> {
                watch.answered();
                throw new HeldException("CARD_REFUSED " + refused.code(), refused.message(), null);
            }
            case CardOutcome.NothingWanted nothing -> {}
            case CardOutcome.Unknown(var why, var silent) -> {
                if (silent) {
                    watch.silent(why);
                    tally.skipped(1);
                } else {
                    watch.answered();
                    throw new HeldException("CARD_NOT_KNOWN", why, null);
                }
            }
        }
    }

    /** Charges the open invoices that nobody has tried: of the month, or by night those that a night has issued. */
    void chargeInvoices(Run run, Tally tally) {
        var today = clock.today();
        resolveAll(today, tally);
        boolean monthly = run.monthly();
        if (monthly) tally.expect(attempts.countUntried(run.period().firstDay()));
        var watch = line.watch();
        var untried = Crew.pages(
                behind -> monthly ? attempts.untried(run.period().firstDay(), behind) : attempts.untriedByNight(behind),
                Candidate::invoice);
        Crew.each(untried, line.width(), candidate -> {
            if (candidate.hasCard()) {
                charge(candidate, today, tally, watch);
            } else {
                tally.read(1);
                tally.skipped(1);
                tally.item(item(candidate), () -> tellNoCard(candidate.invoice()));
            }
        });
        watch.end();
    }

    /** Finds out what is not known; then tries again what is due to be. */
    void retry(Run run, Tally tally) {
        var today = run.date();
        resolveAll(today, tally);
        useBalances(today, tally);
        var watch = line.watch();
        var due = Crew.pages(behind -> attempts.retryable(today, policy.retryDays(), behind), Candidate::invoice);
        Crew.each(due, line.width(), candidate -> charge(candidate, today, tally, watch));
        watch.end();
    }

    /** What waited because a charge was not known is paid from the account balance now, where there is one. */
    private void useBalances(LocalDate today, Tally tally) {
        Crew.pages("", settlements::withBalanceAndOpenInvoice, Function.identity())
                .forEachRemaining(account -> tally.item(Item.account(account), () -> useBalance(account, today)));
    }

    private void useBalance(String account, LocalDate today) {
        transaction.executeWithoutResult(status -> {
            attempts.lockAccount(account);
            cash.useBalance(account, accounts.get(account).currency(), clock.instant());
            reactivation.after(account, "what was open", today);
        });
    }

    private void resolveAll(LocalDate today, Tally tally) {
        var watch = line.watch();
        var unresolved = Crew.pages(attempts::unresolved, PaymentAttempt::id);
        Crew.each(
                unresolved,
                line.width(),
                attempt -> tally.item(
                        Item.of("payment attempt", attempt.id(), null),
                        () -> charging.resolve(attempt, today).ifPresent(outcome -> count(outcome, tally, watch))));
        watch.end();
    }

    private void charge(Candidate candidate, LocalDate today, Tally tally, StripeLine.Watch watch) {
        tally.item(
                item(candidate),
                () -> charging.charge(candidate, today).ifPresent(outcome -> count(outcome, tally, watch)));
    }

    private Item item(Candidate candidate) {
        return Item.of("invoice", candidate.number(), candidate.account()).in(candidate.period());
    }

    private static void count(PaymentOutcome outcome, Tally tally, StripeLine.Watch watch) {
        tally.read(1);
        if (outcome instanceof Succeeded) {
            tally.written(1);
        } else {
            tally.skipped(1);
        }
        if (outcome instanceof Unknown(var why, var silent) && silent) {
            watch.silent(why);
        } else {
            watch.answered();
        }
    }

    private void tellNoCard(long id) {
        transaction.executeWithoutResult(status -> {
            var invoice = invoices.get(id);
            mails.queue(NoticeKind.NO_CARD, invoice, invoices.openAmount(invoice));
        });
    }

    private Iterator<String> accountsWantingCards() {
        return new Iterator<>() {
            private String behind = "";
            private Iterator<String> page = List.<String>of().iterator();

            @Override
            public boolean hasNext() {
                if (!page.hasNext())
                    page = attempts.accountsWantingCards(behind).iterator();
                return page.hasNext();
            }

            @Override
            public String next() {
                if (!hasNext()) throw new NoSuchElementException();
                behind = page.next();
                return behind;
            }
        };
    }
}
