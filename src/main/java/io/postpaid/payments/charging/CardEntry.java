package io.postpaid.payments.charging;

import io.postpaid.payments.charging.Cards.Outcome.Attached;
import io.postpaid.payments.charging.Cards.Outcome.NothingWanted;
import io.postpaid.payments.charging.Cards.Outcome.Unknown;
import io.postpaid.payments.charging.Payments.NewCard;
import io.postpaid.payments.stripe.PaymentGateway.NoAnswerException;
import io.postpaid.payments.stripe.PaymentGateway.RefusedException;
import io.postpaid.payments.stripe.StripeBooks;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Cards that customers enter on a page of Stripe's: no number of a card ever passes through here. */
@Component
public class CardEntry {
    private static final Logger LOG = LoggerFactory.getLogger(CardEntry.class);

    private final Cards cards;
    private final CardSetups setups;
    private final Payments payments;
    private final StripeBooks stripe;

    CardEntry(Cards cards, CardSetups setups, Payments payments, StripeBooks stripe) {
        this.cards = cards;
        this.setups = setups;
        this.payments = payments;
        this.stripe = stripe;
    }

    /**
     * A page for the customer of an account.
     *
     * @param occasion the same again leads to the same page
     * @param successUrl where it leads to, with the page's id for {@code {CHECKOUT_SESSION_ID}}
     * @return its address, or empty if Stripe gives none now
     */
    public Optional<String> page(String account, String occasion, String successUrl, String cancelUrl) {
        try {
            return Optional.of(cards.page(account, occasion, successUrl, cancelUrl));
        } catch (NoAnswerException | RefusedException e) {
            LOG.warn("Stripe gives no page for a card of account {}: {}", account, e.getMessage());
            return Optional.empty();
        }
    }

    /**
     * The customer is back: the card becomes the one on file, and what is open is charged to it, once.
     *
     * @return empty if no card was entered on this page by this customer
     */
    public Optional<NewCard> entered(String account, String page) {
        try {
            return stripe.setupOnPage(page)
                    .filter(setup ->
                            setups.accountOf(setup).filter(account::equals).isPresent())
                    .map(setup -> {
                        // Taken now, or before by a process that has died. What else is wanted is no matter of this
                        // page.
                        boolean use = setups.take(account, setup) || setups.wanted(account, setup);
                        if (use) return payments.useWantedCard(account);
                        // Stripe's event may have been faster.
                        return new NewCard(
                                setups.onFile(account, setup)
                                        .<Cards.Outcome>map(Attached::new)
                                        .orElseGet(NothingWanted::new),
                                List.of());
                    });
        } catch (RefusedException e) {
            return Optional.empty();
        } catch (NoAnswerException e) {
            return Optional.of(new NewCard(new Unknown(e.getMessage(), true), List.of()));
        }
    }
}
