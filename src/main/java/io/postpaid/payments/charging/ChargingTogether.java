package io.postpaid.payments.charging;

import static java.util.stream.Collectors.toMap;

import io.postpaid.payments.charging.AttemptBatches.Seen;
import io.postpaid.payments.charging.CandidateStore.Candidate;
import io.postpaid.payments.charging.Charging.Asked;
import io.postpaid.payments.stripe.PaymentOutcome;
import io.postpaid.payments.stripe.StripeLine;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * First attempts on many invoices. Of the four acts of an attempt each is done for all of them and committed before any of them goes on
 * to the next: claim, create the intents, confirm them, record. What is out of the ordinary goes its way alone.
 */
@Component
class ChargingTogether {
    private final Claims claims;
    private final AttemptBatches attempts;
    private final Charging charging;
    private final Recording recording;
    private final PaidTogether paid;
    /** So many calls are under way at a time. */
    private final Semaphore free;

    ChargingTogether(
            Claims claims,
            AttemptBatches attempts,
            Charging charging,
            Recording recording,
            PaidTogether paid,
            StripeLine line) {
        this.claims = claims;
        this.attempts = attempts;
        this.charging = charging;
        this.recording = recording;
        this.paid = paid;
        this.free = new Semaphore(line.width());
    }

    /** What was asked before all was done, or one of them met what meets all. */
    private record Answers(List<Asked> asked, @Nullable Throwable broken) {

        List<Seen> seen() {
            return asked.stream().flatMap(one -> one.seen().stream()).toList();
        }

        void rethrow() {
            if (broken instanceof Error error) throw error;
            if (broken instanceof RuntimeException exception) throw exception;
            if (broken != null) throw new IllegalStateException(broken);
        }
    }

    /** Who has no card hears of it. One by itself is perhaps one of several that did not come to their end together. */
    List<PaymentOutcome> chargeOrNotify(
            List<Candidate> candidates, LocalDate today, Consumer<Optional<PaymentOutcome>> told) {
        var withCard = candidates.stream().filter(Candidate::hasCard).toList();
        candidates.stream()
                .filter(candidate -> !candidate.hasCard())
                .forEach(candidate -> recording.noCard(candidate.invoice()));
        if (withCard.isEmpty()) return List.of();
        if (withCard.size() > 1) return charge(withCard, today, told);
        var outcome = charging.resolveOrCharge(withCard.getFirst(), today);
        outcome.ifPresent(one -> told.accept(outcome));
        return outcome.stream().toList();
    }

    /**
     * @param told each answer of Stripe's as it comes; it may end it all
     * @return what became of those that could be charged
     */
    private List<PaymentOutcome> charge(
            List<Candidate> candidates, LocalDate today, Consumer<Optional<PaymentOutcome>> told) {
        var claimed = claims.together(candidates);
        var byInvoice = candidates.stream().collect(toMap(Candidate::invoice, Function.identity()));
        claimed.forEach(claim -> byInvoice.remove(claim.invoice().id()));

        var created = each(claimed, told, claim -> charging.ask(claim, today, () -> charging.create(claim)));
        attempts.created(created.seen());
        created.rethrow();

        var confirmed = each(created.seen(), told, seen -> {
            var id = seen.intent().id();
            return charging.ask(seen.claim(), today, () -> charging.tryCard(seen.claim(), id));
        });
        var outcomes = new ArrayList<>(recorded(confirmed.seen(), today));
        confirmed.rethrow();

        Stream.concat(created.asked().stream(), confirmed.asked().stream())
                .forEach(one -> one.end().ifPresent(end -> outcomes.add(charging.goOn(one.claim(), end, today))));
        // Not the first attempt, or not of a whole amount, or not open any more.
        byInvoice.values().forEach(other -> {
            var outcome = charging.charge(other, today);
            outcome.ifPresent(one -> told.accept(outcome));
            outcome.ifPresent(outcomes::add);
        });
        return outcomes;
    }

    private List<PaymentOutcome> recorded(List<Seen> seen, LocalDate today) {
        var alone = paid.record(seen, today);
        return Stream.concat(
                        seen.stream()
                                .filter(one -> !alone.contains(one))
                                .map(one -> one.intent().outcome()),
                        alone.stream()
                                .map(one -> charging.goOn(
                                        one.claim(), recording.record(one.claim(), one.intent(), today), today)))
                .toList();
    }

    private <T> Answers each(List<T> some, Consumer<Optional<PaymentOutcome>> told, Function<T, Asked> call) {
        var begun = new ArrayList<Future<Asked>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var one : some) {
                free.acquireUninterruptibly();
                if (begun.stream().anyMatch(task -> task.state() == Future.State.FAILED)) {
                    free.release();
                    break;
                }
                begun.add(threads.submit(() -> {
                    try {
                        var asked = call.apply(one);
                        told.accept(asked.end());
                        return asked;
                    } finally {
                        free.release();
                    }
                }));
            }
        }
        return new Answers(
                begun.stream()
                        .filter(task -> task.state() == Future.State.SUCCESS)
                        .map(Future::resultNow)
                        .toList(),
                begun.stream()
                        .filter(task -> task.state() == Future.State.FAILED)
                        .map(Future::exceptionNow)
                        .findFirst()
                        .orElse(null));
    }
}
