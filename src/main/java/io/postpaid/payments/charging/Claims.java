package io.postpaid.payments.charging;

import static java.util.stream.Collectors.toMap;

import io.postpaid.account.Account;
import io.postpaid.account.Accounts;
import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.payments.charging.AttemptBatches.Try;
import io.postpaid.payments.charging.CandidateStore.Candidate;
import io.postpaid.payments.stripe.MinorUnits;
import io.postpaid.platform.calendar.BillingClock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The claims of attempts, each committed before Stripe is called. */
@Component
class Claims {
    private final AttemptStore attempts;
    private final AttemptBatches batches;
    private final Accounts accounts;
    private final Invoices invoices;
    private final TransactionTemplate transaction;
    private final BillingClock clock;

    Claims(
            AttemptStore attempts,
            AttemptBatches batches,
            Accounts accounts,
            Invoices invoices,
            PlatformTransactionManager transactions,
            BillingClock clock) {
        this.attempts = attempts;
        this.batches = batches;
        this.accounts = accounts;
        this.invoices = invoices;
        this.transaction = new TransactionTemplate(transactions);
        this.clock = clock;
    }

    /** An attempt, what it is on, and who pays at Stripe. */
    record Claim(
            PaymentAttempt attempt,
            Invoice invoice,
            @Nullable String customer) {}

    Claim of(PaymentAttempt attempt) {
        var invoice = invoices.get(attempt.invoice());
        return new Claim(attempt, invoice, accounts.get(invoice.account()).stripeCustomer());
    }

    /**
     * The customer is at a page.
     *
     * @param card the payment method that it shows; no other is charged
     * @param returnUrl where the bank sends the customer back to
     */
    record Visit(String card, String returnUrl) {}

    /**
     * @param visit null if nobody is there
     * @return empty if there is nothing to charge, or nothing to charge it to, any more
     */
    Optional<Claim> of(Candidate candidate, LocalDate today, @Nullable Visit visit) {
        return Objects.requireNonNull(transaction.execute(status -> claimed(candidate, today, visit)));
    }

    /** Claims of first attempts, in one transaction, on those that are open, whole and untried and whose account has a card. */
    List<Claim> together(List<Candidate> candidates) {
        return Objects.requireNonNull(transaction.execute(status -> claimedTogether(candidates.stream()
                .filter(candidate -> candidate.attempts() == 0 && candidate.retryDay() == null)
                .map(Candidate::invoice)
                .toList())));
    }

    private List<Claim> claimedTogether(List<Long> ids) {
        var open = batches.lockOpen(ids);
        var tried = batches.tried(ids);
        var all = invoices.all(ids).stream()
                .filter(invoice -> open.containsKey(invoice.id()) && !tried.contains(invoice.id()))
                .collect(toMap(Invoice::id, Function.identity()));
        var owners = accounts
                .findAll(all.values().stream().map(Invoice::account).toList())
                .stream()
                .collect(toMap(Account::id, Function.identity()));
        var tries = new ArrayList<Try>();
        for (var invoice : all.values()) {
            var card = known(owners, invoice.account()).card();
            var due = known(open, invoice.id());
            if (card == null || !MinorUnits.chargeable(due, invoice.currency())) continue;
            var minor = MinorUnits.of(due, invoice.currency());
            tries.add(new Try(invoice.id(), card.paymentMethod(), minor, invoice.currency()));
        }
        return batches.claim(tries, clock.instant()).stream()
                .map(attempt -> {
                    var invoice = known(all, attempt.invoice());
                    return new Claim(
                            attempt, invoice, known(owners, invoice.account()).stripeCustomer());
                })
                .toList();
    }

    private static <K, V> V known(Map<K, V> all, K key) {
        return Objects.requireNonNull(all.get(key));
    }

    private Optional<Claim> claimed(Candidate candidate, LocalDate today, @Nullable Visit visit) {
        if (!attempts.lockOpen(candidate.invoice())) return Optional.empty();
        if (attempts.count(candidate.invoice()) != candidate.attempts()) return Optional.empty();
        var invoice = invoices.get(candidate.invoice());
        var account = accounts.get(invoice.account());
        var card = account.card();
        if (card == null) return Optional.empty();
        if (visit != null && !visit.card().equals(card.paymentMethod())) return Optional.empty();
        // What was billed before amounts were rounded to what can be charged.
        var open = invoices.carryFraction(invoice, clock.instant());
        if (open.signum() <= 0 || !MinorUnits.chargeable(open, invoice.currency())) return Optional.empty();
        var day = candidate.retryDay();
        if (day != null && !attempts.takeRetry(invoice.id(), day, today)) return Optional.empty();
        var attempt = attempts.claim(
                invoice.id(),
                candidate.attempts() + 1,
                card.paymentMethod(),
                MinorUnits.of(open, invoice.currency()),
                invoice.currency(),
                visit == null ? null : visit.returnUrl(),
                clock.instant());
        return Optional.of(new Claim(attempt, invoice, account.stripeCustomer()));
    }
}
