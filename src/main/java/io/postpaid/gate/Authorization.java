package io.postpaid.gate;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A call that was let through.
 *
 * @param items what it is priced from, in the order in which they were asked
 */
public record Authorization(
        UUID id, List<Item> items, String currency, Status status, Instant authorizedAt, Instant expiresAt) {

    public Authorization {
        items = List.copyOf(items);
    }

    /**
     * One of the inputs that a call is priced from; most calls have only one.
     *
     * @param quantity what was asked for
     * @param price what is held for it until the call ends, and the most that it can cost
     * @param used what was really used, null while the call is not settled
     * @param charged what that cost, null while the call is not settled
     */
    public record Item(
            String product,
            BigDecimal quantity,
            BigDecimal price,
            @Nullable BigDecimal used,
            @Nullable BigDecimal charged) {
        @Override
        public String toString() {
            return quantity.toPlainString() + " " + product;
        }
    }

    /** What is held for it until it ends, and the most that it can cost. */
    public BigDecimal price() {
        return items.stream().map(Item::price).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    /** What it has cost; nothing while it is not settled. */
    public BigDecimal cost() {
        return items.stream()
                .map(Item::charged)
                .map(charged -> charged == null ? BigDecimal.ZERO : charged)
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    /** How far a call has come. */
    public enum Status {
        HELD,
        SETTLED,
        RELEASED,
        EXPIRED
    }
}
