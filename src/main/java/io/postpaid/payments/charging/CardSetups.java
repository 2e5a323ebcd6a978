package io.postpaid.payments.charging;

import io.postpaid.account.Accounts;
import io.postpaid.account.Card;
import io.postpaid.account.CardsOnFile;
import io.postpaid.payments.stripe.StripeBooks.SeenSetup;
import io.postpaid.platform.calendar.BillingClock;
import java.sql.Timestamp;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** The cards that customers set up at Stripe. The browser and Stripe's events bring the same news, in any order. */
@Component
public class CardSetups {
    private final JdbcClient jdbc;
    private final Accounts accounts;
    private final CardsOnFile cards;
    private final BillingClock clock;

    CardSetups(JdbcClient jdbc, Accounts accounts, CardsOnFile cards, BillingClock clock) {
        this.jdbc = jdbc;
        this.accounts = accounts;
        this.cards = cards;
        this.clock = clock;
    }

    /** The account whose customer has set up a card. */
    public Optional<String> accountOf(SeenSetup seen) {
        if (!seen.status().equals("succeeded") || seen.paymentMethod().isEmpty()) return Optional.empty();
        return cards.accountOf(seen.customer());
    }

    /** The card, if it is the one on file. */
    Optional<Card> onFile(String account, SeenSetup seen) {
        return Optional.ofNullable(accounts.get(account).card())
                .filter(card -> card.paymentMethod().equals(seen.paymentMethod()));
    }

    /** Whether the card waits to be put on file. */
    boolean wanted(String account, SeenSetup seen) {
        return seen.paymentMethod().equals(accounts.get(account).paymentMethodWanted());
    }

    /**
     * Makes the card the one that the account wants.
     *
     * @return false if it was taken before, or one that was entered later
     */
    @Transactional
    public boolean take(String account, SeenSetup seen) {
        var card = accounts.locked(account).card();
        int rows = jdbc.sql("""
                insert into card_setup (setup_intent, account, entered_at, taken_at)
                select :setup, :account, :entered_at, :now
                 where not exists (select from card_setup
                                    where account = :account and (entered_at, setup_intent) > (:entered_at, :setup))
                    on conflict do nothing""")
                .param("setup", seen.id())
                .param("account", account)
                .param("entered_at", Timestamp.from(seen.enteredAt()))
                .param("now", Timestamp.from(clock.instant()))
                .update();
        if (rows == 0 || card != null && card.paymentMethod().equals(seen.paymentMethod())) return false;
        cards.want(account, seen.paymentMethod());
        return true;
    }
}
