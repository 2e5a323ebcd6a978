package io.postpaid.payments.charging;

import io.postpaid.account.Account;
import io.postpaid.account.Accounts;
import io.postpaid.account.Card;
import io.postpaid.account.CardsOnFile;
import io.postpaid.payments.charging.Cards.Outcome.Attached;
import io.postpaid.payments.charging.Cards.Outcome.NothingWanted;
import io.postpaid.payments.charging.Cards.Outcome.Refused;
import io.postpaid.payments.charging.Cards.Outcome.Unknown;
import io.postpaid.payments.stripe.Installation;
import io.postpaid.payments.stripe.PaymentGateway;
import io.postpaid.payments.stripe.PaymentGateway.NoAnswerException;
import io.postpaid.payments.stripe.PaymentGateway.RefusedException;
import io.postpaid.payments.stripe.StripeLine;
import io.postpaid.platform.batch.Done;
import io.postpaid.platform.batch.HeldException;
import io.postpaid.platform.batch.Item;
import io.postpaid.platform.batch.Items;
import io.postpaid.platform.batch.Run;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Puts the payment methods that accounts want on file: a customer at Stripe, with the account's name and e-mail address, the card
 * attached to it, its default.
 */
@Component
public class Cards {
    private static final Logger LOG = LoggerFactory.getLogger(Cards.class);

    private final PaymentGateway gateway;
    private final Installation installation;
    private final Accounts accounts;
    private final CardsOnFile onFile;
    private final CandidateStore candidates;
    private final StripeLine line;

    Cards(
            PaymentGateway gateway,
            Installation installation,
            Accounts accounts,
            CardsOnFile onFile,
            CandidateStore candidates,
            StripeLine line) {
        this.gateway = gateway;
        this.installation = installation;
        this.accounts = accounts;
        this.onFile = onFile;
        this.candidates = candidates;
        this.line = line;
    }

    /** What became of a payment method that an account was to get. */
    public sealed interface Outcome {

        record Attached(Card card) implements Outcome {}

        /** It stays wanted, and is tried again by the next run, until another is named. */
        record Refused(String code, String message) implements Outcome {}

        /** No payment method is waiting to be attached. */
        record NothingWanted() implements Outcome {}

        /** Not known; the next run goes on with it. */
        record Unknown(String why, boolean silent) implements Outcome {}
    }

    public Outcome attach(String id) {
        var account = accounts.get(id);
        var wanted = account.paymentMethodWanted();
        if (wanted == null) return new NothingWanted();
        try {
            var customer = customer(account);
            var card = gateway.attach(key(account, "attach/" + wanted), customer, wanted);
            // Setting a default twice is the same as once; replaying an old key would not set it back.
            gateway.makeDefault(key(account, "default/" + UUID.randomUUID()), customer, card.paymentMethod());
            onFile.attached(id, card);
            return new Attached(card);
        } catch (NoAnswerException e) {
            return new Unknown(e.getMessage(), !e.heard());
        } catch (RefusedException e) {
            accounts.note(id, "CARD_REFUSED", wanted + ": " + e.getMessage());
            return new Refused(
                    e.code(),
                    "Stripe refuses the payment method " + wanted + " of account " + id + ": " + e.getMessage());
        }
    }

    /**
     * A page of Stripe's on which the customer of an account enters a card.
     *
     * @param occasion the same again leads to the same page
     * @param successUrl where it leads to, with the page's id for {@code {CHECKOUT_SESSION_ID}}
     * @return its address
     */
    public String page(String id, String occasion, String successUrl, String cancelUrl) {
        var account = accounts.get(id);
        return gateway.setUpCard(key(account, "card-page/" + occasion), customer(account), successUrl, cancelUrl);
    }

    /** The cards that are to be attached. */
    Items<String> wanted(Run run) {
        var watch = line.watch();
        return Items.each(candidates.accountsWantingCards(), Item::account, account -> attach(account, watch))
                .atOnce(line.width())
                .then(watch::end);
    }

    private Done attach(String account, StripeLine.Watch watch) {
        var outcome = attach(account);
        if (outcome instanceof Unknown(var why, var silent) && silent) {
            watch.silent(why);
            return Done.SKIPPED;
        }
        watch.answered();
        return switch (outcome) {
            case Attached attached -> Done.WRITTEN;
            case NothingWanted nothing -> Done.READ;
            case Refused refused -> throw new HeldException("CARD_REFUSED " + refused.code(), refused.message(), null);
            case Unknown unknown -> throw new HeldException("CARD_NOT_KNOWN", unknown.why(), null);
        };
    }

    private String customer(Account account) {
        var known = account.stripeCustomer();
        if (known == null) return createCustomer(account);
        sendDetails(account.id());
        return known;
    }

    /** Sends Stripe a changed name or e-mail address before it is asked for something else. Where that fails, the next run does. */
    public void sendDetails(String id) {
        if (!onFile.customerStale(id)) return;
        try {
            updateCustomer(id);
        } catch (NoAnswerException | RefusedException e) {
            LOG.warn("The next run sends Stripe the changed name and address of {}: {}", id, e.getMessage());
        }
    }

    private void updateCustomer(String id) {
        var account = accounts.get(id);
        var customer = Objects.requireNonNull(account.stripeCustomer(), "a stale customer without an id");
        // The same twice is the same as once; replaying an old key would not set it back.
        gateway.updateCustomer(key(account, "details/" + UUID.randomUUID()), customer, account);
        onFile.customerSent(account);
    }

    /** The customers at Stripe that have an earlier name or e-mail address. */
    Items<String> stale(Run run) {
        var watch = line.watch();
        return Items.each(
                        candidates.accountsWithStaleCustomer(),
                        account -> Item.of("customer", account, account),
                        account -> update(account, watch))
                .atOnce(line.width())
                .then(watch::end);
    }

    private Done update(String account, StripeLine.Watch watch) {
        try {
            updateCustomer(account);
        } catch (NoAnswerException e) {
            if (e.heard()) throw new HeldException("CUSTOMER_NOT_KNOWN", e.getMessage(), null);
            watch.silent(e.getMessage());
            return Done.SKIPPED;
        } catch (RefusedException e) {
            throw new HeldException("CUSTOMER_REFUSED " + e.code(), e.getMessage(), null);
        }
        watch.answered();
        return Done.WRITTEN;
    }

    private String createCustomer(Account account) {
        // A name that was changed between two tries makes another request, which the old key would refuse.
        var content = Integer.toHexString((account.name() + "\n" + account.email()).hashCode());
        var customer = gateway.createCustomer(
                key(account, content), account, installation.metadata(Map.of("account", account.id())));
        try {
            onFile.customerCreated(account, customer);
        } catch (IllegalArgumentException erased) {
            gateway.deleteCustomer(key(account, "erase/" + UUID.randomUUID()), customer);
            throw erased;
        }
        return customer;
    }

    /**
     * Deletes the customer that stood for an erased account at Stripe, with its cards.
     *
     * @return why it is not known that it is gone, if it is not
     */
    public Optional<String> deleteCustomer(String account, String customer) {
        try {
            // The same twice is the same as once; replaying an old key would repeat an old failure.
            gateway.deleteCustomer(installation.key("customer/" + account + "/erase/" + UUID.randomUUID()), customer);
            return Optional.empty();
        } catch (NoAnswerException | RefusedException e) {
            return Optional.of(Objects.requireNonNull(e.getMessage()));
        }
    }

    private String key(Account account, String action) {
        return installation.key("customer/" + account.id() + "/" + action);
    }
}
