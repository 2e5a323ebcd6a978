package io.postpaid.usage.format;

import dev.hardwood.metadata.LogicalType;
import dev.hardwood.metadata.LogicalType.DateType;
import dev.hardwood.metadata.LogicalType.DecimalType;
import dev.hardwood.metadata.LogicalType.EnumType;
import dev.hardwood.metadata.LogicalType.Float16Type;
import dev.hardwood.metadata.LogicalType.IntType;
import dev.hardwood.metadata.LogicalType.JsonType;
import dev.hardwood.metadata.LogicalType.StringType;
import dev.hardwood.metadata.LogicalType.TimeType;
import dev.hardwood.metadata.LogicalType.TimeUnit;
import dev.hardwood.metadata.LogicalType.TimestampType;
import dev.hardwood.metadata.LogicalType.UuidType;
import dev.hardwood.metadata.PhysicalType;
import dev.hardwood.reader.ColumnReader;
import dev.hardwood.reader.Validity;
import dev.hardwood.schema.SchemaNode.PrimitiveNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Base64;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** The values of one column, as JSON that says no more and no less than they do. */
final class ParquetValue {
    private static final long NANOS = 1_000_000_000;
    /** Of 1970-01-01. */
    private static final long JULIAN_DAY = 2_440_588;

    private final PhysicalType type;
    private final @Nullable LogicalType meaning;
    private Validity there = Validity.NO_NULLS;
    private int count;
    private Object values = new int[0];
    private int[] offsets = {};

    ParquetValue(PrimitiveNode column) {
        this.type = column.type();
        this.meaning = column.logicalType();
    }

    void turn(ColumnReader column) {
        there = column.getLeafValidity();
        count = column.getValueCount();
        values = switch (type) {
            case BOOLEAN -> column.getBooleans();
            case INT32 -> column.getInts();
            case INT64 -> column.getLongs();
            case FLOAT -> column.getFloats();
            case DOUBLE -> column.getDoubles();
            case INT96, BYTE_ARRAY, FIXED_LEN_BYTE_ARRAY -> {
                offsets = column.getBinaryOffsets();
                yield column.getBinaryValues();
            }
        };
    }

    void write(int at, JsonGenerator json) throws IOException {
        // Behind the last one are those of the batch before.
        if (at >= count) throw new IOException("its columns have different numbers of values");
        if (there.isNull(at)) {
            json.writeNull();
            return;
        }
        switch (values) {
            case boolean[] all -> json.writeBoolean(all[at]);
            case int[] all -> small(all[at], json);
            case long[] all -> whole(all[at], json);
            case float[] all -> decimal(Float.toString(all[at]), json);
            case double[] all -> decimal(Double.toString(all[at]), json);
            default -> bytes((byte[]) values, offsets[at], offsets[at + 1], json);
        }
    }

    /** The value as the name that a map has for it. */
    String name(int at) throws IOException {
        if (at >= count) throw new IOException("its columns have different numbers of values");
        if (there.isNull(at)) return "null";
        return switch (values) {
            case int[] all -> Integer.toString(all[at]);
            case long[] all -> Long.toString(all[at]);
            case byte[] all -> Readable.text(all, offsets[at], offsets[at + 1]);
            default -> throw new IOException("a map has keys of the type " + type);
        };
    }

    private void small(int value, JsonGenerator json) {
        if (meaning instanceof DateType) {
            json.writeString(LocalDate.ofEpochDay(value).toString());
        } else if (meaning instanceof IntType whole && !whole.isSigned()) {
            json.writeNumber(Integer.toUnsignedLong(value));
        } else {
            whole(value, json);
        }
    }

    private void whole(long value, JsonGenerator json) {
        switch (meaning) {
            case DecimalType of -> number(BigDecimal.valueOf(value, of.scale()), json);
            case TimestampType of -> timestamp(value, of, json);
            case TimeType of ->
                json.writeString(DateTimeFormatter.ISO_LOCAL_TIME.format(
                        LocalTime.ofNanoOfDay(Math.multiplyExact(value, NANOS / perSecond(of.unit())))));
            case IntType whole when !whole.isSigned() -> json.writeNumber(new BigInteger(Long.toUnsignedString(value)));
            case null, default -> json.writeNumber(value);
        }
    }

    private static long perSecond(TimeUnit unit) {
        return switch (unit) {
            case MILLIS -> 1_000;
            case MICROS -> 1_000_000;
            case NANOS -> NANOS;
        };
    }

    private static void timestamp(long value, TimestampType type, JsonGenerator json) {
        long unit = perSecond(type.unit());
        var at = Instant.ofEpochSecond(Math.floorDiv(value, unit), Math.floorMod(value, unit) * (NANOS / unit));
        json.writeString(
                type.isAdjustedToUTC()
                        ? at.toString()
                        : DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(at.atOffset(ZoneOffset.UTC)));
    }

    private static void number(BigDecimal value, JsonGenerator json) {
        json.writeNumber(value.toPlainString());
    }

    /** What is no number stands as text, which nobody takes for one. */
    private static void decimal(String shortest, JsonGenerator json) {
        if (shortest.endsWith("N") || shortest.endsWith("y")) {
            json.writeString(shortest);
        } else {
            number(new BigDecimal(shortest).stripTrailingZeros(), json);
        }
    }

    private void bytes(byte[] all, int from, int to, JsonGenerator json) {
        switch (meaning) {
            // Bytes that are no text stay as they are, for whoever reads the line to refuse it.
            case StringType _, EnumType _, JsonType _ -> json.writeUTF8String(all, from, to - from);
            case DecimalType of -> number(new BigDecimal(new BigInteger(all, from, to - from), of.scale()), json);
            case UuidType _ -> {
                var bits = ByteBuffer.wrap(all, from, to - from);
                json.writeString(new UUID(bits.getLong(), bits.getLong()).toString());
            }
            case Float16Type _ ->
                decimal(
                        Float.toString(Float.float16ToFloat(ByteBuffer.wrap(all, from, to - from)
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .getShort())),
                        json);
            case null, default -> untold(all, from, to, json);
        }
    }

    /** Programs of old do not say of text that it is. */
    private void untold(byte[] all, int from, int to, JsonGenerator json) {
        if (type == PhysicalType.INT96) {
            var parts = ByteBuffer.wrap(all, from, to - from).order(ByteOrder.LITTLE_ENDIAN);
            long nanos = parts.getLong();
            json.writeString(Instant.ofEpochSecond((parts.getInt() - JULIAN_DAY) * 86_400, nanos)
                    .toString());
        } else if (type == PhysicalType.BYTE_ARRAY && Readable.fault(all, from, to) == null) {
            json.writeUTF8String(all, from, to - from);
        } else {
            json.writeString(Base64.getEncoder().encodeToString(Arrays.copyOfRange(all, from, to)));
        }
    }
}
