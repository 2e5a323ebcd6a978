package io.postpaid.payments.topup;

import io.postpaid.account.Account;
import io.postpaid.account.Accounts;
import io.postpaid.billing.receipt.CreditPrice;
import io.postpaid.billing.receipt.TopUpDocuments;
import io.postpaid.billing.receipt.TopUpDocuments.Offer;
import io.postpaid.payments.charging.Cards;
import io.postpaid.payments.stripe.MinorUnits;
import io.postpaid.payments.stripe.PaymentGateway.UnusableException;
import io.postpaid.payments.topup.TopUps.Answer.AtBank;
import io.postpaid.payments.topup.TopUps.Answer.Cause;
import io.postpaid.payments.topup.TopUps.Answer.Refused;
import io.postpaid.payments.topup.TopUps.Answer.Taken;
import io.postpaid.platform.batch.Done;
import io.postpaid.platform.batch.Failure;
import io.postpaid.platform.batch.HeldException;
import io.postpaid.platform.batch.Item;
import io.postpaid.platform.batch.Items;
import io.postpaid.platform.batch.Run;
import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.platform.money.Amounts;
import io.postpaid.platform.template.CurrencySettings;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Credit bought by card, once for a reference. */
@Component
public class TopUps {
    private static final Logger LOG = LoggerFactory.getLogger(TopUps.class);
    /** For customers, who cannot mend it. */
    public static final String NOT_BILLABLE =
            "No invoice can be written for this account at the moment, so nothing was charged. Please write to us";

    /** The most at once, in smallest charges: USD 10,000.00. More is rather a slip of the hand. */
    private static final BigDecimal MOST = BigDecimal.valueOf(20_000);

    private static final int DIGITS_MAX = 19;
    private static final int REFERENCE_MAX = 255;
    private static final int SILENCES_MAX = 3;
    /** Whoever holds a key or a page must not try out cards with it. */
    private static final int DECLINES_MAX = 10;

    private static final Duration WINDOW = Duration.ofHours(1);

    private final TopUpStore store;
    private final TopUpCharging charging;
    private final Cards cards;
    private final Accounts accounts;
    private final TopUpDocuments documents;
    private final CurrencySettings currencies;
    private final BillingClock clock;

    TopUps(
            TopUpStore store,
            TopUpCharging charging,
            Cards cards,
            Accounts accounts,
            TopUpDocuments documents,
            CurrencySettings currencies,
            BillingClock clock) {
        this.store = store;
        this.charging = charging;
        this.cards = cards;
        this.accounts = accounts;
        this.documents = documents;
        this.currencies = currencies;
        this.clock = clock;
    }

    /** What became of the wish for credit. */
    public sealed interface Answer {

        /** @param known whether it was asked for before: it is the same top-up, charged once */
        record Taken(TopUp topUp, boolean known) implements Answer {}

        /** The customer has to confirm it at the bank, at this address. */
        record AtBank(TopUp topUp, String url) implements Answer {}

        /** Nothing was done; {@code why} says what to do. */
        record Refused(Cause cause, String why) implements Answer, Price {}

        /** What is in the way. */
        enum Cause {
            AMOUNT,
            REFERENCE,
            REFERENCE_TAKEN,
            NO_CARD,
            TOO_OFTEN,
            /** No invoice could be written for it: its tax, or the customer, is not known. */
            NOT_BILLABLE
        }
    }

    /** What credit would cost, or why it cannot be bought. */
    public Price price(String id, BigDecimal amount) {
        var account = accounts.get(id);
        var refused = refusal(account.currency(), amount, "any");
        return refused != null ? refused : priced(account, amount);
    }

    /** Where it is none, a {@link Answer.Refused}. */
    public sealed interface Price {
        /** What is charged, and what of it is tax. */
        record Of(CreditPrice price) implements Price {}
    }

    private Price priced(Account account, BigDecimal amount) {
        return switch (documents.offer(account, amount)) {
            case Offer.Held(var why) -> new Refused(Cause.NOT_BILLABLE, why);
            case Offer.Priced(var price) -> {
                var most = currencies.mostCharge(account.currency());
                yield price.total().compareTo(most) <= 0
                        ? new Price.Of(price)
                        : new Refused(
                                Cause.AMOUNT,
                                "With tax this is " + Amounts.text(price.total(), account.currency())
                                        + ", and at most " + Amounts.text(most, account.currency())
                                        + " can be charged at once");
            }
        };
    }

    /**
     * Charges credit to the account's card with the tax on it, and grants it.
     *
     * @param reference the same again is the same top-up, and shows what became of it
     */
    public Answer buy(String id, BigDecimal amount, String reference) {
        return buy(id, amount, reference, null);
    }

