package io.postpaid.payments.charging;

import io.postpaid.account.Accounts;
import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.payments.charging.AttemptStore.Candidate;
import io.postpaid.payments.stripe.Decline;
import io.postpaid.payments.stripe.Declines;
import io.postpaid.payments.stripe.Installation;
import io.postpaid.payments.stripe.Intent;
import io.postpaid.payments.stripe.MinorUnits;
import io.postpaid.payments.stripe.PaymentGateway;
import io.postpaid.payments.stripe.PaymentGateway.NewIntent;
import io.postpaid.payments.stripe.PaymentGateway.NoAnswerException;
import io.postpaid.payments.stripe.PaymentGateway.RefusedException;
import io.postpaid.payments.stripe.PaymentOutcome;
import io.postpaid.payments.stripe.PaymentOutcome.Unknown;
import io.postpaid.platform.calendar.BillingClock;
import java.time.LocalDate;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * One attempt, from the claim to the recorded outcome: claim, create the intent, confirm it, record. Each of the four is
 * committed before the next begins, and the process may die between any two lines.
 */
@Component
public class Charging {
    private final AttemptStore attempts;
    private final PaymentGateway gateway;
    private final Installation installation;
    private final Recording recording;
    private final Accounts accounts;
    private final Invoices invoices;
    private final TransactionTemplate transaction;
    private final BillingClock clock;

    Charging(
            AttemptStore attempts,
            PaymentGateway gateway,
            Installation installation,
            Recording recording,
            Accounts accounts,
            Invoices invoices,
            PlatformTransactionManager transactions,
            BillingClock clock) {
        this.attempts = attempts;
        this.gateway = gateway;
        this.installation = installation;
        this.recording = recording;
        this.accounts = accounts;
        this.invoices = invoices;
        this.transaction = new TransactionTemplate(transactions);
        this.clock = clock;
    }

    /** An attempt, what it is on, and who pays at Stripe. */
    private record Claim(
            PaymentAttempt attempt,
            Invoice invoice,
            @Nullable String customer) {}

    /** @return what became of it, or empty if there is nothing to charge, or nothing to charge it to, any more */
    public Optional<PaymentOutcome> charge(Candidate candidate, LocalDate today) {
        return claim(candidate, today).map(claimed -> execute(claimed, today));
    }

    private Optional<Claim> claim(Candidate candidate, LocalDate today) {
        return Objects.requireNonNull(transaction.execute(status -> {
            if (!attempts.lockOpen(candidate.invoice())) return Optional.<Claim>empty();
            if (attempts.count(candidate.invoice()) != candidate.attempts()) return Optional.<Claim>empty();
            var invoice = invoices.get(candidate.invoice());
            var account = accounts.get(invoice.account());
            var card = account.card();
            if (card == null) return Optional.<Claim>empty();
            // What was billed before amounts were rounded to what can be charged.
            invoices.carryFraction(invoice, clock.instant());
            var open = invoices.openAmount(invoice);
            if (open.signum() <= 0 || !MinorUnits.chargeable(open, invoice.currency())) return Optional.<Claim>empty();
            var day = candidate.retryDay();
            if (day != null && !attempts.takeRetry(invoice.id(), day, today)) return Optional.<Claim>empty();
            var attempt = attempts.claim(
                    invoice.id(),
                    candidate.attempts() + 1,
                    card.paymentMethod(),
                    MinorUnits.of(open, invoice.currency()),
                    invoice.currency(),
                    clock.instant());
            return Optional.of(new Claim(attempt, invoice, account.stripeCustomer()));
        }));
    }

    private PaymentOutcome execute(Claim claim, LocalDate today) {
        try {
            return confirm(claim, created(claim), today);
        } catch (NoAnswerException e) {
            attempts.unknown(claim.attempt(), e.getMessage());
            // Often only the answer was lost, and a look tells the truth at once.
            return resolve(claim, today).orElseGet(() -> new Unknown(e.getMessage(), false));
        } catch (RefusedException e) {
            return refused(claim, e, today);
        }
    }

    /**
     * Finds out what became of an attempt whose end is not known, and goes on with it where it stopped.
     *
     * @return empty if it never reached Stripe; then another may be made
     */
    public Optional<PaymentOutcome> resolve(PaymentAttempt attempt, LocalDate today) {
        var invoice = invoices.get(attempt.invoice());
        var customer = accounts.get(invoice.account()).stripeCustomer();
        return resolve(new Claim(attempt, invoice, customer), today);
    }

    private Optional<PaymentOutcome> resolve(Claim claim, LocalDate today) {
        var attempt = claim.attempt();
        boolean heard = false;
        try {
            var young = installation.keyLives(attempt.claimedAt(), clock.instant());
            var intent = young ? Optional.of(created(claim)) : known(claim);
            if (intent.isEmpty()) return notExecuted(attempt);
            var seen = gateway.get(intent.get());
            heard = true;
            return switch (seen.status()) {
                case "succeeded", "canceled", "processing", "requires_action" ->
                    Optional.of(recording.record(attempt, claim.invoice(), seen.outcome(), seen, today));
                default -> {
                    if (isOf(attempt, seen.lastError())) {
                        yield Optional.of(recording.record(attempt, claim.invoice(), seen.outcome(), seen, today));
                    }
                    // The call may still be in flight: the same key makes it one and the same.
                    yield young ? Optional.of(confirm(claim, seen.id(), today)) : notExecuted(attempt);
                }
            };
        } catch (NoAnswerException e) {
            attempts.unknown(attempt, e.getMessage());
            return Optional.of(new Unknown(e.getMessage(), !heard && !e.heard()));
        } catch (RefusedException e) {
            return Optional.of(refused(claim, e, today));
        }
    }

