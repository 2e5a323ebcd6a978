package io.postpaid.platform.batch;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.core.Oid;

/**
 * Rows on their way into a table by COPY in PostgreSQL's binary format: nothing to escape, and nothing for the server to
 * parse. The format is the documented one: a length and the bytes, big end first.
 */
public final class CopyRows implements AutoCloseable {
    private static final byte[] HEADER = {
        'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
    };
    private static final int FLUSH = 1 << 16;
    private static final long POSTGRES_EPOCH_SECONDS = 946_684_800;
    private static final long POSTGRES_EPOCH_DAY = 10_957;
    private static final BigInteger TEN_THOUSAND = BigInteger.valueOf(10_000);

    private final CopyIn copy;
    private byte[] bytes = new byte[FLUSH + 1024];
    private int length;

    /** Copies the rows that the writer gives; the statement names table and columns. */
    public static long copy(PGConnection connection, String statement, RowWriter writer) throws SQLException {
        try (var rows = begin(connection, statement)) {
            writer.write(rows);
            return rows.end();
        }
    }

    /** Begins to copy; until the end, or until this is closed without one, the connection can't be used for anything else. */
    public static CopyRows begin(PGConnection connection, String statement) throws SQLException {
        return new CopyRows(connection.getCopyAPI().copyIn(statement));
    }

    /** Copies the rows that were written. */
    public long end() throws SQLException {
        int16(-1).flush();
        return copy.endCopy();
    }

    /** What has not ended is not copied. */
    @Override
    public void close() throws SQLException {
        if (copy.isActive()) copy.cancelCopy();
    }

    public interface RowWriter {
        void write(CopyRows rows) throws SQLException;
    }

    private CopyRows(CopyIn copy) {
        this.copy = copy;
        raw(HEADER, HEADER.length);
    }

    public CopyRows row(int columns) throws SQLException {
        if (length >= FLUSH) {
            flush();
        }
        return int16(columns);
    }

    public CopyRows int4(int value) {
        return int32(4).int32(value);
    }

    public CopyRows int8(long value) {
        return int32(8).int64(value);
    }

    public CopyRows bool(boolean value) {
        int32(1);
        room(1);
        bytes[length++] = (byte) (value ? 1 : 0);
        return this;
    }

    public CopyRows uuid(UUID value) {
        return uuid(value.getMostSignificantBits(), value.getLeastSignificantBits());
    }

    public CopyRows uuid(long mostSignificantBits, long leastSignificantBits) {
        return int32(16).int64(mostSignificantBits).int64(leastSignificantBits);
    }

    public CopyRows date(LocalDate value) {
        return date(value.toEpochDay());
    }

    public CopyRows date(long epochDay) {
        return int32(4).int32((int) (epochDay - POSTGRES_EPOCH_DAY));
    }

    public CopyRows timestamp(@Nullable Instant value) {
        if (value == null) {
            return none();
        }
        return int32(8).int64((value.getEpochSecond() - POSTGRES_EPOCH_SECONDS) * 1_000_000 + value.getNano() / 1_000);
    }

    public CopyRows text(@Nullable String value) {
        if (value == null) {
            return none();
        }
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        return int32(utf8.length).raw(utf8, utf8.length);
    }

    /** Digits in base 10,000, the point after digit {@code weight}. */
    public CopyRows numeric(BigDecimal value) {
        int scale = Math.max(0, value.scale());
        int decimalDigits = (scale + 3) / 4;
        int padded = decimalDigits * 4 - value.scale();
        short[] digits = new short[(value.precision() + Math.max(0, padded)) / 4 + 2];
        int count = digits.length;
        if (value.precision() + padded <= 18) {
            long rest = Math.abs(value.unscaledValue().longValue());
            for (int i = 0; i < padded; i++) {
                rest *= 10;
            }
            for (; rest > 0; rest /= 10_000) {
                digits[--count] = (short) (rest % 10_000);
            }
        } else {
            BigInteger rest = value.abs().setScale(decimalDigits * 4).unscaledValue();
            while (rest.signum() > 0) {
                BigInteger[] parts = rest.divideAndRemainder(TEN_THOUSAND);
                digits[--count] = parts[1].shortValue();
                rest = parts[0];
            }
        }
        int used = digits.length - count;
        int32(8 + 2 * used).int16(used).int16(used - decimalDigits - 1);
        int16(value.signum() < 0 ? 0x4000 : 0).int16(scale);
        for (int i = count; i < digits.length; i++) {
            int16(digits[i]);
        }
        return this;
    }

    /** What has a length and is made of parts. */
    private CopyRows whole(RowWriter parts) throws SQLException {
        int begin = length;
        int32(0);
        parts.write(this);
        int end = length;
        length = begin;
        int32(end - begin - 4);
        length = end;
        return this;
    }

    /**
     * An array, not empty, of a composite type.
     *
     * @param type the type's oid
     * @param elements writes as many elements, each by {@link #composite}
     */
    public CopyRows array(int type, int size, RowWriter elements) throws SQLException {
        return whole(rows -> {
            rows.int32(1).int32(0).int32(type).int32(size).int32(1);
            elements.write(rows);
        });
    }

    /** A value of a composite type, each of its fields by its type's {@link Oid} and then its value. */
    public CopyRows composite(int fields, RowWriter values) throws SQLException {
        return whole(rows -> {
            rows.int32(fields);
            values.write(rows);
        });
    }

    /** The type of the field that follows. */
    public CopyRows type(int oid) {
        return int32(oid);
    }

    /** Null. */
    public CopyRows none() {
        return int32(-1);
    }

    private CopyRows int16(int value) {
        room(2);
        bytes[length++] = (byte) (value >> 8);
        bytes[length++] = (byte) value;
        return this;
    }

    private CopyRows int32(int value) {
        room(4);
        bytes[length++] = (byte) (value >> 24);
        bytes[length++] = (byte) (value >> 16);
        bytes[length++] = (byte) (value >> 8);
        bytes[length++] = (byte) value;
        return this;
    }

    private CopyRows int64(long value) {
        return int32((int) (value >> 32)).int32((int) value);
    }

    private CopyRows raw(byte[] source, int count) {
        room(count);
        System.arraycopy(source, 0, bytes, length, count);
        length += count;
        return this;
    }

    private void room(int count) {
        if (length + count > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + count));
        }
    }

    private void flush() throws SQLException {
        copy.writeToCopy(bytes, 0, length);
        length = 0;
    }
}
