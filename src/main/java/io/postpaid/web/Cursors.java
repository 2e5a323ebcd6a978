package io.postpaid.web;

import io.postpaid.usage.archive.AccountRecords.Position;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;

/** A place among an account's records, as text for an address: its microseconds and its key. */
public final class Cursors {
    private static final int BYTES = 3 * Long.BYTES;
    private static final long MICROS = 1_000_000;
    /** 1900 to 9999. */
    private static final long EARLIEST = -2_208_988_800L * MICROS;

    private static final long LATEST = 253_402_300_800L * MICROS;

    private Cursors() {}

    public static String write(Position position) {
        var at = position.occurredAt();
        var bytes = ByteBuffer.allocate(BYTES)
                .putLong(Math.addExact(Math.multiplyExact(at.getEpochSecond(), MICROS), at.getNano() / 1_000))
                .putLong(position.key().getMostSignificantBits())
                .putLong(position.key().getLeastSignificantBits())
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Empty for a text that {@link #write} cannot have written. */
    public static Optional<Position> read(String cursor) {
        if (!cursor.matches("[A-Za-z0-9_-]{32}")) return Optional.empty();
        var bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(cursor));
        long micros = bytes.getLong();
        if (micros < EARLIEST || micros > LATEST) return Optional.empty();
        var at = Instant.ofEpochSecond(Math.floorDiv(micros, MICROS), Math.floorMod(micros, MICROS) * 1_000);
        return Optional.of(new Position(at, new UUID(bytes.getLong(), bytes.getLong())));
    }
}
