package io.postpaid.payments.settlement;

import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.payments.charging.AccountLock;
import io.postpaid.payments.charging.AttemptStore;
import io.postpaid.payments.charging.Charging;
import io.postpaid.payments.charging.Reactivation;
import io.postpaid.payments.stripe.PaymentOutcome.AtBank;
import io.postpaid.payments.stripe.PaymentOutcome.Unknown;
import io.postpaid.platform.calendar.BillingClock;
import java.util.function.Function;
import org.springframework.stereotype.Component;

/** Work on an invoice that no charge of ours comes between: the account is locked first, then the invoice (decision 0076). */
@Component
class Alone {
    private final AccountLock lock;
    private final AttemptStore attempts;
    private final Charging charging;
    private final Invoices invoices;
    private final Reactivation reactivation;
    private final BillingClock clock;

    Alone(
            AccountLock lock,
            AttemptStore attempts,
            Charging charging,
            Invoices invoices,
            Reactivation reactivation,
            BillingClock clock) {
        this.lock = lock;
        this.attempts = attempts;
        this.charging = charging;
        this.invoices = invoices;
        this.reactivation = reactivation;
        this.clock = clock;
    }

    /** @throws IllegalArgumentException if no invoice of that number is issued */
    Invoice find(String number) {
        return invoices.find(number)
                .orElseThrow(() -> new IllegalArgumentException(
                        "There is no invoice '" + number + "': ./postpaid invoices list --period P lists them"));
    }

    /**
     * Work on an invoice, as it stands once no attempt to charge it is under way; none begins before this has ended. What it
     * settles may end the suspension of the account.
     */
    <T> T on(Invoice known, Function<Invoice, T> work) {
        mustKnow(known);
        return lock.hold(known.account(), () -> {
            attempts.lockOpen(known.id());
            if (attempts.unresolvedOf(known.id()).isPresent()) throw charging(known, "a charge has just begun");
            var done = work.apply(invoices.get(known.id()));
            reactivation.after(known, clock.today());
            return done;
        });
    }

    /**
     * Finds out what became of an attempt on an invoice whose end is not known.
     *
     * @throws IllegalStateException if that is still not known
     */
    void mustKnow(Invoice invoice) {
        attempts.unresolvedOf(invoice.id())
                .flatMap(unresolved -> charging.resolve(unresolved, clock.today()))
                .ifPresent(outcome -> {
                    if (outcome instanceof Unknown(var why, var silent)) throw charging(invoice, why);
                    if (outcome instanceof AtBank) {
                        throw charging(invoice, "the customer is at the bank's page, for half an hour at most");
                    }
                });
    }

    void mustNotBeUnderReview(Invoice invoice) {
        if (attempts.underReview(invoice.id())) {
            throw new IllegalArgumentException("The payment of invoice " + invoice.number()
                    + " is disputed and under review: write it off if the dispute is lost");
        }
    }

    private static IllegalStateException charging(Invoice invoice, String why) {
        return new IllegalStateException("It is not known yet whether invoice " + invoice.number()
                + " was paid by card (" + why + "). Nothing was changed: run the command again, or wait for the next"
                + " nightly run");
    }
}
