package io.postpaid.credit;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * How a change of cost is covered: by credit first, the rest accrues.
 *
 * @param draws by grant id: what is taken from it, negative where it is given back
 * @param accrued what accrues to be charged, negative where less is owed than before
 */
public record BurnDown(SequencedMap<Long, BigDecimal> draws, BigDecimal accrued) {

    /** What covered an account's use of a month before the change. */
    public record Before(BigDecimal accrued, Map<Long, BigDecimal> drawn) {
        /** For new cost only, which does not look back. */
        public static final Before NOTHING = new Before(BigDecimal.ZERO, Map.of());
    }

    /**
     * Covers the changes of what an account's use of one month costs.
     *
     * @param changes by usage day; a correction is negative
     * @param grants those of the account, with what has been used of them
     */
    public static BurnDown of(Map<LocalDate, BigDecimal> changes, List<CreditGrant> grants, Before before) {
        var days = new TreeMap<>(changes);
        var toReturn = cancelOut(days);
        var draws = new LinkedHashMap<Long, BigDecimal>();
        var ordered = grants.stream().sorted(CreditGrant.BURN_DOWN_ORDER).toList();
        var accrued = BigDecimal.ZERO;
        for (var day : days.entrySet()) {
            var open = day.getValue();
            for (var grant : ordered) {
                if (open.signum() == 0) break;
                if (!grant.usableOn(day.getKey())) continue;
                var drawn = open.min(grant.remaining().subtract(draws.getOrDefault(grant.id(), BigDecimal.ZERO)));
                if (drawn.signum() <= 0) continue;
                draws.merge(grant.id(), drawn, BigDecimal::add);
                open = open.subtract(drawn);
            }
            accrued = accrued.add(open);
        }
        return toReturn.signum() == 0 ? new BurnDown(draws, accrued) : giveBack(toReturn, ordered, before);
    }

    /** Sets corrections off against new cost, latest day first; what is left of them has to be given back. */
    private static BigDecimal cancelOut(TreeMap<LocalDate, BigDecimal> days) {
        var negative = days.values().stream()
                .filter(c -> c.signum() < 0)
                .reduce(BigDecimal.ZERO, BigDecimal::add)
                .negate();
        days.values().removeIf(change -> change.signum() <= 0);
        for (var day : days.descendingMap().entrySet()) {
            var cancelled = day.getValue().min(negative);
            negative = negative.subtract(cancelled);
            day.setValue(day.getValue().subtract(cancelled));
        }
        return negative;
    }

    /** First what had accrued is owed no more, then credit goes back where it was drawn last. */
    private static BurnDown giveBack(BigDecimal amount, List<CreditGrant> ordered, Before before) {
        var fromAccrued = amount.min(before.accrued().max(BigDecimal.ZERO));
        var open = amount.subtract(fromAccrued);
        var draws = new LinkedHashMap<Long, BigDecimal>();
        for (var grant : ordered.reversed()) {
            var returned = open.min(before.drawn().getOrDefault(grant.id(), BigDecimal.ZERO));
            if (returned.signum() <= 0) continue;
            draws.put(grant.id(), returned.negate());
            open = open.subtract(returned);
        }
        return new BurnDown(draws, fromAccrued.add(open).negate());
    }
}
