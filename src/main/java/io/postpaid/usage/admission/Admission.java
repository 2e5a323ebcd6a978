package io.postpaid.usage.admission;

import io.postpaid.usage.admission.Verdict.Refused;
import io.postpaid.usage.record.OwnVoice;
import io.postpaid.usage.record.ParsedLine;
import io.postpaid.usage.record.ParsedLine.Fact;
import io.postpaid.usage.record.ParsedLine.Malformed;
import io.postpaid.usage.record.Reason;
import io.postpaid.usage.record.UsageRecord;
import io.postpaid.usage.record.UsageVoid;
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
        Set<String> accounts,
        Map<String, Boolean> billableProducts,
        Set<String> freeOperations,
        Instant now,
        Instant earliest,
        Duration clockSkew) {
    /** What lies further ahead is of a wrong clock or zone, and waits for a person. */
    public static final Duration TRIED_AGAIN = Duration.ofHours(1);

    /** The same, at another time. */
    public Admission at(Instant instant, Instant lateWindowBegins) {
        return new Admission(accounts, billableProducts, freeOperations, instant, lateWindowBegins, clockSkew);
    }

    /** Whether none of the lines is of an account or product that may have come in the meantime. */
    public boolean knows(KeyedBatch batch) {
        for (int i = 0; i < batch.size(); i++) {
            if (batch.line(i) instanceof Fact fact
                    && !(accounts.contains(fact.account())
                            && (!(fact instanceof UsageRecord usage)
                                    || billableProducts.containsKey(usage.product())))) {
                return false;
            }
        }
        return true;
    }

    /** Null when there is nothing against it. */
    @Nullable
    public Refused objection(ParsedLine line) {
        return switch (line) {
            case Malformed malformed -> new Refused(malformed.reason(), malformed.detail());
            case UsageVoid correction -> identity(correction, correction.occurredAt());
            case UsageRecord usage -> {
                Refused refused = identity(usage, usage.occurredAt());
                yield refused != null ? refused : usage(usage);
            }
        };
    }

    /** Failed calls, free operations and products that are not billable cost zero. */
    public boolean billable(UsageRecord usage) {
        return !usage.failed()
                && billableProducts.getOrDefault(usage.product(), false)
                && (usage.operation() == null || !freeOperations.contains(usage.operation()));
    }

    private @Nullable Refused identity(Fact fact, Instant occurredAt) {
        if (!accounts.contains(fact.account())) {
            return new Refused(Reason.UNKNOWN_ACCOUNT, "there is no account '" + fact.account() + "'");
        }
        if (occurredAt.isAfter(now.plus(clockSkew))) {
            return new Refused(
                    Reason.IN_FUTURE,
                    "occurred_at " + occurredAt + " is after now, " + now
                            + (triedAgain(occurredAt) ? "; the nightly run tries it again" : ""));
        }
        return null;
    }

    /** True for what is early by no more than a clock may be wrong: a night takes it in by itself. */
    public boolean triedAgain(Instant occurredAt) {
        return !occurredAt.isAfter(now.plus(TRIED_AGAIN));
    }

    private @Nullable Refused usage(UsageRecord usage) {
        if (usage.source().equals(OwnVoice.GATE)) {
            return new Refused(Reason.MALFORMED, "the source 'gate' is for calls that are settled at the gate");
        }
        if (!billableProducts.containsKey(usage.product())) {
            return new Refused(Reason.UNKNOWN_PRODUCT, "there is no product '" + usage.product() + "'");
        }
        BigDecimal quantity = usage.quantity();
        if (quantity.signum() < 0) {
            return new Refused(Reason.BAD_QUANTITY, "quantity " + quantity + " is negative");
        }
        if (quantity.scale() > UsageRecord.MOST_DECIMALS) {
            return new Refused(
                    Reason.BAD_QUANTITY,
                    "quantity " + quantity + " has more than " + UsageRecord.MOST_DECIMALS + " decimals");
        }
        if ((long) quantity.precision() - quantity.scale() > UsageRecord.MOST_INTEGERS) {
            return new Refused(
                    Reason.BAD_QUANTITY,
                    "quantity " + quantity + " has more than " + UsageRecord.MOST_INTEGERS
                            + " digits before the point");
        }
        if (usage.occurredAt().isBefore(earliest)) {
            return new Refused(
                    Reason.TOO_LATE,
                    "occurred_at " + usage.occurredAt() + " is before " + earliest + ", where the late window ends");
        }
        return null;
    }
}
