package io.postpaid.payments.topup;

import io.postpaid.account.Account;
import io.postpaid.account.Accounts;
import io.postpaid.credit.CreditLedger;
import io.postpaid.credit.GrantKind;
import io.postpaid.mail.Notice;
import io.postpaid.mail.NoticeKind;
import io.postpaid.mail.Outbox;
import io.postpaid.payments.charging.CardOutcome;
import io.postpaid.payments.charging.Cards;
import io.postpaid.payments.charging.Recording;
import io.postpaid.payments.stripe.Decline;
import io.postpaid.payments.stripe.Declines;
import io.postpaid.payments.stripe.Installation;
import io.postpaid.payments.stripe.Intent;
import io.postpaid.payments.stripe.MinorUnits;
import io.postpaid.payments.stripe.PaymentGateway;
import io.postpaid.payments.stripe.PaymentGateway.NewIntent;
import io.postpaid.payments.stripe.PaymentGateway.NoAnswerException;
import io.postpaid.payments.stripe.PaymentGateway.RefusedException;
import io.postpaid.payments.stripe.PaymentGateway.UnusableException;
import io.postpaid.payments.stripe.PaymentOutcome.NeedsCustomer;
import io.postpaid.payments.stripe.PaymentOutcome.Succeeded;
import io.postpaid.payments.stripe.StripeLine;
import io.postpaid.payments.topup.TopUp.Status;
import io.postpaid.platform.batch.Done;
import io.postpaid.platform.batch.HeldException;
import io.postpaid.platform.batch.Item;
import io.postpaid.platform.batch.Items;
import io.postpaid.platform.batch.Run;
import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.platform.money.Amounts;
import io.postpaid.platform.template.CurrencySettings;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Credit bought by card: claim, create the intent, confirm it, record, each committed before the next begins, as with
 * invoices. There is one try: an intent that it leaves payable is cancelled, and only then the top-up has its end.
 */
@Component
public class TopUps {
    /** The most at once, in smallest charges: USD 10,000.00. More is rather a slip of the hand. */
    private static final BigDecimal MOST = BigDecimal.valueOf(20_000);

    private static final int DIGITS_MAX = 19;
    private static final int REFERENCE_MAX = 255;
    private static final int SILENCES_MAX = 3;
    private static final Set<String> PAYABLE =
            Set.of("requires_payment_method", "requires_confirmation", "requires_action");

    private final TopUpStore store;
    private final PaymentGateway gateway;
    private final Installation installation;
    private final Cards cards;
    private final Accounts accounts;
    private final CreditLedger ledger;
    private final Outbox outbox;
    private final StripeLine line;
    private final CurrencySettings currencies;
    private final TransactionTemplate transaction;
    private final BillingClock clock;

    TopUps(
            TopUpStore store,
            PaymentGateway gateway,
            Installation installation,
            Cards cards,
            Accounts accounts,
            CreditLedger ledger,
            Outbox outbox,
            StripeLine line,
            CurrencySettings currencies,
            PlatformTransactionManager transactions,
            BillingClock clock) {
        this.store = store;
        this.gateway = gateway;
        this.installation = installation;
        this.cards = cards;
        this.accounts = accounts;
        this.ledger = ledger;
        this.outbox = outbox;
        this.line = line;
        this.currencies = currencies;
        this.transaction = new TransactionTemplate(transactions);
        this.clock = clock;
    }

    /** What became of the wish for credit. */
    public sealed interface Answer {

        /** @param known whether it was asked for before: it is the same top-up, charged once */
        record Taken(TopUp topUp, boolean known) implements Answer {}

        /** Nothing was done; {@code why} says what to do. */
        record Refused(Cause cause, String why) implements Answer {}

        /** What is in the way. */
        public enum Cause {
            AMOUNT,
            REFERENCE,
            REFERENCE_TAKEN,
            NO_CARD
        }
    }

    /**
     * Charges an amount to the account's card, and grants it as credit.
     *
     * @param reference the same again is the same top-up, and tells what became of it
     */
    public Answer buy(String id, BigDecimal amount, String reference) {
        var account = accounts.get(id);
        var earlier = store.find(id, reference);
        if (earlier.isPresent()) return again(earlier.get(), amount);
        var refused = refusal(account, amount, reference);
        if (refused != null) return refused;
        // A card that came with an import is not attached before the next run.
        if (account.card() == null
                && account.paymentMethodWanted() != null
                && cards.attach(id) instanceof CardOutcome.Refused(var code, var why)) {
            return new Answer.Refused(Answer.Cause.NO_CARD, why);
        }
        var card = accounts.get(id).card();
        if (card == null) {
            return new Answer.Refused(
                    Answer.Cause.NO_CARD,
                    "Account '" + id + "' has no card on file that could be charged: give it one first");
        }
        var claimed = store.claim(id, reference, amount, account.currency(), card.paymentMethod(), clock.instant());
        if (claimed.isEmpty()) return again(store.find(id, reference).orElseThrow(), amount);
        var topUp = claimed.get();
        resolve(topUp);
        var after = store.get(topUp.id());
        // Often only an answer was lost, and a second look tells the truth at once.
        if (!after.resolved()) resolve(after);
        return new Answer.Taken(store.get(topUp.id()), false);
    }

