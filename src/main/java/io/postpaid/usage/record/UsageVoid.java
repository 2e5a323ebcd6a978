package io.postpaid.usage.record;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/** A correction: the record with the id {@code voids} of the same source is taken back as a whole. */
public record UsageVoid(String source, String id, String voids, String account, Instant occurredAt)
        implements ParsedLine.Fact {

    public UsageVoid {
        occurredAt = occurredAt.truncatedTo(ChronoUnit.MICROS);
    }

    /** In a reserved source the ids are those of its records alone: a correction must not stand before one of them. */
    @Override
    public UUID key() {
        return UsageKey.of(source, OwnVoice.isReserved(source) ? "void:" + id : id);
    }

    public boolean ofGate() {
        return source.equals(OwnVoice.GATE);
    }

    public UUID voidedKey() {
        return UsageKey.of(source, voids);
    }

    @Override
    public UsageVoid of(String other) {
        return new UsageVoid(source, id, voids, other, occurredAt);
    }

    @Override
    public long contentHash() {
        return new ContentHash()
                .text("void")
                .text(account)
                .text(voids)
                .number(occurredAt.getEpochSecond())
                .number(occurredAt.getNano())
                .value();
    }
}
