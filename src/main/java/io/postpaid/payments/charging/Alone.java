package io.postpaid.payments.charging;

import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.payments.stripe.PaymentOutcome;
import io.postpaid.platform.calendar.BillingClock;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Work in a transaction that nobody comes between: the account is locked first, then the invoice (decision 0076). */
@Component
public class Alone {
    private final AttemptStore attempts;
    private final Charging charging;
    private final Invoices invoices;
    private final TransactionTemplate transaction;
    private final BillingClock clock;

    Alone(
            AttemptStore attempts,
            Charging charging,
            Invoices invoices,
            PlatformTransactionManager transactions,
            BillingClock clock) {
        this.attempts = attempts;
        this.charging = charging;
        this.invoices = invoices;
        this.transaction = new TransactionTemplate(transactions);
        this.clock = clock;
    }

    /** @throws IllegalArgumentException if no invoice of that number is issued */
    public Invoice find(String number) {
        return invoices.find(number)
                .orElseThrow(() -> new IllegalArgumentException(
                        "There is no invoice '" + number + "': ./postpaid invoices list --period P lists them"));
    }

    /** Work on what an account has and owes. */
    public <T> T onAccount(String account, Supplier<T> work) {
        return Objects.requireNonNull(transaction.execute(status -> {
            attempts.lockAccount(account);
            return work.get();
        }));
    }

    public void onAccount(String account, Runnable work) {
        transaction.executeWithoutResult(status -> {
            attempts.lockAccount(account);
            work.run();
        });
    }

    /** Work on an invoice, as it stands once no attempt to charge it is under way; none begins before this has ended. */
    public <T> T onInvoice(Invoice known, Function<Invoice, T> work) {
        mustKnow(known);
        return onAccount(known.account(), () -> {
            attempts.lockOpen(known.id());
            if (attempts.unresolvedOf(known.id()).isPresent()) throw charging(known, "a charge has just begun");
            return work.apply(invoices.get(known.id()));
        });
    }

    /**
     * Finds out what became of an attempt on an invoice whose end is not known.
     *
     * @throws IllegalStateException if that is still not known
     */
    public void mustKnow(Invoice invoice) {
        attempts.unresolvedOf(invoice.id())
                .flatMap(unresolved -> charging.resolve(unresolved, clock.today()))
                .ifPresent(outcome -> {
                    if (outcome instanceof PaymentOutcome.Unknown(var why, var silent)) throw charging(invoice, why);
                });
    }

    private static IllegalStateException charging(Invoice invoice, String why) {
        return new IllegalStateException("It is not known yet whether invoice " + invoice.number()
                + " was paid by card (" + why + "). Nothing was changed: run the command again, or wait for the next"
                + " nightly run");
    }
}
