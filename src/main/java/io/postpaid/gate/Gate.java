package io.postpaid.gate;

import io.postpaid.account.Accounts;
import io.postpaid.gate.GateStore.Answer;
import io.postpaid.gate.access.AccessDecision;
import io.postpaid.platform.batch.Items;
import io.postpaid.platform.batch.Run;
import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.pricing.pricebook.PriceBook;
import io.postpaid.pricing.pricebook.PriceBooks;
import io.postpaid.pricing.rating.PriceCeiling;
import io.postpaid.pricing.rating.RunningCost;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Lets calls through at a price that is held, and charges what they really used, never more than that price. */
@Component
public class Gate {
    /** Bounds the memory for what never changes of an account. */
    private static final int CURRENCIES_REMEMBERED = 200_000;

    private static final int MOST_DECIMALS = 9;
    private static final int MOST_INTEGERS = 19;

    private final GateStore store;
    private final PriceBooks books;
    private final RunningCost costs;
    private final Accounts accounts;
    private final BillingClock clock;
    private final Turns turns;
    private final Durability durability;
    private final TransactionTemplate transaction;
    private final Duration holdFor;
    private final Map<String, String> currencies = new ConcurrentHashMap<>();
    private volatile @Nullable Prices known;

    /** A price book with the version that it had. */
    private record Prices(long version, PriceBook book) {}

    Gate(
            GateStore store,
            PriceBooks books,
            RunningCost costs,
            Accounts accounts,
            BillingClock clock,
            Turns turns,
            Durability durability,
            PlatformTransactionManager transactions,
            @Value("${postpaid.gate.hold:PT15M}") Duration holdFor) {
        if (!holdFor.isPositive()) {
            throw new IllegalArgumentException(
                    "POSTPAID_GATE_HOLD is " + holdFor + ": it must be a time such as PT15M");
        }
        this.store = store;
        this.books = books;
        this.costs = costs;
        this.accounts = accounts;
        this.clock = clock;
        this.turns = turns;
        this.durability = durability;
        this.transaction = new TransactionTemplate(transactions);
        this.holdFor = holdFor;
    }

    /**
     * Prices a call and holds the price if it can be paid.
     *
     * @param key makes the same call of an account one call, however often it is asked
     * @throws io.postpaid.account.UnknownAccountException if there is no such account
     */
    public Decision authorize(String account, String key, String product, BigDecimal quantity) {
        var objection = quantity.signum() == 0 ? "The quantity must be above zero" : objection(quantity);
        if (objection != null) return new Decision.Unusable("quantity", objection);
        return kept(turns.take(account, () -> decide(account, key, product, quantity)));
    }

    private Decision decide(String account, String key, String product, BigDecimal quantity) {
        var currency = currency(account);
        while (true) {
            var prices = prices();
            var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
            var day = LocalDate.ofInstant(now, ZoneOffset.UTC);
            var billable = prices.book()
                    .findProduct(product)
                    .map(found -> found.billable())
                    .orElse(false);
            var ceiling = ceiling(account, currency, product, quantity, day, prices.book());
            if (ceiling == null) {
                if (outdated(prices)) continue;
                return new Decision.Unusable(
                        "product",
                        prices.book().findProduct(product).isEmpty()
                                ? "There is no product '" + product + "'"
                                : "There is no price of '" + product + "' in " + currency + " on " + day);
            }
            var answer = store.hold(
                    account, key, product, quantity, ceiling, billable, prices.version(), now, now.plus(holdFor));
            switch (answer.outcome()) {
                case "HELD" -> {
                    return new Decision.Admitted(answer.held());
                }
                case "KEY_REUSED" -> {
                    return new Decision.KeyReused(answer.held());
                }
                case "STALE_PRICES" -> known = null;
                default -> {
                    return new Decision.Refused(
                            AccessDecision.valueOf(answer.outcome()),
                            ceiling.amount(),
                            Objects.requireNonNull(answer.remaining()),
                            currency);
                }
            }
        }
    }

