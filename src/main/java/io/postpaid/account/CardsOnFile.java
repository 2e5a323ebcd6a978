package io.postpaid.account;

import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What accounts pay with: asked for, attached at Stripe, changed by the bank, detached; and who they are at Stripe. */
@Component
public class CardsOnFile {
    private final Accounts accounts;
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;

    CardsOnFile(Accounts accounts, JdbcClient jdbc, PlatformTransactionManager transactions) {
        this.accounts = accounts;
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
    }

    /** The one that a customer at Stripe stands for. */
    public Optional<String> accountOf(String customer) {
        return jdbc.sql("select id from account where stripe_customer = :customer")
                .param("customer", customer)
                .query(String.class)
                .optional();
    }

    /** The one that has a payment method on file. */
    public Optional<String> accountWith(String paymentMethod) {
        return jdbc.sql("select id from account where payment_method = :method")
                .param("method", paymentMethod)
                .query(String.class)
                .optional();
    }

    /** Asks for a payment method to be attached and made the default. */
    public void want(String id, String paymentMethod) {
        transaction.executeWithoutResult(status -> {
            accounts.living(id);
            jdbc.sql("update account set payment_method_wanted = :method where id = :id")
                    .param("method", paymentMethod)
                    .param("id", id)
                    .update();
            accounts.tell(id, "CARD_WANTED", paymentMethod);
        });
    }

    /**
     * Asks for a payment method where there is none.
     *
     * @return false if one is on file, or wanted already
     */
    public boolean wantFirst(String id, String paymentMethod) {
        return Boolean.TRUE.equals(transaction.execute(status -> {
            var account = accounts.locked(id);
            // While another is wanted, it is a call of ours that attaches this one.
            if (account.card() != null || account.paymentMethodWanted() != null) return false;
            want(id, paymentMethod);
            return true;
        }));
    }

    /**
     * Remembers the customer that stands for the account at Stripe.
     *
     * @param sent the account as it was sent there
     */
    public void customerCreated(Account sent, String customer) {
        var id = sent.id();
        transaction.executeWithoutResult(status -> {
            var known = accounts.living(id).stripeCustomer();
            if (known != null && !known.equals(customer)) {
                throw new IllegalStateException(
                        "account " + id + " is " + known + " at Stripe and cannot become " + customer);
            }
            jdbc.sql("update account set stripe_customer = :customer where id = :id")
                    .param("customer", customer)
                    .param("id", id)
                    .update();
            customerSent(sent);
        });
    }

    /** Whether the customer at Stripe has an earlier name or e-mail address. */
    public boolean customerStale(String id) {
        return jdbc.sql("select customer_stale from account where id = :id")
                .param("id", id)
                .query(Boolean.class)
                .single();
    }

    /**
     * Remembers which name and e-mail address Stripe was sent; they may have changed again.
     *
     * @param sent the account as it was sent there
     */
    public void customerSent(Account sent) {
        jdbc.sql("update account set customer_stale = (name, email) is distinct from (:name, :email) where id = :id")
                .param("name", sent.name())
                .param("email", sent.email())
                .param("id", sent.id())
                .update();
    }

    /** Puts the card on file that Stripe has attached; nothing is wanted any more. */
    public void attached(String id, Card card) {
        transaction.executeWithoutResult(status -> {
            accounts.locked(id);
            jdbc.sql("""
                    update account
                       set payment_method = :method, card_brand = :brand, card_last4 = :last4, card_expires = :expires,
                           card_country = :country, payment_method_wanted = null
                     where id = :id""")
                    .param("method", card.paymentMethod())
                    .param("brand", card.brand())
                    .param("last4", card.last4())
                    .param("expires", card.expires())
                    .param("country", card.country())
                    .param("id", id)
                    .update();
            accounts.tell(id, "CARD_ATTACHED", card.label());
        });
    }

    /**
     * Takes over what the bank has changed of the card on file, such as its expiry.
     *
     * @return false if it is not the card on file any more
     */
    public boolean renewed(String id, Card card) {
        return Boolean.TRUE.equals(transaction.execute(status -> {
            var known = accounts.locked(id).card();
            if (known == null || !known.paymentMethod().equals(card.paymentMethod())) return false;
            jdbc.sql("""
                    update account
                       set card_brand = :brand, card_last4 = :last4, card_expires = :expires, card_country = :country
                     where id = :id""")
                    .param("brand", card.brand())
                    .param("last4", card.last4())
                    .param("expires", card.expires())
                    .param("country", card.country())
                    .param("id", id)
                    .update();
            accounts.tell(id, "CARD_RENEWED", card.label());
            return true;
        }));
    }

    /**
     * Takes a card off file that was detached at Stripe and can be charged no more.
     *
     * @return false if it is not the card on file any more
     */
    public boolean detached(String id, String paymentMethod) {
        return Boolean.TRUE.equals(transaction.execute(status -> {
            var known = accounts.locked(id).card();
            if (known == null || !known.paymentMethod().equals(paymentMethod)) return false;
            jdbc.sql("""
                    update account
                       set payment_method = null, card_brand = null, card_last4 = null, card_expires = null,
                           card_country = null
                     where id = :id""").param("id", id).update();
            accounts.tell(id, "CARD_DETACHED", known.label());
            return true;
        }));
    }
}
