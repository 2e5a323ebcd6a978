package io.postpaid.gate;

import io.postpaid.account.Accounts;
import io.postpaid.account.UnknownAccountException;
import io.postpaid.credit.CreditLedger;
import io.postpaid.gate.Call.Priced;
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
     * Prices a call and holds the price if it can be paid.
     *
     * @param key makes the same call of an account one call, however often it is asked
     * @throws io.postpaid.account.UnknownAccountException if there is no such account
     */
    public Decision authorize(String account, String key, String product, BigDecimal quantity) {
        return authorize(account, key, product, quantity, false);
    }

    /**
     * The same, and where there is no such account, the call creates it with its free allowance, if it can be priced.
     *
     * @param creates whether it does
     */
    public Decision authorize(String account, String key, String product, BigDecimal quantity, boolean creates) {
        var objection = quantity.signum() == 0 ? "The quantity must be above zero" : objection(quantity);
        if (objection != null) return new Decision.Unusable("quantity", objection);
        var decision = decide(account, key, product, quantity, creates);
        if (decision instanceof Decision.Refused refused) refusals.count(account, refused.cause(), clock.instant());
        return decision;
    }

    private Decision decide(String account, String key, String product, BigDecimal quantity, boolean creates) {
        while (true) {
            var billedIn = prices.currency(account);
            if (billedIn.isEmpty() && !creates) throw new UnknownAccountException(account);
            var currency = billedIn.orElse(Accounts.DEFAULT_CURRENCY);
            var known = prices.known();
            var now = now();
            var day = LocalDate.ofInstant(now, ZoneOffset.UTC);
            var found = known.book().findProduct(product);
            var ceiling = prices.ceiling(account, currency, product, quantity, day, known.book());
            if (ceiling == null) {
                if (prices.forgetIfOutdated(known)) continue;
                return new Decision.Unusable(
                        "product",
                        found.isEmpty()
                                ? "There is no product '" + product + "'"
                                : "There is no price of '" + product + "' in " + currency + " on " + day);
            }
            if (billedIn.isEmpty()) {
                try {
                    create(account);
                } catch (IllegalArgumentException refused) {
                    return new Decision.Unusable("account", String.valueOf(refused.getMessage()));
                }
                continue;
            }
            boolean billable = found.isPresent() && found.get().billable();
            var priced = new Priced(key, product, ceiling, billable, known.version(), now.plus(holdFor));
            var answer = batches.decide(Call.hold(account, quantity, now, priced));
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
                            ceiling.amount(),
                            Objects.requireNonNull(answer.remaining()),
                            currency,
                            answer.ownCap());
                }
            }
        }
    }

    private void create(String account) {
        transaction.executeWithoutResult(_ -> {
            if (accounts.addUnknown(account)) ledger.grantAllowance(account);
        });
    }

    /**
     * Ends a call with what it really used: at most the quantity that was asked is charged, at most its price. Asked again
     * with the same quantity, it answers the same.
     */
    public Ending settle(String account, UUID id, BigDecimal used) {
        var objection = objection(used);
        if (objection != null) return new Ending.Unusable(objection);
        return ending(batches.decide(Call.settle(account, id, used, now())));
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
