package io.postpaid.gate;

import static java.util.stream.Collectors.joining;

import io.postpaid.account.Accounts;
import io.postpaid.account.UnknownAccountException;
import io.postpaid.credit.CreditLedger;
import io.postpaid.gate.Call.Hold;
import io.postpaid.gate.Call.Item;
import io.postpaid.gate.GateStore.Outcome;
import io.postpaid.gate.access.AccessDecision;
import io.postpaid.platform.batch.Items;
import io.postpaid.platform.batch.Run;
import io.postpaid.platform.calendar.BillingClock;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Lets calls through at a price that is held, and charges what they really used, never more than that price. */
@Component
public class Gate {
    private static final int MOST_DECIMALS = 9;
    private static final int MOST_INTEGERS = 19;

    private final GateStore store;
    private final GatePrices prices;
    private final Accounts accounts;
    private final CreditLedger ledger;
    private final BillingClock clock;
    private final Batches batches;
    private final Refusals refusals;
    private final TransactionTemplate transaction;
    private final Duration holdFor;

    Gate(
            GateStore store,
            GatePrices prices,
            Accounts accounts,
            CreditLedger ledger,
            BillingClock clock,
            Batches batches,
            Refusals refusals,
            PlatformTransactionManager transactions,
            @Value("${postpaid.gate.hold:PT15M}") Duration holdFor) {
        if (!holdFor.isPositive()) {
            throw new IllegalArgumentException(
                    "POSTPAID_GATE_HOLD is " + holdFor + ": it must be a time such as PT15M");
        }
        this.store = store;
        this.prices = prices;
        this.accounts = accounts;
        this.ledger = ledger;
        this.clock = clock;
        this.batches = batches;
        this.refusals = refusals;
        this.transaction = new TransactionTemplate(transactions);
        this.holdFor = holdFor;
    }

    /**
     * Prices a call and holds the price if it can be paid: the sum of what its items can cost.
     *
     * @param key makes the same call of an account one call, however often it is asked, and in whatever order its items are
     * @param creates whether the call creates an account that is not there, with its free allowance, if it can be priced
     * @throws io.postpaid.account.UnknownAccountException if there is no such account
     */
    public Decision authorize(String account, String key, List<Asked> items, boolean creates) {
        var objection = objection(items, true);
        if (objection != null) return objection;
        var decision = decide(account, key, items, creates);
        if (decision instanceof Decision.Refused refused) refusals.count(account, refused.cause(), clock.instant());
        return decision;
    }

    /** The same of a single item. */
    public Decision authorize(String account, String key, String product, BigDecimal quantity) {
        return authorize(account, key, List.of(new Asked("", product, quantity)), false);
    }

    private Decision decide(String account, String key, List<Asked> asked, boolean creates) {
        while (true) {
            var billedIn = prices.currency(account);
            if (billedIn.isEmpty() && !creates) throw new UnknownAccountException(account);
            var currency = billedIn.orElse(Accounts.DEFAULT_CURRENCY);
            var known = prices.known();
            var now = now();
            var day = LocalDate.ofInstant(now, ZoneOffset.UTC);
            var items = prices.items(account, currency, asked, day, known.book());
            if (items.size() < asked.size()) {
                if (prices.forgetIfOutdated(known)) continue;
                return unpriced(asked.get(items.size()), known, currency, day);
            }
            if (billedIn.isEmpty()) {
                try {
                    create(account);
                } catch (IllegalArgumentException refused) {
                    return new Decision.Unusable("account", String.valueOf(refused.getMessage()));
                }
                continue;
            }
            var hold = new Hold(key, known.version(), now.plus(holdFor));
            var answer = batches.decide(Call.hold(account, items, now, hold));
            switch (answer.outcome()) {
                case "HELD" -> {
                    return new Decision.Admitted(answer.held());
                }
                case "KEY_REUSED" -> {
                    return new Decision.KeyReused(answer.held());
                }
                case "STALE_PRICES" -> prices.forget();
                default -> {
                    return new Decision.Refused(
                            AccessDecision.valueOf(answer.outcome()),
                            Call.price(items),
                            Objects.requireNonNull(answer.remaining()),
                            currency,
                            answer.ownCap());
                }
            }
        }
    }

    private static Decision unpriced(Asked item, GatePrices.Versioned known, String currency, LocalDate day) {
        var product = String.valueOf(item.product());
        return new Decision.Unusable(
                item.path() + "product",
                known.book().findProduct(product).isEmpty()
                        ? "There is no product '" + product + "'"
                        : "There is no price of '" + product + "' in " + currency + " on " + day);
    }

    private void create(String account) {
        transaction.executeWithoutResult(_ -> {
            if (accounts.addUnknown(account)) ledger.grantAllowance(account);
        });
    }

    /**
     * Ends a call with what each of its items really used: at most the quantity that was asked is charged, at most its price.
     * Asked again with the same quantities, it answers the same.
     */
    public Ending settle(String account, UUID id, List<Asked> used) {
        var objection = objection(used, false);
        if (objection != null) return new Ending.Unusable(objection.field(), objection.why());
        var items = used.stream()
                .map(item -> Item.used(item.product(), item.quantity()))
                .toList();
        return ending(batches.decide(Call.settle(account, id, items, now())));
    }

    /** The same of a call of a single item. */
    public Ending settle(String account, UUID id, BigDecimal used) {
        return settle(account, id, List.of(new Asked("", null, used)));
    }

    /** Ends a call that failed: it costs nothing. Also what had expired counts as released. */
    public Ending release(String account, UUID id) {
        return ending(batches.decide(Call.release(account, id, now())));
    }

    private static Ending ending(Outcome answer) {
        return switch (answer.outcome()) {
            case "DONE" -> new Ending.Ended(answer.held());
            case "REFUSED" -> new Ending.EndedOtherwise(answer.held());
            case "UNKNOWN" -> new Ending.Unknown();
            case "OTHER_ITEMS" ->
                new Ending.Unusable(
                        "items",
                        "Settle each item of the call once: it is one of "
                                + answer.held().items().stream()
                                        .map(Authorization.Item::toString)
                                        .collect(joining(", ")));
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

    private static Decision.@Nullable Unusable objection(List<Asked> items, boolean aboveZero) {
        var products = new HashSet<@Nullable String>();
        for (var item : items) {
            var why = aboveZero && item.quantity().signum() == 0
                    ? "The quantity must be above zero"
                    : objection(item.quantity());
            if (why != null) return new Decision.Unusable(item.path() + "quantity", why);
            if (!products.add(item.product())) {
                return new Decision.Unusable(
                        item.path() + "product", "'" + item.product() + "' is named twice: add its quantities up");
            }
        }
        return null;
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
