package io.postpaid.pricing.rating;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A day with what it costs now.
 *
 * @param waits whether it has no price in force yet, which holds the account's invoice
 */
record RatedDay(DailyUsage usage, List<RatedPart> parts, boolean waits) {

    BigDecimal cost() {
        return RatedPart.amount(parts);
    }

    BigDecimal change() {
        return cost().subtract(usage.cost());
    }

    private record Tier(@Nullable Long price, int n) {
        static Tier of(RatedPart part) {
            return new Tier(part.price(), part.tier());
        }
    }

    /** What it was rated at before goes over into what it is rated at now by adding these. */
    List<RatedPart> changes() {
        var rest = usage.quantity().subtract(RatedPart.quantity(parts));
        var now = parts;
        if (rest.signum() != 0) {
            now = new ArrayList<>(parts);
            now.add(RatedPart.unpriced(rest));
        }
        if (usage.before().isEmpty()) return now;
        var changes = new LinkedHashMap<Tier, RatedPart>();
        usage.before().forEach(part -> changes.put(Tier.of(part), part.negated()));
        now.forEach(part -> changes.merge(Tier.of(part), part, RatedPart::plus));
        return changes.values().stream()
                .filter(part -> part.quantity().signum() != 0 || part.amount().signum() != 0)
                .toList();
    }
}
