package io.postpaid.usage.mapping;

import io.postpaid.usage.record.RecordDraft;
import io.postpaid.usage.record.Timestamps;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;

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
            case "epoch_seconds" -> epoch(0);
            case "epoch_millis" -> epoch(-3);
            default -> new TimePattern(name);
        };
    }

    static TimeFormat iso() {
        return (text, timezone) -> text.length() == DAY_LENGTH
                ? LocalDate.parse(text).atStartOfDay(timezone).toInstant()
                : Timestamps.parse(text, timezone);
    }

    /** A number since 1970, of which one is ten to the given power of seconds. */
    private static TimeFormat epoch(int power) {
        return (text, timezone) -> {
            BigDecimal seconds = RecordDraft.decimal("occurred_at", text).scaleByPowerOfTen(power);
            BigDecimal whole = seconds.setScale(0, RoundingMode.FLOOR);
            if (whole.abs().compareTo(LAST_SECOND) > 0) {
                throw new DateTimeException("'" + text + "' is not a time that can be, counted since 1970");
            }
            return Instant.ofEpochSecond(
                    whole.longValueExact(),
                    seconds.subtract(whole).movePointRight(9).longValue());
        };
    }
}
