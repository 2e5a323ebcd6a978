package io.postpaid.payments.charging;

import io.postpaid.payments.charging.CandidateStore.Candidate;
import io.postpaid.payments.stripe.PaymentOutcome;
import io.postpaid.payments.stripe.PaymentOutcome.Succeeded;
import io.postpaid.payments.stripe.PaymentOutcome.Unknown;
import io.postpaid.payments.stripe.StripeLine;
import io.postpaid.platform.batch.Done;
import io.postpaid.platform.batch.Item;
import io.postpaid.platform.batch.Items;
import io.postpaid.platform.batch.Run;
import io.postpaid.platform.batch.Todo;
import io.postpaid.platform.calendar.BillingClock;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.springframework.stereotype.Component;

/** What the runs charge. */
@Component
class Collecting {
    /** Invoices that are charged together, and how many times as many are under way. */
    private static final int TOGETHER = 50;

    private static final int AT_ONCE = 4;

    private final CandidateStore candidates;
    private final AttemptStore attempts;
    private final Charging charging;
    private final ChargingTogether together;
    private final CollectionPolicy policy;
    private final StripeLine line;
    private final BillingClock clock;

    Collecting(
            CandidateStore candidates,
            AttemptStore attempts,
            Charging charging,
            ChargingTogether together,
            CollectionPolicy policy,
            StripeLine line,
            BillingClock clock) {
        this.candidates = candidates;
        this.attempts = attempts;
        this.charging = charging;
        this.together = together;
        this.policy = policy;
        this.line = line;
        this.clock = clock;
    }

    /** The open invoices that nobody has tried: of the month, or by night those that a night has issued. */
    Items<Candidate> untried(Run run) {
        var today = clock.today();
        var untried = run.monthly() ? candidates.untried(run.period().firstDay()) : candidates.untriedByNight();
        var watch = line.watch();
        return Items.some(TOGETHER, untried, Collecting::item, some -> charged(some, today, watch))
                .atOnce(Math.min(AT_ONCE, line.width()))
                .then(watch::end);
    }

    private Done charged(List<Candidate> some, LocalDate today, StripeLine.Watch watch) {
        int without = Math.toIntExact(
                some.stream().filter(candidate -> !candidate.hasCard()).count());
        return together.chargeOrNotify(some, today, outcome -> tell(outcome, watch)).stream()
                .map(Collecting::done)
                .reduce(Done.of(without, 0, without), Done::plus);
    }

    /** What is due to be tried again. */
    Items<Candidate> retryable(Run run) {
        return charges(
                candidates.retryable(run.date(), policy.retryDays()),
                (candidate, watch) -> done(charging.charge(candidate, run.date()), watch));
    }

    private Items<Candidate> charges(Todo<Candidate> todo, BiFunction<Candidate, StripeLine.Watch, Done> work) {
        var watch = line.watch();
        return Items.each(todo, Collecting::item, candidate -> work.apply(candidate, watch))
                .atOnce(line.width())
                .then(watch::end);
    }

    private static Item item(Candidate candidate) {
        return Item.of("invoice", candidate.number(), candidate.account()).in(candidate.period());
    }

    /** The attempts of which it is not known what became of them. */
    Items<PaymentAttempt> unresolved(LocalDate today) {
        var watch = line.watch();
        return Items.each(
                        attempts.unresolved(clock.instant()),
                        attempt -> Item.of("payment attempt", attempt.id(), null),
                        attempt -> done(charging.resolve(attempt, today), watch))
                .atOnce(line.width())
                .then(watch::end);
    }

    private static Done done(Optional<PaymentOutcome> outcome, StripeLine.Watch watch) {
        if (outcome.isEmpty()) return Done.NOTHING;
        tell(outcome, watch);
        return done(outcome.get());
    }

    private static Done done(PaymentOutcome outcome) {
        return outcome instanceof Succeeded ? Done.WRITTEN : Done.SKIPPED;
    }

    private static void tell(Optional<PaymentOutcome> outcome, StripeLine.Watch watch) {
        if (outcome.orElse(null) instanceof Unknown(var why, var silent) && silent) {
            watch.silent(why);
        } else {
            watch.answered();
        }
    }
}
