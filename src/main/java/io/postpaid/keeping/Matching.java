package io.postpaid.keeping;

import static java.util.stream.Collectors.joining;

import io.postpaid.billing.invoicing.LostNumbers;
import io.postpaid.billing.invoicing.LostNumbers.Kind;
import io.postpaid.billing.invoicing.LostNumbers.Number;
import io.postpaid.keeping.Holds.Hold;
import io.postpaid.payments.charging.UnknownPayments;
import io.postpaid.payments.reconciliation.ProviderIntents;
import io.postpaid.payments.reconciliation.ProviderIntents.Unknown;
import io.postpaid.payments.reconciliation.Reconciliation;
import io.postpaid.payments.reconciliation.Reconciliation.Orphan;
import io.postpaid.platform.calendar.BillingClock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Matches what was restored with what the payment provider did since the backup: payments of invoices that are known are booked,
 * those of others are listed for a person, and numbers that were given are never given again. When all is explained or accepted,
 * the hold ends.
 */
@Component
public class Matching {
    /** The provider's clock and ours. */
    private static final Duration MARGIN = Duration.ofHours(1);

    private final Holds holds;
    private final ProviderIntents provider;
    private final Reconciliation reconciliation;
    private final LostNumbers numbers;
    private final UnknownPayments payments;
    private final TransactionTemplate transaction;
    private final BillingClock clock;

    Matching(
            Holds holds,
            ProviderIntents provider,
            Reconciliation reconciliation,
            LostNumbers numbers,
            UnknownPayments payments,
            PlatformTransactionManager transactions,
            BillingClock clock) {
        this.holds = holds;
        this.provider = provider;
        this.reconciliation = reconciliation;
        this.numbers = numbers;
        this.payments = payments;
        this.transaction = new TransactionTemplate(transactions);
        this.clock = clock;
    }

    /**
     * How the books and the provider stand.
     *
     * @param unknown payments of invoices that are not known here
     * @param orphans what reconcile does not explain, those among them
     * @param next the number that each series goes on with at least
     */
    public record Matched(
            Instant takenAt, List<Unknown> unknown, List<Orphan> orphans, List<Number> next, boolean lifted) {}

    /**
     * Books what is known, and changes nothing else.
     *
     * @throws IllegalArgumentException if this installation was not restored
     */
    public Matched match() {
        return match(held(), false);
    }

    /**
     * Ends the hold, if all is explained.
     *
     * @param next the next number of each series that {@link Matched#next} names, or a later one
     * @param accept keeps what is unknown on the balances of its accounts, and takes the rest as it is
     * @throws IllegalArgumentException if a series is not named, or too low
     */
    public Matched lift(List<Number> next, boolean accept) {
        var hold = held();
        setNumbers(hold, next);
        // Refunds and disputes, too: what follows from them may take numbers.
        provider.catchUp(hold.takenAt().minus(MARGIN));
        reconcile(hold).forEach(provider::book);
        var found = match(hold, true);
        if (accept) {
            for (var one : found.unknown()) {
                if (payments.mayBeOf(one.account(), one.currency()))
                    payments.keep(one.account(), one.currency(), one.amount(), one.intent(), clock.instant());
            }
            found = match(hold, true);
        }
        if (!found.orphans().isEmpty() && !accept) return found;
        holds.lift(clock.instant(), accepted(found.orphans()));
        return new Matched(found.takenAt(), found.unknown(), found.orphans(), found.next(), true);
    }

    private Hold held() {
        return holds.open()
                .orElseThrow(() -> new IllegalArgumentException(
                        "This installation was not restored from a backup, or was matched already: nothing is held"));
    }

    private Matched match(Hold hold, boolean cancel) {
        var since = hold.takenAt().minus(MARGIN);
        var orphans = reconcile(hold).stream()
                .filter(orphan -> !(orphan.kind().equals("CARD") && provider.booked(orphan)))
                .toList();
        var seen = provider.given(since, cancel);
        var unknown = orphans.stream()
                .flatMap(orphan -> provider.unknown(orphan).stream())
                .toList();
        return new Matched(hold.takenAt(), unknown, orphans, suggested(hold, seen), false);
    }

    private List<Orphan> reconcile(Hold hold) {
        return reconciliation
                .of(day(hold.takenAt().minus(MARGIN)), clock.today())
                .orphans();
    }

    /** At least those of the years since the backup, behind all that is known here or at the provider. */
    private List<Number> suggested(Hold hold, List<Number> seen) {
        var from = day(hold.takenAt()).getYear();
        var last = new ArrayList<>(numbers.last());
        for (int year = from; year <= clock.today().getYear(); year++) last.add(new Number(Kind.INVOICE, year, 0));
        last.addAll(seen);
        last.removeIf(number -> number.year() < from);
        return last.stream()
                .map(one -> last.stream()
                        .filter(one::isOf)
                        .max((a, b) -> Integer.compare(a.n(), b.n()))
                        .orElse(one)
                        .next())
                .distinct()
                .toList();
    }

    private void setNumbers(Hold hold, List<Number> named) {
        if (hold.numbered()) return;
        for (var least : suggested(hold, provider.given(hold.takenAt().minus(MARGIN), false))) {
            var number = named.stream().filter(least::isOf).findFirst();
            if (number.isEmpty() || number.get().n() < least.n()) {
                throw new IllegalArgumentException("Name the next number that no customer has: --next-number " + least
                        + " or a later one. Invoices that were mailed and not charged are in no list of the provider's:"
                        + " look at the last mails that customers had");
            }
        }
        transaction.executeWithoutResult(status -> {
            holds.numbered(clock.instant());
            named.forEach(numbers::goOnWith);
        });
    }

    private static String accepted(List<Orphan> orphans) {
        return orphans.isEmpty()
                ? "nothing"
                : orphans.stream()
                        .map(one -> one.kind() + " " + one.reference() + " " + one.amount() + " " + one.currency()
                                + ": " + one.why())
                        .collect(joining("; "));
    }

    private static LocalDate day(Instant at) {
        return LocalDate.ofInstant(at, ZoneOffset.UTC);
    }
}
