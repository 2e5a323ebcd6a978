package io.postpaid.pricing.pricebook;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * A range of quantity within a period.
 *
 * @param n 1 for the first
 * @param upTo the last quantity inside it, null in the last tier
 * @param amount what {@code per} units cost here
 */
public record Tier(int n, @Nullable BigDecimal upTo, BigDecimal amount) {
    public Tier {
        if (upTo != null && upTo.signum() <= 0) throw new IllegalArgumentException("tier " + n + " ends at " + upTo);
        if (amount.signum() < 0) throw new IllegalArgumentException("tier " + n + " costs " + amount);
    }

    boolean sameAs(Tier other) {
        return n == other.n
                && amount.compareTo(other.amount) == 0
                && (upTo == null ? other.upTo == null : other.upTo != null && upTo.compareTo(other.upTo) == 0);
    }
}
