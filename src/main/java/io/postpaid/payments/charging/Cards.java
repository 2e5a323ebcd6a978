package io.postpaid.payments.charging;

import io.postpaid.account.Account;
import io.postpaid.account.Accounts;
import io.postpaid.payments.charging.CardOutcome.Attached;
import io.postpaid.payments.charging.CardOutcome.NothingWanted;
import io.postpaid.payments.charging.CardOutcome.Refused;
import io.postpaid.payments.charging.CardOutcome.Unknown;
import io.postpaid.payments.stripe.Installation;
import io.postpaid.payments.stripe.PaymentGateway;
import io.postpaid.payments.stripe.PaymentGateway.NoAnswerException;
import io.postpaid.payments.stripe.PaymentGateway.RefusedException;
import io.postpaid.platform.calendar.BillingClock;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Puts the payment methods that accounts want on file: a customer at Stripe, the card attached to it, its default. */
@Component
public class Cards {
    private final PaymentGateway gateway;
    private final Installation installation;
    private final Accounts accounts;
    private final BillingClock clock;

    Cards(PaymentGateway gateway, Installation installation, Accounts accounts, BillingClock clock) {
        this.gateway = gateway;
        this.installation = installation;
        this.accounts = accounts;
        this.clock = clock;
    }

    public CardOutcome attach(String id) {
        var account = accounts.get(id);
        var wanted = account.paymentMethodWanted();
        if (wanted == null) return new NothingWanted();
        try {
            var known = account.stripeCustomer();
            var customer = known != null ? known : createCustomer(account);
            var card = gateway.attach(key(account, "attach/" + wanted), customer, wanted);
            // Setting a default twice is the same as once; replaying an old key would not set it back.
            gateway.makeDefault(key(account, "default/" + UUID.randomUUID()), customer, card.paymentMethod());
            accounts.cardAttached(id, card);
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

    private String createCustomer(Account account) {
        // A name that was changed between two tries makes another request, which the old key would refuse.
        var content = Integer.toHexString((account.name() + "\n" + account.email()).hashCode());
        var customer = gateway.createCustomer(
                key(account, content), account, Map.of("account", account.id(), "installation", installation.id()));
        accounts.customerCreated(account.id(), customer);
        return customer;
    }

    private String key(Account account, String action) {
        return installation.key("customer/" + account.id() + "/" + action);
    }
}