    /**
     * Records what Stripe shows of an attempt whose end is not known, if that is its end, in the caller's transaction.
     *
     * @return whether it was
     */
    public boolean seen(PaymentAttempt attempt, Intent seen, LocalDate today) {
        boolean ended = switch (seen.status()) {
            case "succeeded", "canceled", "requires_action" -> true;
            case "requires_payment_method" -> isOf(attempt, seen.lastError());
            default -> false;
        };
        if (ended) recording.record(attempt, invoices.get(attempt.invoice()), seen.outcome(), seen, today);
        return ended;
    }

    /** A failure that none of the earlier attempts is known to have had. */
    private boolean isOf(PaymentAttempt attempt, @Nullable Decline error) {
        if (error == null) return false;
        if (attempt.n() == 1) return true;
        var charge = error.charge();
        return charge != null && !attempts.chargesBefore(attempt).contains(charge);
    }

    private Optional<PaymentOutcome> notExecuted(PaymentAttempt attempt) {
        attempts.resolve(attempt, AttemptStatus.NOT_EXECUTED, null, null, clock.instant());
        return Optional.empty();
    }

    /** The intent's id, if it was created and that is known here, or can be seen at Stripe. */
    private Optional<String> known(Claim claim) {
        var invoice = claim.invoice();
        var stored = attempts.intent(invoice.id()).stripeId();
        if (stored != null) return Optional.of(stored);
        if (claim.customer() == null) return Optional.empty();
        var found = gateway.find(claim.customer(), metadata(invoice)).map(Intent::id);
        found.ifPresent(id -> attempts.created(invoice.id(), id));
        return found;
    }

    /** The invoice's one intent, created by the same key as often as it takes, with the attempt's amount. */
    private String created(Claim claim) {
        var attempt = claim.attempt();
        var row = attempts.intent(attempt.invoice());
        var id = row.stripeId();
        if (id == null) {
            id = create(claim, row.amountMinor());
            attempts.created(attempt.invoice(), id);
        }
        if (attempt.amountMinor() != row.amountMinor() || attempts.amountVaried(attempt)) {
            // A part was paid in another way since.
            gateway.changeAmount(key(attempt, "amount/" + attempt.n()), id, attempt.amountMinor());
        }
        return id;
    }

    private String create(Claim claim, long amountMinor) {
        var invoice = claim.invoice();
        var customer = Objects.requireNonNull(claim.customer(), "a card without a customer at Stripe");
        var number = invoice.issuedNumber();
        return gateway.createOrFind(
                        key(claim.attempt(), "create"),
                        new NewIntent(
                                amountMinor,
                                invoice.currency(),
                                customer,
                                "Invoice " + number,
                                "INV " + number,
                                metadata(invoice)))
                .id();
    }

    private PaymentOutcome confirm(Claim claim, String intent, LocalDate today) {
        var attempt = claim.attempt();
        var answer = gateway.confirm(key(attempt, "confirm/" + attempt.n()), intent, attempt.paymentMethod());
        return recording.record(attempt, claim.invoice(), answer.outcome(), answer, today);
    }

    /** The request had no effect: because of the card, of the intent's state, or of something that a person must mend. */
    private PaymentOutcome refused(Claim claim, RefusedException e, LocalDate today) {
        var attempt = claim.attempt();
        var decline = Declines.ofRefusal(e);
        if (decline.isPresent()) {
            return recording.record(attempt, claim.invoice(), Declines.outcome(decline.get()), null, today);
        }
        var id = attempts.intent(attempt.invoice()).stripeId();
        if (e.code().equals("payment_intent_unexpected_state") && id != null) {
            try {
                var seen = gateway.get(id);
                if (!seen.status().equals("requires_payment_method")
                        && !seen.status().equals("requires_confirmation")) {
                    return recording.record(attempt, claim.invoice(), seen.outcome(), seen, today);
                }
            } catch (NoAnswerException silent) {
                attempts.unknown(attempt, silent.getMessage());
                return new Unknown(silent.getMessage(), true);
            }
        }
        attempts.unknown(attempt, e.getMessage());
        return new Unknown(e.getMessage(), false);
    }

    private String key(PaymentAttempt attempt, String action) {
        return installation.key("invoice/" + attempt.invoice() + "/" + action);
    }

    private Map<String, String> metadata(Invoice invoice) {
        return Map.of(
                "invoice",
                invoice.issuedNumber(),
                "invoice_id",
                Long.toString(invoice.id()),
                "account",
                invoice.account(),
                "installation",
                installation.id());
    }
}
