package io.postpaid.usage.admission;

import io.postpaid.usage.admission.Verdict.Refused;
import io.postpaid.usage.admission.Verdict.Taken;
import io.postpaid.usage.record.OwnVoice;
import io.postpaid.usage.record.ParsedLine.Fact;
import io.postpaid.usage.record.Reason;
import io.postpaid.usage.record.UsageRecord;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether a line may be billed as things stand: what is known, and what time it is. A quantity has at most 19 digits
 * before the point and 9 after it; more is refused and not rounded, because rounding would bill something nobody sent.
 */
public record Admission(
        KnownAccounts accounts,
        Map<String, Boolean> billableProducts,
        Set<String> freeOperations,
        OtherPath otherPath,
        Instant now,
        Instant earliest,
        Duration clockSkew) {
    /** What lies further ahead is of a wrong clock or zone, and waits for a person. */
    static final Duration TRIED_AGAIN = Duration.ofHours(1);

    /** What is to be said of the line before anyone asks whether it was seen before. */
    public Verdict first(Claim claim) {
        var malformed = claim.malformed();
        if (malformed != null) return new Refused(malformed.reason(), malformed.detail());
        if (claim.stated.isEmpty()) return Taken.LEFT_OUT;
        for (var stated : claim.stated) {
            stated.known = false;
            stated.fact = accounts.meant(stated.fact);
            var refused = objection(stated.fact);
            if (refused != null) return refused;
        }
        return Taken.ACCEPTED;
    }

    private @Nullable Refused objection(Fact fact) {
        var refused = identity(fact);
        if (refused == null && fact instanceof UsageRecord usage) refused = usage(usage);
        return refused == null ? otherPath.objection(fact.source()) : refused;
    }

    /** Failed calls, free operations and products that are not billable cost zero. */
    public boolean billable(UsageRecord usage) {
        return !usage.failed()
                && billableProducts.getOrDefault(usage.product(), false)
                && (usage.operation() == null || !freeOperations.contains(usage.operation()));
    }

    private @Nullable Refused identity(Fact fact) {
        if (!accounts.isKnown(fact.account())) {
            return new Refused(
                    Reason.UNKNOWN_ACCOUNT, "there is no account '" + fact.account() + "', and none with that alias");
        }
        if (fact.occurredAt().isAfter(now.plus(clockSkew))) {
            // What is early by no more than a clock may be wrong is tried again by the next night.
            return fact.occurredAt().isAfter(now.plus(TRIED_AGAIN))
                    ? inFuture(fact, "", null)
                    : inFuture(fact, otherPath.triesAgain(), otherPath.aggregating() ? null : fact.occurredAt());
        }
        return null;
    }

    private Refused inFuture(Fact fact, String advice, @Nullable Instant retryAt) {
        return new Refused(
                Reason.IN_FUTURE, "occurred_at " + fact.occurredAt() + " is after now, " + now + advice, retryAt);
    }

    private @Nullable Refused usage(UsageRecord usage) {
        if (usage.source().equals(OwnVoice.GATE)) {
            return new Refused(Reason.MALFORMED, "the source 'gate' is for calls that are settled at the gate");
        }
        if (!billableProducts.containsKey(usage.product())) {
            return new Refused(Reason.UNKNOWN_PRODUCT, "there is no product '" + usage.product() + "'");
        }
        BigDecimal quantity = usage.quantity();
        if (quantity.signum() < 0) return badQuantity(quantity, "is negative");
        if (quantity.scale() > UsageRecord.MOST_DECIMALS) {
            return badQuantity(quantity, "has more than " + UsageRecord.MOST_DECIMALS + " decimals");
        }
        if ((long) quantity.precision() - quantity.scale() > UsageRecord.MOST_INTEGERS) {
            return badQuantity(quantity, "has more than " + UsageRecord.MOST_INTEGERS + " digits before the point");
        }
        if (usage.occurredAt().isBefore(earliest)) {
            return new Refused(
                    Reason.TOO_LATE,
                    "occurred_at " + usage.occurredAt() + " is before " + earliest + ", where the late window ends");
        }
        return null;
    }

    private static Refused badQuantity(BigDecimal quantity, String fault) {
        return new Refused(Reason.BAD_QUANTITY, "quantity " + quantity + " " + fault);
    }
}
