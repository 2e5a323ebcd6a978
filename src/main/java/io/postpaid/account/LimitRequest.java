package io.postpaid.account;

import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A wish for a higher monthly limit. */
public record LimitRequest(
        long id,
        String account,
        BigDecimal amount,
        String reason,
        Status status,
        Instant askedAt,
        @Nullable Instant decidedAt) {
    /** What an operator has decided. */
    public enum Status {
        OPEN,
        APPROVED,
        REJECTED
    }
}