    /**
     * The same with the customer there, who may confirm at the bank.
     *
     * @param returnUrl where the bank sends the customer back to
     */
    public Answer buy(String id, BigDecimal amount, String reference, @Nullable String returnUrl) {
        var currency = accounts.get(id).currency();
        var earlier = store.find(id, reference);
        if (earlier.isPresent()) return again(earlier.get(), amount);
        var refused = refusal(currency, amount, reference);
        if (refused != null) return refused;
        // A card that came with an import is not attached before the next run.
        if (accounts.get(id).card() == null && cards.attach(id) instanceof Cards.Outcome.Refused(var code, var why)) {
            return new Refused(Cause.NO_CARD, why);
        }
        cards.sendDetails(id);
        var card = accounts.get(id).card();
        if (card == null) {
            return new Refused(
                    Cause.NO_CARD, "Account '" + id + "' has no card on file that could be charged: give it one first");
        }
        if (store.declinedSince(id, clock.instant().minus(WINDOW)) >= DECLINES_MAX) {
            return new Refused(
                    Cause.TOO_OFTEN,
                    "The card was declined " + DECLINES_MAX
                            + " times within an hour: use another card, or try again later");
        }
        var priced = priced(accounts.get(id), amount);
        if (priced instanceof Refused held) return held;
        var claimed = store.claim(
                new TopUpStore.Wish(id, reference, currency, card.paymentMethod(), returnUrl, null),
                ((Price.Of) priced).price(),
                clock.instant());
        if (claimed.isEmpty()) return again(store.find(id, reference).orElseThrow(), amount);
        charging.resolve(claimed.get());
        // Often only an answer was lost, and a second look shows the end at once.
        return taken(store.get(claimed.get().id()), false);
    }

    private Answer again(TopUp topUp, BigDecimal amount) {
        if (topUp.amount().compareTo(amount) == 0) return taken(topUp, true);
        return new Refused(
                Cause.REFERENCE_TAKEN,
                "The reference '" + topUp.reference() + "' stands for a top-up of "
                        + Amounts.text(topUp.amount(), topUp.currency())
                        + " already: give another top-up a reference of its own. Nothing was charged");
    }

    /**
     * The customer is back from the bank. Looks as an event of Stripe's would, and gives nothing up that the bank waits for.
     *
     * @return empty if there is no such top-up
     */
    public Optional<TopUp> back(String account, String reference) {
        return store.find(account, reference).map(this::resolved);
    }

    /** Finds out what became of those that customers have left without an answer to the bank. */
    public void resolveAbandoned() {
        for (var topUp : store.abandoned(clock.instant())) {
            try {
                if (!charging.resolve(topUp)) return;
            } catch (RuntimeException e) {
                // The next run holds it with its reason; the others go on.
                if (Failure.ofEverything(e)) throw e;
                LOG.warn("Top-up {} on a page has not ended: {}", topUp.id(), e.getMessage());
            }
        }
    }

    private Answer taken(TopUp topUp, boolean known) {
        var now = resolved(topUp);
        if (now.resolved()) return new Taken(now, known);
        return charging.bankPage(now).<Answer>map(url -> new AtBank(now, url)).orElseGet(() -> new Taken(now, known));
    }

    private TopUp resolved(TopUp topUp) {
        if (topUp.resolved()) return topUp;
        charging.resolve(topUp);
        return store.get(topUp.id());
    }

    /** Why an amount cannot be bought, if it cannot. */
    Optional<String> amountRefusal(String currency, BigDecimal amount) {
        var refused = refusal(currency, amount, "any");
        return refused == null ? Optional.empty() : Optional.of(refused.why());
    }

    private @Nullable Refused refusal(String currency, BigDecimal amount, String reference) {
        var least = currencies.leastCharge(currency);
        var most = least.multiply(MOST).min(currencies.mostCharge(currency));
        // Digits are counted first: an amount of a million digits is not written out.
        if ((long) amount.precision() - amount.scale() > DIGITS_MAX || amount.scale() > DIGITS_MAX) {
            return new Refused(
                    Cause.AMOUNT,
                    "This cannot be charged for a top-up: give an amount from " + Amounts.plain(least, currency)
                            + " to " + Amounts.plain(most, currency) + " " + currency);
        }
        if (!MinorUnits.chargeable(amount, currency) || amount.compareTo(least) < 0 || amount.compareTo(most) > 0) {
            return new Refused(
                    Cause.AMOUNT,
                    amount.toPlainString() + " " + currency + " cannot be charged for a top-up: give an amount from "
                            + Amounts.plain(least, currency) + " to " + Amounts.plain(most, currency));
        }
        if (reference.isBlank()
                || reference.length() > REFERENCE_MAX
                || reference.chars().anyMatch(Character::isISOControl)) {
            return new Refused(Cause.REFERENCE, "A reference has 1 to " + REFERENCE_MAX + " printable characters");
        }
        return null;
    }

    /** Finds out what became of the top-ups whose end is not known. What stays unknown does not stop the run. */
    Items<TopUp> unresolved(Run run) {
        var silences = new AtomicInteger();
        return Items.each(
                store.unresolved(clock.instant()),
                unresolved -> Item.of("top-up", unresolved.id(), unresolved.account()),
                unresolved -> resolve(unresolved, silences));
    }

    Done resolve(TopUp unresolved, AtomicInteger silences) {
        // Who is silent so often in a row is not asked for the others either: the next run does.
        if (silences.get() >= SILENCES_MAX) return Done.NOTHING;
        boolean answered = false;
        try {
            cards.sendDetails(unresolved.account());
            answered = charging.resolve(unresolved);
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
        LOG.warn(
                "It is not known yet what became of the top-up {} of {}, and the next run asks again: {}",
                after.reference(),
                after.account(),
                after.message());
        return Done.SKIPPED;
    }
}