    private Answer again(TopUp topUp, BigDecimal amount) {
        if (topUp.amount().compareTo(amount) != 0) {
            return new Answer.Refused(
                    Answer.Cause.REFERENCE_TAKEN,
                    "The reference '" + topUp.reference() + "' stands for a top-up of "
                            + Amounts.text(topUp.amount(), topUp.currency())
                            + " already: give another top-up a reference of its own. Nothing was charged");
        }
        if (!topUp.resolved()) resolve(topUp);
        return new Answer.Taken(store.get(topUp.id()), true);
    }

    private Answer.@Nullable Refused refusal(Account account, BigDecimal amount, String reference) {
        var currency = account.currency();
        var least = currencies.leastCharge(currency);
        var most = least.multiply(MOST).min(currencies.mostCharge(currency));
        // Digits are counted first: an amount of a million digits is not written out.
        if ((long) amount.precision() - amount.scale() > DIGITS_MAX || amount.scale() > DIGITS_MAX) {
            return new Answer.Refused(
                    Answer.Cause.AMOUNT,
                    "This cannot be charged for a top-up: give an amount from " + Amounts.plain(least, currency)
                            + " to " + Amounts.plain(most, currency) + " " + currency);
        }
        if (!MinorUnits.chargeable(amount, currency) || amount.compareTo(least) < 0 || amount.compareTo(most) > 0) {
            return new Answer.Refused(
                    Answer.Cause.AMOUNT,
                    amount.toPlainString() + " " + currency + " cannot be charged for a top-up: give an amount from "
                            + Amounts.plain(least, currency) + " to " + Amounts.plain(most, currency));
        }
        if (reference.isBlank()
                || reference.length() > REFERENCE_MAX
                || reference.chars().anyMatch(Character::isISOControl)) {
            return new Answer.Refused(
                    Answer.Cause.REFERENCE, "A reference has 1 to " + REFERENCE_MAX + " printable characters");
        }
        return null;
    }

    /** Finds out what became of the top-ups whose end is not known. What stays unknown does not stop the run. */
    public Items<TopUp> unresolved(Run run) {
        var silences = new AtomicInteger();
        return Items.each(
                store.unresolved(),
                unresolved -> Item.of("top-up", unresolved.id(), unresolved.account()),
                unresolved -> resolve(unresolved, silences));
    }

    private Done resolve(TopUp unresolved, AtomicInteger silences) {
        // Who is silent so often in a row is not asked for the others either: the next run does.
        if (silences.get() >= SILENCES_MAX) return Done.NOTHING;
        boolean answered = false;
        try {
            answered = resolve(unresolved);
            if (answered) {
                silences.set(0);
            } else {
                silences.incrementAndGet();
            }
        } catch (UnusableException e) {
            // The steps that are nothing without Stripe fail the run.
            store.unknown(unresolved.id(), Objects.requireNonNullElse(e.getMessage(), "It is not set up"));
            silences.set(SILENCES_MAX);
        }
        var after = store.get(unresolved.id());
        if (after.resolved()) return Done.WRITTEN;
        if (answered) {
            throw new HeldException(
                    "TOP_UP_NOT_KNOWN",
                    "it is not known yet what became of the top-up " + after.reference() + ": " + after.message(),
                    null);
        }
        line.warn("It is not known yet what became of the top-up " + after.reference() + " of " + after.account()
                + ", and the next run asks again: " + after.message());
        return Done.SKIPPED;
    }

    /**
     * Goes on with a top-up where it stopped, wherever that was.
     *
     * @return false if Stripe gave no answer at all
     */
    private boolean resolve(TopUp topUp) {
        try {
            var young = installation.keyLives(topUp.claimedAt(), clock.instant());
            var intent = young ? Optional.of(created(topUp)) : known(topUp);
            if (intent.isEmpty()) {
                transaction.executeWithoutResult(status -> record(topUp, null));
                return true;
            }
            var seen = gateway.get(intent.get());
            var tried = young && untried(topUp, seen) ? confirmed(topUp, seen) : seen;
            var closed = closed(topUp, tried);
            transaction.executeWithoutResult(status -> record(topUp, closed));
            return true;
        } catch (NoAnswerException e) {
            store.unknown(topUp.id(), e.getMessage());
            return e.heard();
        } catch (RefusedException e) {
            var decline = Declines.ofRefusal(e);
            if (decline.isPresent()) {
                store.declined(topUp.id(), decline.get());
                transaction.executeWithoutResult(status -> record(topUp, null));
            } else {
                store.unknown(topUp.id(), e.getMessage());
            }
            return true;
        }
    }

