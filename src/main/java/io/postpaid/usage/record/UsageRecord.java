package io.postpaid.usage.record;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * One raw fact: this account used this much of this product at this instant.
 *
 * <p>The instant is kept to the microsecond and the quantity without trailing zeros, so that equal usage is equal.
 */
public record UsageRecord(
        String source,
        String id,
        String account,
        String product,
        BigDecimal quantity,
        Instant occurredAt,
        boolean failed,
        @Nullable String operation,
        @Nullable String metadata)
        implements ParsedLine.Fact {
    public static final int MOST_DECIMALS = 9;
    public static final int MOST_INTEGERS = 19;

    public UsageRecord {
        quantity = quantity.signum() == 0 ? BigDecimal.ZERO : quantity.stripTrailingZeros();
        occurredAt = occurredAt.truncatedTo(ChronoUnit.MICROS);
    }

    @Override
    public UsageRecord of(String other) {
        return new UsageRecord(source, id, other, product, quantity, occurredAt, failed, operation, metadata);
    }

    @Override
    public long contentHash() {
        return new ContentHash()
                .text("usage")
                .text(account)
                .text(product)
                .number(quantity.unscaledValue().hashCode())
                .number(quantity.unscaledValue().longValue())
                .number(quantity.scale())
                .number(occurredAt.getEpochSecond())
                .number(occurredAt.getNano())
                .number(failed ? 1 : 0)
                .text(operation)
                .text(metadata)
                .value();
    }
}
