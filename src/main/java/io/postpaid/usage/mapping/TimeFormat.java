package io.postpaid.usage.mapping;

import io.postpaid.usage.record.RecordDraft;
import io.postpaid.usage.record.RecordDraft.Unfit;
import io.postpaid.usage.record.Timestamps;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;

/** How a log writes instants. */
@FunctionalInterface
interface TimeFormat {
    int DAY_LENGTH = "2026-10-03".length();
    BigDecimal LAST_SECOND =
            BigDecimal.valueOf(Instant.parse("9999-12-31T23:59:59Z").getEpochSecond());

    /** @throws DateTimeException that says what is wrong with the text, after the name of the field */
    Instant read(String text, ZoneId timezone);

    /** @throws IllegalArgumentException for a name that is neither known nor a pattern */
    static TimeFormat named(String name) {
        return switch (name) {
            case "epoch_seconds" -> epoch(name, 0);
            case "epoch_millis" -> epoch(name, -3);
            case "epoch_micros" -> epoch(name, -6);
            case "epoch_nanos" -> epoch(name, -9);
            case "iso" -> iso();
            default -> new TimePattern(name);
        };
    }

    static TimeFormat iso() {
        return (text, timezone) -> text.length() == DAY_LENGTH
                ? LocalDate.parse(text).atStartOfDay(timezone).toInstant()
                : Timestamps.parse(text, timezone);
    }

    /**
     * Each text in the one of the formats in which it can be read. What two of them read as different instants is refused,
     * because nobody could say which one is meant.
     */
    static TimeFormat oneOf(List<TimeFormat> formats) {
        if (formats.size() == 1) return formats.getFirst();
        return (text, timezone) -> {
            Instant found = null;
            RuntimeException fault = null;
            for (TimeFormat format : formats) {
                Instant read;
                try {
                    read = format.read(text, timezone);
                } catch (DateTimeException | Unfit e) {
                    fault = fault == null ? e : fault;
                    continue;
                }
                // Seconds read as milliseconds are a time in January 1970.
                if (read.isBefore(RecordDraft.EARLIEST)) continue;
                if (found != null && !found.equals(read)) {
                    throw new DateTimeException("'" + text + "' can be " + found + " and " + read
                            + " by the formats of the mapping: give it the one that is meant");
                }
                found = read;
            }
            if (found != null) return found;
            throw fault instanceof DateTimeException known
                    ? known
                    : new DateTimeException("'" + text + "' is not a time in any of the formats of the mapping", fault);
        };
    }

    /** A number since 1970, of which one is ten to the given power of seconds. */
    private static TimeFormat epoch(String name, int power) {
        return (text, timezone) -> {
            BigDecimal seconds = RecordDraft.decimal("occurred_at", text).scaleByPowerOfTen(power);
            BigDecimal whole = seconds.setScale(0, RoundingMode.FLOOR);
            if (whole.abs().compareTo(LAST_SECOND) > 0) {
                throw new DateTimeException("'" + text + "' is too far from 1970, read as " + name);
            }
            return Instant.ofEpochSecond(
                    whole.longValueExact(),
                    seconds.subtract(whole).movePointRight(9).longValue());
        };
    }
}