    /** The top-up's one intent, created by the same key as often as it takes. */
    private String created(TopUp topUp) {
        var stored = topUp.intent();
        if (stored != null) return stored;
        var id = gateway.createOrFind(
                        key(topUp, "create"),
                        new NewIntent(
                                MinorUnits.of(topUp.amount(), topUp.currency()),
                                topUp.currency(),
                                customer(topUp),
                                "Credit " + topUp.reference(),
                                "CREDIT " + topUp.id(),
                                metadata(topUp)))
                .id();
        store.created(topUp.id(), id);
        return id;
    }

    /** The intent's id, if it was created and that is known here, or can be seen at Stripe. */
    private Optional<String> known(TopUp topUp) {
        var stored = topUp.intent();
        if (stored != null) return Optional.of(stored);
        var found = gateway.find(customer(topUp), metadata(topUp)).map(Intent::id);
        found.ifPresent(id -> store.created(topUp.id(), id));
        return found;
    }

    /** Whether the card may not have been tried yet. A try may also be in flight: the same key makes it the same one. */
    public static boolean untried(TopUp topUp, Intent seen) {
        return (seen.status().equals("requires_payment_method") || seen.status().equals("requires_confirmation"))
                && seen.lastError() == null
                && topUp.declineCode() == null;
    }

    private Intent confirmed(TopUp topUp, Intent seen) {
        try {
            return gateway.confirm(key(topUp, "confirm"), seen.id(), topUp.paymentMethod());
        } catch (RefusedException e) {
            if (e.code().equals("payment_intent_unexpected_state")) return gateway.get(seen.id());
            store.declined(topUp.id(), Declines.ofRefusal(e).orElseThrow(() -> e));
            return seen;
        }
    }

    /**
     * Cancels an intent that could be paid later, outside of any transaction.
     *
     * @return the intent as it is then: succeeded, cancelled, or, where the bank takes its time, neither yet
     */
    public Intent closed(TopUp topUp, Intent seen) {
        if (!PAYABLE.contains(seen.status())) return seen;
        var decline = seen.lastError();
        if (decline == null && seen.outcome() instanceof NeedsCustomer(var authentication)) decline = authentication;
        if (decline != null) store.declined(topUp.id(), decline);
        try {
            // Cancelling twice is the same as once; a failure that an old key keeps would not go away.
            return gateway.cancel(key(topUp, "cancel/" + UUID.randomUUID()), seen.id());
        } catch (RefusedException e) {
            if (!e.code().equals("payment_intent_unexpected_state")) throw e;
            return gateway.get(seen.id());
        }
    }

    /**
     * Writes down the end of a top-up with all that follows from it, once, in the caller's transaction.
     *
     * @param closed its intent, or null if there is none
     * @return whether this was the end
     */
    public boolean record(TopUp topUp, @Nullable Intent closed) {
        var account = accounts.locked(topUp.account());
        var now = store.get(topUp.id());
        if (now.resolved()) return false;
        if (closed != null && closed.outcome() instanceof Succeeded paid) {
            succeeded(now, paid, account);
        } else if (closed == null || closed.status().equals("canceled")) {
            var decline = now.decline() != null || closed == null ? now.decline() : closed.lastError();
            store.ended(now.id(), status(decline), decline, clock.instant());
        } else {
            store.unknown(now.id(), "Stripe shows " + closed.id() + " as " + closed.status());
            return false;
        }
        return true;
    }

    private static Status status(@Nullable Decline decline) {
        if (decline == null) return Status.NOT_EXECUTED;
        return Declines.outcome(decline) instanceof NeedsCustomer ? Status.NEEDS_CUSTOMER : Status.DECLINED;
    }

    private void succeeded(TopUp topUp, Succeeded paid, Account account) {
        var grant = ledger.grant(account.id(), topUp.amount(), GrantKind.TOP_UP, null);
        store.succeeded(topUp.id(), paid.charge(), grant.id(), clock.instant());
        outbox.queue(new Notice(
                account.id(),
                NoticeKind.TOP_UP_SUCCEEDED,
                "top-up/" + topUp.id(),
                account.email(),
                Map.of(
                        "account", Map.of("name", account.name(), "id", account.id()),
                        "card", Recording.card(account, topUp.paymentMethod()),
                        "reference", topUp.reference(),
                        "amount", Amounts.text(topUp.amount(), topUp.currency()),
                        "balance", Amounts.text(ledger.balance(account.id(), clock.today()), topUp.currency())),
                null));
    }

    private String customer(TopUp topUp) {
        return Objects.requireNonNull(
                accounts.get(topUp.account()).stripeCustomer(), "a card without a customer at Stripe");
    }

    private String key(TopUp topUp, String action) {
        return installation.key("top-up/" + topUp.id() + "/" + action);
    }

    private Map<String, String> metadata(TopUp topUp) {
        return Map.of(
                "top_up", Long.toString(topUp.id()), "account", topUp.account(), "installation", installation.id());
    }
}
