package io.postpaid.gate;

import io.postpaid.pricing.rating.PriceCeiling;
import io.postpaid.usage.record.UsageKey;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A call as the database decides it.
 *
 * @param quantity what is asked for, or what was really used
 */
record Call(
        Kind kind,
        String account,
        Instant at,
        @Nullable BigDecimal quantity,
        @Nullable Priced hold,
        @Nullable UUID id) {

    enum Kind {
        HOLD,
        SETTLE,
        RELEASE
    }

    /** What is to be held, and until when. */
    record Priced(String key, String product, PriceCeiling price, boolean billable, long pricedWith, Instant until) {}

    private static final String SOURCE = "gate";

    static Call hold(String account, BigDecimal quantity, Instant at, Priced hold) {
        return new Call(Kind.HOLD, account, at, quantity, hold, null);
    }

    static Call settle(String account, UUID id, BigDecimal used, Instant at) {
        return new Call(Kind.SETTLE, account, at, used, null, id);
    }

    static Call release(String account, UUID id, Instant at) {
        return new Call(Kind.RELEASE, account, at, null, null, id);
    }

    /** Under which its usage is kept. */
    @Nullable
    UUID recordKey() {
        return kind == Kind.SETTLE ? UsageKey.of(SOURCE, String.valueOf(id)) : null;
    }

    /** Under which is kept what it used beyond its quantity. */
    @Nullable
    UUID excessKey() {
        return kind == Kind.SETTLE ? UsageKey.of(SOURCE, id + "+") : null;
    }
}
