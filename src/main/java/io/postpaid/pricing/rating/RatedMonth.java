package io.postpaid.pricing.rating;

import io.postpaid.credit.MonthlyCost;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What an account's usage of a period costs, as it was rated again.
 *
 * @param cost and what credit covers of it
 * @param unpriced days without a price in force, in words
 * @param asInBooks whether every day costs what the journal says, at the same prices and tiers
 */
public record RatedMonth(List<Used> usage, MonthlyCost cost, List<String> unpriced, boolean asInBooks) {
    public RatedMonth {
        usage = List.copyOf(usage);
        unpriced = List.copyOf(unpriced);
    }

    /** @param month (its first day) in which it was used */
    public record Used(String product, LocalDate month, long price, int tier, BigDecimal quantity, BigDecimal amount) {
        boolean costs(Used other) {
            return product.equals(other.product)
                    && month.equals(other.month)
                    && tier == other.tier
                    && quantity.compareTo(other.quantity) == 0
                    && amount.compareTo(other.amount) == 0;
        }
    }

    /** Whether all of it costs the same, whichever versions of prices that comes from. */
    public boolean costs(RatedMonth other) {
        if (usage.size() != other.usage.size() || !unpriced.equals(other.unpriced)) return false;
        for (int i = 0; i < usage.size(); i++) {
            if (!usage.get(i).costs(other.usage.get(i))) return false;
        }
        return true;
    }

    /** The versions of prices that it was rated by. */
    public Set<Long> prices() {
        return usage.stream().map(Used::price).collect(Collectors.toUnmodifiableSet());
    }
}
