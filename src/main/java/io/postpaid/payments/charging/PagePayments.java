package io.postpaid.payments.charging;

import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.payments.charging.Claims.Visit;
import io.postpaid.payments.stripe.PaymentOutcome;
import io.postpaid.payments.stripe.PaymentOutcome.AtBank;
import io.postpaid.payments.stripe.PaymentOutcome.Unknown;
import io.postpaid.platform.batch.Failure;
import io.postpaid.platform.calendar.BillingClock;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Payments with the customer there, who can confirm at the bank. A page tries the invoice's one intent as a run does; for as
 * long as the customer may be at the bank, no run tries it beside.
 */
@Component
public class PagePayments {
    private static final Logger LOG = LoggerFactory.getLogger(PagePayments.class);
    /** Cards are tried no more often than this, whoever presses the button. */
    private static final int TRIES_MAX = 5;

    private static final Duration WINDOW = Duration.ofHours(1);

    private final Charging charging;
    private final Cards cards;
    private final AttemptStore attempts;
    private final CandidateStore candidates;
    private final WaitingBalances balances;
    private final BillingClock clock;

    PagePayments(
            Charging charging,
            Cards cards,
            AttemptStore attempts,
            CandidateStore candidates,
            WaitingBalances balances,
            BillingClock clock) {
        this.charging = charging;
        this.cards = cards;
        this.attempts = attempts;
        this.candidates = candidates;
        this.balances = balances;
        this.clock = clock;
    }

    /** The invoice was tried too often within an hour. */
    public static final class TooOftenException extends RuntimeException {
        TooOftenException() {
            super("This invoice was tried " + TRIES_MAX + " times within an hour: try again later", null, false, false);
        }
    }

    /**
     * Charges an invoice to the card on file.
     *
     * @param card the payment method that the customer saw
     * @param returnUrl where the bank sends the customer back to
     * @return what became of it, or empty if there is nothing to pay any more, or another card by now
     * @throws TooOftenException if it was tried too often
     */
    public Optional<PaymentOutcome> pay(Invoice invoice, String card, String returnUrl) {
        balances.use(invoice.account());
        cards.sendDetails(invoice.account());
        var open = candidates.open(invoice.account(), invoice.id());
        if (open.isEmpty() || !open.get().hasCard()) return Optional.empty();
        var before = attempts.unresolvedOf(invoice.id())
                // At the bank with another card: the customer has thought better of it.
                .flatMap(attempt -> attempt.paymentMethod().equals(card)
                        ? charging.resolve(attempt, clock.today())
                        : charging.giveUp(attempt, clock.today()))
                .filter(Charging::bars);
        if (before.isPresent()) return before;
        if (attempts.onPageSince(invoice.id(), clock.instant().minus(WINDOW)) >= TRIES_MAX)
            throw new TooOftenException();
        return charging.charge(open.get(), clock.today(), new Visit(card, returnUrl));
    }

    /**
     * The customer is back from the bank. Looks as an event of Stripe's would, and gives nothing up that the bank waits for.
     *
     * @return what became of it, or empty if it has had its end before
     */
    public Optional<PaymentOutcome> back(Invoice invoice) {
        return attempts.unresolvedOf(invoice.id())
                .filter(PaymentAttempt::atBank)
                .flatMap(attempt -> charging.resolve(attempt, clock.today()));
    }

    /** Whether the bank waits for the customer. */
    public boolean waits(Invoice invoice) {
        return attempts.unresolvedOf(invoice.id())
                .filter(attempt -> attempt.atBank() && attempt.waitsForCustomer(clock.instant()))
                .isPresent();
    }

    /** Finds out what became of the pages that customers have left. */
    public void resolveAbandoned() {
        for (var attempt : attempts.abandoned(clock.instant())) {
            try {
                var outcome = charging.resolve(attempt, clock.today());
                LOG.info("Payment attempt {} on a page has ended: {}", attempt.id(), outcome);
                // Stripe is silent: the others wait for the next look.
                if (outcome.filter(PagePayments::silent).isPresent()) return;
            } catch (RuntimeException e) {
                // The next run holds it with its reason; the others go on.
                if (Failure.ofEverything(e)) throw e;
                LOG.warn("Payment attempt {} on a page has not ended: {}", attempt.id(), e.getMessage());
            }
        }
    }

    private static boolean silent(PaymentOutcome outcome) {
        return outcome instanceof Unknown(var why, var silent) && silent || outcome instanceof AtBank;
    }
}
