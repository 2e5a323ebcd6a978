package io.postpaid.payments.charging;

import io.postpaid.account.Accounts;
import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.mail.NoticeKind;
import io.postpaid.payments.charging.AttemptStore.Candidate;
import io.postpaid.payments.charging.CardOutcome.Attached;
import io.postpaid.payments.stripe.PaymentOutcome;
import io.postpaid.payments.stripe.PaymentOutcome.Succeeded;
import io.postpaid.payments.stripe.PaymentOutcome.TooSmall;
import io.postpaid.payments.stripe.PaymentOutcome.Unknown;
import io.postpaid.payments.stripe.StripeLine;
import io.postpaid.platform.batch.Done;
import io.postpaid.platform.batch.HeldException;
import io.postpaid.platform.batch.Item;
import io.postpaid.platform.batch.Items;
import io.postpaid.platform.batch.Run;
import io.postpaid.platform.batch.Todo;
import io.postpaid.platform.calendar.BillingClock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
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
    private final CashStore balances;
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
            CashStore balances,
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
        this.balances = balances;
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
    public NewCard useWantedCard(String account) {
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

    Items<String> cardsWanted(Run run) {
        var watch = line.watch();
        return Items.each(attempts.accountsWantingCards(), Item::account, account -> attach(account, watch))
                .atOnce(line.width())
                .then(watch::end);
    }

    private Done attach(String account, StripeLine.Watch watch) {
        return switch (cards.attach(account)) {
            case Attached attached -> {
                watch.answered();
                yield Done.WRITTEN;
            }
            case CardOutcome.Refused refused -> {
                watch.answered();
                throw new HeldException("CARD_REFUSED " + refused.code(), refused.message(), null);
            }
            case CardOutcome.NothingWanted nothing -> Done.READ;
            case CardOutcome.Unknown(var why, var silent) -> {
                if (silent) {
                    watch.silent(why);
                    yield Done.SKIPPED;
                }
                watch.answered();
                throw new HeldException("CARD_NOT_KNOWN", why, null);
            }
        };
    }

    /** The open invoices that nobody has tried: of the month, or by night those that a night has issued. */
    public Items<Candidate> untried(Run run) {
        var today = clock.today();
        var untried = run.monthly() ? attempts.untried(run.period().firstDay()) : attempts.untriedByNight();
        return charges(untried, (candidate, watch) -> {
            if (candidate.hasCard()) return charge(candidate, today, watch);
            tellNoCard(candidate.invoice());
            return Done.SKIPPED;
        });
    }

    /** What is due to be tried again. */
    Items<Candidate> retryable(Run run) {
        var today = run.date();
        return charges(
                attempts.retryable(today, policy.retryDays()), (candidate, watch) -> charge(candidate, today, watch));
    }

    private Items<Candidate> charges(Todo<Candidate> todo, BiFunction<Candidate, StripeLine.Watch, Done> work) {
        var watch = line.watch();
        return Items.each(todo, Payments::item, candidate -> work.apply(candidate, watch))
                .atOnce(line.width())
                .then(watch::end);
    }

    /** What waited because a charge was not known is paid from the account balance now, where there is one. */
    public Items<String> balances(Run run) {
        return Items.each(balances.withBalanceAndOpenInvoice(), Item::account, account -> {
            transaction.executeWithoutResult(status -> {
                attempts.lockAccount(account);
                cash.useBalance(account, accounts.get(account).currency(), clock.instant());
                reactivation.after(account, "what was open", run.date());
            });
            return Done.NOTHING;
        });
    }

    /** The attempts of which it is not known what became of them. */
    public Items<PaymentAttempt> unresolved(LocalDate today) {
        var watch = line.watch();
        return Items.each(
                        attempts.unresolved(),
                        attempt -> Item.of("payment attempt", attempt.id(), null),
                        attempt -> done(charging.resolve(attempt, today), watch))
                .atOnce(line.width())
                .then(watch::end);
    }

    private Done charge(Candidate candidate, LocalDate today, StripeLine.Watch watch) {
        return done(charging.charge(candidate, today), watch);
    }

    private static Item item(Candidate candidate) {
        return Item.of("invoice", candidate.number(), candidate.account()).in(candidate.period());
    }

    private static Done done(Optional<PaymentOutcome> outcome, StripeLine.Watch watch) {
        if (outcome.isEmpty()) return Done.NOTHING;
        if (outcome.get() instanceof Unknown(var why, var silent) && silent) {
            watch.silent(why);
        } else {
            watch.answered();
        }
        return outcome.get() instanceof Succeeded ? Done.WRITTEN : Done.SKIPPED;
    }

    private void tellNoCard(long id) {
        transaction.executeWithoutResult(status -> {
            var invoice = invoices.get(id);
            mails.queue(NoticeKind.NO_CARD, invoice, invoices.openAmount(invoice));
        });
    }
}
