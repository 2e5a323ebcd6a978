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

    /** What it is rated at now, with what has no price. */
    List<RatedPart> whole() {
        var rest = usage.quantity().subtract(RatedPart.quantity(parts));
        if (rest.signum() == 0) return parts;
        var whole = new ArrayList<>(parts);
        whole.add(RatedPart.unpriced(rest));
        return whole;
    }

    /** Parts of one day, one for each tier of a price. */
    static List<RatedPart> together(List<RatedPart> parts) {
        if (parts.size() == 1) return parts;
        var tiers = new LinkedHashMap<Tier, RatedPart>();
        parts.forEach(part -> tiers.merge(Tier.of(part), part, RatedPart::plus));
        return List.copyOf(tiers.values());
    }

    /** What it was rated at before goes over into what it is rated at now by adding these. */
    List<RatedPart> changes() {
        var now = whole();
        if (usage.before().isEmpty()) return now;
        var changes = new LinkedHashMap<Tier, RatedPart>();
        usage.before().forEach(part -> changes.put(Tier.of(part), part.negated()));
        now.forEach(part -> changes.merge(Tier.of(part), part, RatedPart::plus));
        return changes.values().stream()
                .filter(part -> part.quantity().signum() != 0 || part.amount().signum() != 0)
                .toList();
    }
}
