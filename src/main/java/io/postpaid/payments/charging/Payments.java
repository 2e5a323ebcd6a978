package io.postpaid.payments.charging;

import io.postpaid.account.CardsOnFile;
import io.postpaid.payments.charging.Cards.Outcome.Attached;
import io.postpaid.payments.stripe.PaymentOutcome;
import io.postpaid.platform.calendar.BillingClock;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;

/** Payments by card: the attempts on an invoice, and a new card for what is open. */
@Component
public class Payments {
    private final Charging charging;
    private final Cards cards;
    private final AttemptStore attempts;
    private final CandidateStore candidates;
    private final CardsOnFile cardsOnFile;
    private final WaitingBalances balances;
    private final BillingClock clock;

    Payments(
            Charging charging,
            Cards cards,
            AttemptStore attempts,
            CandidateStore candidates,
            CardsOnFile cardsOnFile,
            WaitingBalances balances,
            BillingClock clock) {
        this.charging = charging;
        this.cards = cards;
        this.attempts = attempts;
        this.candidates = candidates;
        this.cardsOnFile = cardsOnFile;
        this.balances = balances;
        this.clock = clock;
    }

    /** What became of an invoice that was tried. */
    public record Charged(String invoice, PaymentOutcome outcome) {}

    /** What became of a new card, and of the open invoices that it was tried on. */
    public record NewCard(Cards.Outcome card, List<Charged> charges) {}

    /** The attempts on an invoice, the first one first. */
    public List<PaymentAttempt> attempts(long invoice) {
        return attempts.of(invoice);
    }

    /** Gives an account another card, and charges all that it has open to it at once. */
    public NewCard newCard(String account, String paymentMethod) {
        cardsOnFile.want(account, paymentMethod);
        return useWantedCard(account);
    }

    /** Attaches the card that an account wants, and charges all that it has open to it. */
    public NewCard useWantedCard(String account) {
        var outcome = cards.attach(account);
        var charges = new ArrayList<Charged>();
        if (outcome instanceof Attached) {
            // What a killed run had issued, and not paid from the balance yet.
            balances.use(account);
            for (var open : candidates.openOf(account)) {
                charging.resolveOrCharge(open, clock.today())
                        .ifPresent(charged -> charges.add(new Charged(open.number(), charged)));
            }
        }
        return new NewCard(outcome, charges);
    }
}
