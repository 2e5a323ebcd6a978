package io.postpaid.payments.charging;

import io.postpaid.payments.charging.AttemptBatches.Seen;
import io.postpaid.payments.charging.CandidateStore.Candidate;
import io.postpaid.payments.charging.Claims.Claim;
import io.postpaid.payments.charging.Claims.Visit;
import io.postpaid.payments.charging.PaymentAttempt.Status;
import io.postpaid.payments.stripe.Decline;
import io.postpaid.payments.stripe.Installation;
import io.postpaid.payments.stripe.Intent;
import io.postpaid.payments.stripe.PaymentGateway;
import io.postpaid.payments.stripe.PaymentGateway.NewIntent;
import io.postpaid.payments.stripe.PaymentGateway.NoAnswerException;
import io.postpaid.payments.stripe.PaymentGateway.RefusedException;
import io.postpaid.payments.stripe.PaymentOutcome;
import io.postpaid.payments.stripe.PaymentOutcome.AtBank;
import io.postpaid.payments.stripe.PaymentOutcome.Succeeded;
import io.postpaid.payments.stripe.PaymentOutcome.TooSmall;
import io.postpaid.payments.stripe.PaymentOutcome.Unknown;
import io.postpaid.platform.calendar.BillingClock;
import java.time.LocalDate;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * One attempt, from the claim to the recorded outcome: claim, create the intent, confirm it, record. Each of the four is
 * committed before the next begins, and the process may die between any two lines.
 */
@Component
public class Charging {
    private final Claims claims;
    private final AttemptStore attempts;
    private final PaymentGateway gateway;
    private final Installation installation;
    private final Recording recording;
    private final BillingClock clock;

    Charging(
            Claims claims,
            AttemptStore attempts,
            PaymentGateway gateway,
            Installation installation,
            Recording recording,
            BillingClock clock) {
        this.claims = claims;
        this.attempts = attempts;
        this.gateway = gateway;
        this.installation = installation;
        this.recording = recording;
        this.clock = clock;
    }

    /** @return what became of it, or empty if there is nothing to charge, or nothing to charge it to, any more */
    Optional<PaymentOutcome> charge(Candidate candidate, LocalDate today) {
        return charge(candidate, today, null);
    }

    /** @param visit null if nobody is there */
    Optional<PaymentOutcome> charge(Candidate candidate, LocalDate today, @Nullable Visit visit) {
        var first = charged(candidate, today, visit);
        // Its intent was cancelled at Stripe, so that no card was tried: the successor tries it, once.
        return first.filter(PaymentOutcome::canceled)
                .flatMap(_ -> charged(candidate.again(), today, visit))
                .or(() -> first);
    }

    private Optional<PaymentOutcome> charged(Candidate candidate, LocalDate today, @Nullable Visit visit) {
        return claims.of(candidate, today, visit).map(claim -> execute(claim, today));
    }

    /**
     * What Stripe answered to a call for a claim, or what became of the attempt where it did not answer.
     *
     * @param seen empty where there is an end
     */
    record Asked(Claim claim, Optional<Seen> seen, Optional<PaymentOutcome> end) {}

    Asked ask(Claim claim, LocalDate today, Supplier<Intent> call) {
        try {
            return new Asked(claim, Optional.of(new Seen(claim, call.get())), Optional.empty());
        } catch (NoAnswerException e) {
            return new Asked(claim, Optional.empty(), Optional.of(unanswered(claim, e, today)));
        } catch (RefusedException e) {
            return new Asked(claim, Optional.empty(), Optional.of(refused(claim, e, today)));
        }
    }

    /** The intent of a first attempt, which nobody has created before. */
    Intent create(Claim claim) {
        return create(claim, claim.attempt().amountMinor());
    }

    Intent tryCard(Claim claim, String intent) {
        var attempt = claim.attempt();
        return gateway.confirm(key(attempt, "confirm/" + attempt.n()), intent, attempt.paymentMethod());
    }

    /** What follows an outcome: where the intent was cancelled at Stripe, a try on its successor. */
    PaymentOutcome goOn(Claim claim, PaymentOutcome outcome, LocalDate today) {
        return outcome.canceled()
                ? charged(Candidate.behind(claim), today, null).orElse(outcome)
                : outcome;
    }

    /** What is not known of an earlier attempt comes first; a new one follows only where that ended without success. */
    Optional<PaymentOutcome> resolveOrCharge(Candidate candidate, LocalDate today) {
        return attempts.unresolvedOf(candidate.invoice())
                .flatMap(unresolved -> resolve(unresolved, today))
                .filter(Charging::bars)
                .or(() -> charge(candidate, today));
    }

    /** Whether nothing else may be tried behind it. */
    static boolean bars(PaymentOutcome outcome) {
        return outcome instanceof Succeeded
                || outcome instanceof Unknown
                || outcome instanceof AtBank
                || outcome instanceof TooSmall;
    }

    private PaymentOutcome execute(Claim claim, LocalDate today) {
        try {
            return confirm(claim, created(claim), today);
        } catch (NoAnswerException e) {
            return unanswered(claim, e, today);
        } catch (RefusedException e) {
            return refused(claim, e, today);
        }
    }

    private PaymentOutcome unanswered(Claim claim, NoAnswerException e, LocalDate today) {
        attempts.unknown(claim.attempt(), e.getMessage());
        // Often only the answer was lost, and a look shows the end at once.
        return resolve(claim, today, true).orElseGet(() -> new Unknown(e.getMessage(), false));
    }