    /** Null where there is no price. */
    private @Nullable PriceCeiling ceiling(
            String account, String currency, String product, BigDecimal quantity, LocalDate day, PriceBook book) {
        var found = book.findProduct(product);
        if (found.isEmpty()) return null;
        if (!found.get().billable()) return PriceCeiling.NOTHING;
        var price = book.priceInForce(account, currency, product, day).orElse(null);
        if (price == null) return null;
        var used = PriceCeiling.dependsOnTheMonth(price) ? costs.quantity(account, product, day) : BigDecimal.ZERO;
        return PriceCeiling.of(price, used.max(BigDecimal.ZERO), quantity);
    }

    /**
     * Ends a call with what it really used: at most the quantity that was asked is charged, at most its price. Asked again
     * with the same quantity, it answers the same.
     */
    public Ending settle(String account, UUID id, BigDecimal used) {
        var objection = objection(used);
        if (objection != null) return new Ending.Unusable(objection);
        return kept(turns.take(account, () -> {
            var answer = store.settle(account, id, used, null, now());
            return ending(
                    answer.outcome().equals("NEEDS_CHARGE") ? settleByMonth(account, answer.held(), used) : answer);
        }));
    }

    /** Where tiers or packages are counted over the month, the charge is reckoned while no other call can come between. */
    private Answer settleByMonth(String account, Authorization call, BigDecimal used) {
        return Objects.requireNonNull(transaction.execute(_ -> {
            store.lock(account);
            var charge = costs.added(
                    account,
                    call.currency(),
                    call.product(),
                    LocalDate.ofInstant(call.authorizedAt(), ZoneOffset.UTC),
                    used.min(call.quantity()),
                    current());
            return store.settle(account, call.id(), used, charge.max(BigDecimal.ZERO), now());
        }));
    }

    /** Ends a call that failed: it costs nothing. Also what had expired counts as released. */
    public Ending release(String account, UUID id) {
        return kept(turns.take(account, () -> ending(store.release(account, id, now()))));
    }

    /** Nothing is told that a failure of the machine could take back. */
    private <T> T kept(T answer) {
        durability.await();
        return answer;
    }

    private static Ending ending(Answer answer) {
        return switch (answer.outcome()) {
            case "DONE" -> new Ending.Ended(answer.held());
            case "REFUSED" -> new Ending.EndedOtherwise(answer.held());
            case "UNKNOWN" -> new Ending.Unknown();
            default -> throw new IllegalStateException("the gate answered " + answer.outcome());
        };
    }

    /** Gives up the holds of calls that nobody has ended in time. */
    Items<String> expired(Run run) {
        var now = clock.instant();
        return Items.accounts(store.withExpired(now), some -> store.expire(some, now));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    private String currency(String account) {
        if (currencies.size() > CURRENCIES_REMEMBERED) currencies.clear();
        return currencies.computeIfAbsent(account, id -> accounts.get(id).currency());
    }

    private Prices prices() {
        var prices = known;
        if (prices == null) {
            prices = new Prices(books.version(), books.load());
            known = prices;
        }
        return prices;
    }

    private PriceBook current() {
        if (outdated(prices())) known = null;
        return prices().book();
    }

    private boolean outdated(Prices prices) {
        if (prices.version() == books.version()) return false;
        known = null;
        return true;
    }

    /** What usage files may not say either; null when there is nothing against it. */
    private static @Nullable String objection(BigDecimal quantity) {
        var plain = quantity.stripTrailingZeros();
        if (plain.signum() < 0) return "The quantity must not be negative";
        if (plain.scale() > MOST_DECIMALS) return "The quantity must have no more than " + MOST_DECIMALS + " decimals";
        return (long) plain.precision() - plain.scale() > MOST_INTEGERS
                ? "The quantity must have no more than " + MOST_INTEGERS + " digits before the point"
                : null;
    }
}
