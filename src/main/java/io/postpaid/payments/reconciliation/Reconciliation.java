package io.postpaid.payments.reconciliation;

import io.postpaid.payments.reconciliation.BookedStore.Booked;
import io.postpaid.payments.stripe.PaymentGateway.RefusedException;
import io.postpaid.payments.stripe.StripeBooks;
import io.postpaid.payments.stripe.StripeMovements;
import io.postpaid.payments.stripe.StripeMovements.Movement;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Gatherers;
import org.springframework.stereotype.Component;

/**
 * Compares every movement of Stripe's balance with our books, and our books with Stripe. What is Stripe's own is booked as it is
 * seen.
 */
@Component
public class Reconciliation {
    private static final Set<String> NOT_AT_STRIPE = Set.of("TRANSFER", "ACCOUNT", "RETURN");

    private static final int SOME = 1_000;

    private final StripeMovements movements;
    private final ProviderMovements provider;
    private final StripeBooks stripe;
    private final BookedStore store;

    Reconciliation(StripeMovements movements, ProviderMovements provider, StripeBooks stripe, BookedStore store) {
        this.movements = movements;
        this.provider = provider;
        this.stripe = stripe;
        this.store = store;
    }

    /** What moved of one kind and currency. */
    public record Line(
            String kind, String currency, int count, BigDecimal atStripe, BigDecimal inBooks, BigDecimal fees) {
        private Line plus(BigDecimal stripe, BigDecimal books, BigDecimal fee) {
            return new Line(kind, currency, count + 1, atStripe.add(stripe), inBooks.add(books), fees.add(fee));
        }
    }

    /**
     * What stands on one side only, or differs.
     *
     * @param amount Stripe's less ours
     */
    public record Orphan(String kind, String reference, String currency, BigDecimal amount, String why) {}

    /** @param unexplained the sum of what is not explained per currency, each without its sign */
    public record Result(
            LocalDate from, LocalDate to, List<Line> lines, List<Orphan> orphans, Map<String, BigDecimal> unexplained) {
        public boolean explained() {
            return orphans.isEmpty();
        }
    }

    /** @param to the last day */
    public Result of(LocalDate from, LocalDate to) {
        var lines = new TreeMap<String, Line>();
        var orphans = new ArrayList<Orphan>();
        // Day by day: as much is held in memory as Stripe moved on one.
        from.datesUntil(to.plusDays(1)).forEach(day -> reconcile(day, lines, orphans));
        var unexplained = new TreeMap<String, BigDecimal>();
        orphans.forEach(
                orphan -> unexplained.merge(orphan.currency(), orphan.amount().abs(), BigDecimal::add));
        return new Result(from, to, List.copyOf(lines.values()), orphans, unexplained);
    }

    private void reconcile(LocalDate day, Map<String, Line> lines, List<Orphan> orphans) {
        var begin = day.atStartOfDay().toInstant(ZoneOffset.UTC);
        var end = day.plusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC);
        var seen = new HashSet<String>();
        try (var moved = movements.between(begin, end)) {
            moved.gather(Gatherers.windowFixed(SOME)).forEach(some -> {
                provider.take(some);
                for (var movement : some) {
                    seen.add(movement.kind() + "/" + movement.reference());
                    add(lines, movement, explain(movement, orphans));
                }
            });
        }
        store.bookedBetween(begin, end, booked -> {
            if (NOT_AT_STRIPE.contains(booked.kind()) || seen.contains(booked.kind() + "/" + booked.reference()))
                return;
            // Stripe may have moved it on one day, and told us on another.
            if (!atStripe(booked)) {
                orphans.add(new Orphan(
                        booked.kind(),
                        booked.reference(),
                        booked.currency(),
                        booked.amount().negate(),
                        booked.what() + " has it, Stripe does not"));
            }
        });
    }

    /** @return what our books say of it */
    private BigDecimal explain(Movement movement, List<Orphan> orphans) {
        var kind = movement.kind();
        var reference = movement.reference();
        // What goes to the bank, or to Stripe itself, was booked a moment ago, as it is.
        if (kind.equals("payout") || kind.equals("fee")) return movement.amount();
        var booked = store.booked(kind, reference, movement.currency());
        var amount = booked.map(Booked::amount).orElse(BigDecimal.ZERO);
        var difference = movement.amount().subtract(amount);
        if (booked.isEmpty()) {
            orphan(orphans, movement, difference, unbooked(movement));
        } else if (difference.signum() != 0) {
            var why = booked.get().what() + " has " + amount + " of it (" + movement.id() + ")";
            orphan(orphans, movement, difference, why);
        } else if (booked.get().posted().compareTo(amount) != 0) {
            var missing = amount.subtract(booked.get().posted());
            var why = "the ledger has " + booked.get().posted() + " of it for "
                    + booked.get().what();
            orphan(orphans, movement, missing, why);
        }
        return amount;
    }

    /** Money of a top-up that moves once more is booked by its event. */
    private String unbooked(Movement movement) {
        return store.topUpOf(movement.intent())
                .map(topUp -> "it is of the top-up " + topUp
                        + ", and its event has not come yet: the next nightly run books it (" + movement.id() + ")")
                .orElse("no invoice has it (" + movement.id() + ")");
    }

    private static void orphan(List<Orphan> orphans, Movement movement, BigDecimal amount, String why) {
        var reference = movement.reference().isEmpty() ? movement.source() : movement.reference();
        orphans.add(new Orphan(movement.kind(), reference, movement.currency(), amount, why));
    }

    private static void add(Map<String, Line> lines, Movement movement, BigDecimal books) {
        var zero = BigDecimal.ZERO;
        var kind = movement.kind();
        lines.merge(
                kind + " " + movement.currency(),
                new Line(kind, movement.currency(), 0, zero, zero, zero).plus(movement.amount(), books, movement.fee()),
                (line, more) -> line.plus(movement.amount(), books, movement.fee()));
    }

    private boolean atStripe(Booked booked) {
        try {
            return switch (booked.kind()) {
                case "CARD" -> movements.charged(booked.reference());
                case "REFUND", "REFUND_FAILED" ->
                    !stripe.refund(booked.reference()).id().isEmpty();
                default -> !stripe.dispute(booked.reference()).id().isEmpty();
            };
        } catch (RefusedException e) {
            if (e.code().equals("resource_missing")) return false;
            throw e;
        }
    }
}
