package io.postpaid.usage.record;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * Reads instants as logs write them: {@code 2026-10-03T12:00:00Z}, {@code 2026-10-03 12:00:00.1234567},
 * {@code 2026-10-03T12:00+02:00}. Without an offset the given zone holds; digits beyond the nanosecond are cut off.
 */
public final class Timestamps {
    private Timestamps() {}

    public static Instant parse(String text, ZoneId zone) {
        int end = text.length();
        if (end < 16 || text.charAt(4) != '-' || text.charAt(7) != '-' || text.charAt(13) != ':') {
            throw unreadable(text);
        }
        char separator = text.charAt(10);
        if (separator != 'T' && separator != ' ' && separator != 't') {
            throw unreadable(text);
        }
        int second = 0;
        int nano = 0;
        int at = 16;
        if (at < end && text.charAt(at) == ':') {
            second = number(text, 17, 19);
            at = 19;
            if (at < end && (text.charAt(at) == '.' || text.charAt(at) == ',')) {
                int first = ++at;
                int unit = 100_000_000;
                while (at < end && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
                    nano += (text.charAt(at++) - '0') * unit;
                    unit /= 10;
                }
                if (at == first) {
                    throw unreadable(text);
                }
            }
        }
        try {
            var date = LocalDate.of(number(text, 0, 4), number(text, 5, 7), number(text, 8, 10));
            int hour = number(text, 11, 13);
            int minute = number(text, 14, 16);
            if (at == end - 1 && (text.charAt(at) == 'Z' || text.charAt(at) == 'z')
                    || at == end && zone == ZoneOffset.UTC) {
                if (hour > 23 || minute > 59 || second > 59) {
                    throw unreadable(text);
                }
                return Instant.ofEpochSecond(date.toEpochDay() * 86_400 + hour * 3600L + minute * 60L + second, nano);
            }
            var local = LocalDateTime.of(date, LocalTime.of(hour, minute, second, nano));
            return at == end
                    ? instant(local, zone)
                    : local.toInstant(ZoneOffset.of(text.substring(at).trim()));
        } catch (ZoneGap e) {
            throw e;
        } catch (DateTimeException e) {
            throw new DateTimeException(unreadable(text).getMessage(), e);
        }
    }

    /** A local time that the clocks of its zone never showed, or showed twice. */
    public static final class ZoneGap extends DateTimeException {
        private static final long serialVersionUID = 1;

        ZoneGap(String message) {
            super(message);
        }
    }

    /** @throws ZoneGap where the clocks were changed, so that nobody can say which instant is meant */
    public static Instant instant(LocalDateTime local, ZoneId zone) {
        var offsets = zone.getRules().getValidOffsets(local);
        if (offsets.size() == 1) {
            return local.toInstant(offsets.getFirst());
        }
        throw new ZoneGap("'" + local + "'"
                + (offsets.isEmpty()
                        ? " does not exist in " + zone + ": the clocks were put forward over it"
                        : " is twice in " + zone + ": the clocks were put back to it"));
    }

    private static int number(String text, int from, int to) {
        int value = 0;
        for (int i = from; i < to; i++) {
            if (i >= text.length() || text.charAt(i) < '0' || text.charAt(i) > '9') {
                throw unreadable(text);
            }
            value = value * 10 + text.charAt(i) - '0';
        }
        return value;
    }

    private static DateTimeException unreadable(String text) {
        return new DateTimeException("'" + text + "' is not an instant such as 2026-10-03T12:00:00Z");
    }
}