    /**
     * Finds out what became of an attempt whose end is not known, and resumes it where it stopped.
     *
     * @return empty if it never reached Stripe; then another may be made
     */
    public Optional<PaymentOutcome> resolve(PaymentAttempt attempt, LocalDate today) {
        return resolve(claims.of(attempt), today, attempt.waitsForCustomer(clock.instant()));
    }

    /** The same where the customer wants another try: what the bank still waits for is given up. */
    Optional<PaymentOutcome> giveUp(PaymentAttempt attempt, LocalDate today) {
        return resolve(claims.of(attempt), today, false);
    }

    /** @param patient whether the customer may still confirm at the bank */
    private Optional<PaymentOutcome> resolve(Claim claim, LocalDate today, boolean patient) {
        var attempt = claim.attempt();
        boolean heard = false;
        try {
            var young = installation.keyLives(attempt.claimedAt(), clock.instant());
            var intent = young ? Optional.of(created(claim)) : known(claim);
            if (intent.isEmpty()) return notExecuted(attempt);
            var seen = gateway.get(intent.get());
            heard = true;
            boolean asked = seen.status().equals("requires_action") && attempt.atBank();
            if (asked && patient) return Optional.of(new AtBank(seen.nextUrl()));
            boolean ended = switch (seen.status()) {
                case "succeeded", "canceled", "processing" -> true;
                // No run leads to this: it is left of a page that the customer has left.
                case "requires_action" -> asked;
                default -> attempt.atBank() || attempts.endedBy(attempt, seen.lastError());
            };
            if (ended) return Optional.of(recording.record(claim, seen, today));
            // The call may still be in flight: the same key makes it one and the same.
            if (!young) return notExecuted(attempt);
            var outcome = confirm(claim, seen.id(), today);
            if (patient || !(outcome instanceof AtBank)) return Optional.of(outcome);
            // The customer has gone before the bank's question was known here.
            return attempts.unresolvedOf(attempt.invoice()).flatMap(atBank -> resolve(claims.of(atBank), today, false));
        } catch (NoAnswerException e) {
            attempts.unknown(attempt, e.getMessage());
            return Optional.of(new Unknown(e.getMessage(), !heard && !e.heard()));
        } catch (RefusedException e) {
            return Optional.of(refused(claim, e, today));
        }
    }

    private Optional<PaymentOutcome> notExecuted(PaymentAttempt attempt) {
        attempts.resolve(attempt, Status.NOT_EXECUTED, null, null, clock.instant());
        return Optional.empty();
    }

    /** The intent's id, if it was created and that is known here, or can be seen at Stripe. */
    private Optional<String> known(Claim claim) {
        var stored = attempts.intent(claim.attempt()).stripeId();
        if (stored != null) return Optional.of(stored);
        if (claim.customer() == null) return Optional.empty();
        var found = gateway.find(claim.customer(), metadata(claim)).map(Intent::id);
        found.ifPresent(id -> attempts.created(claim.attempt(), id));
        return found;
    }

    /** The attempt's intent, created by the same key as often as it takes, with the attempt's amount. */
    private String created(Claim claim) {
        var attempt = claim.attempt();
        var row = attempts.intent(attempt);
        var id = row.stripeId();
        if (id == null) {
            id = create(claim, row.amountMinor()).id();
            attempts.created(attempt, id);
        }
        if (attempt.amountMinor() != row.amountMinor() || attempts.amountVaried(attempt)) {
            // A part was paid in another way since.
            gateway.changeAmount(key(attempt, "amount/" + attempt.n()), id, attempt.amountMinor());
        }
        return id;
    }

    private Intent create(Claim claim, long amountMinor) {
        var attempt = claim.attempt();
        var number = claim.invoice().issuedNumber();
        var customer = Objects.requireNonNull(claim.customer(), "a card without a customer at Stripe");
        var intent = new NewIntent(
                amountMinor, attempt.currency(), customer, "Invoice " + number, "INV " + number, metadata(claim));
        return gateway.createOrFind(key(attempt, "create/" + attempt.intent()), intent);
    }

    private PaymentOutcome confirm(Claim claim, String intent, LocalDate today) {
        var attempt = claim.attempt();
        var key = key(attempt, "confirm/" + attempt.n());
        var back = attempt.returnUrl();
        if (back == null) return recording.record(claim, tryCard(claim, intent), today);
        var answer = gateway.confirmWithCustomer(key, intent, attempt.paymentMethod(), back);
        if (!answer.status().equals("requires_action")) return recording.record(claim, answer, today);
        // Perhaps an old answer that the key repeats: from now on the intent itself is asked.
        attempts.atBank(attempt);
        return new AtBank(answer.nextUrl());
    }

    /** The request had no effect: because of the card, of the intent's state, or of something that a person must mend. */
    private PaymentOutcome refused(Claim claim, RefusedException e, LocalDate today) {
        var attempt = claim.attempt();
        var decline = Decline.ofRefusal(e);
        if (decline.isPresent()) return recording.record(claim, decline.get().outcome(), null, today);
        var id = attempts.intent(attempt).stripeId();
        if (e.code().equals("payment_intent_unexpected_state") && id != null) {
            try {
                var seen = gateway.get(id);
                if (!seen.mayBeConfirmed() && !seen.status().equals("requires_action")) {
                    return recording.record(claim, seen, today);
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

    private Map<String, String> metadata(Claim claim) {
        return installation.metadata(Map.of(
                "invoice", claim.invoice().issuedNumber(),
                "invoice_id", Long.toString(claim.invoice().id()),
                "intent", Integer.toString(claim.attempt().intent()),
                "account", claim.invoice().account()));
    }
}
