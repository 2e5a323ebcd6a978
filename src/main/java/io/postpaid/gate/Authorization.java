package io.postpaid.gate;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A call that was let through.
 *
 * @param quantity what it asked for
 * @param price what is held for it until it ends, and the most that it can cost
 * @param used what it really used, null while it is not settled
 * @param charged what that cost, null while it is not settled
 */
public record Authorization(
        UUID id,
        String product,
        BigDecimal quantity,
        BigDecimal price,
        String currency,
        Status status,
        Instant authorizedAt,
        Instant expiresAt,
        @Nullable BigDecimal used,
        @Nullable BigDecimal charged) {

    /** What it has cost; nothing while it is not settled. */
    public BigDecimal cost() {
        return charged == null ? BigDecimal.ZERO : charged;
    }

    /** How far a call has come. */
    public enum Status {
        HELD,
        SETTLED,
        RELEASED,
        EXPIRED
    }
}
