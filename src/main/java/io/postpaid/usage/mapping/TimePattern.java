package io.postpaid.usage.mapping;

import io.postpaid.usage.record.Timestamps;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How a log writes its times, such as {@code dd/MM/yyyy HH:mm}. Read strictly: a date that does not exist is refused and never
 * moved to a near one. A date without a time is the beginning of that day.
 */
final class TimePattern implements TimeFormat {
    /** What a pattern must read back as it was written, to be one at all. */
    private static final List<LocalDateTime> TRIALS =
            List.of(LocalDateTime.of(2027, 1, 1, 13, 45, 10), LocalDateTime.of(2024, 12, 30, 1, 2, 3));

    private static final String WEEKS = "YwWec";

    private final String pattern;
    private final DateTimeFormatter formatter;

    /** @throws IllegalArgumentException for a pattern that is none, or that does not say which day is meant */
    TimePattern(String pattern) {
        this.pattern = pattern;
        this.formatter = new DateTimeFormatterBuilder()
                .parseCaseInsensitive()
                .appendPattern(withPlainYears(pattern))
                .toFormatter(Locale.ENGLISH)
                .withResolverStyle(ResolverStyle.STRICT);
        for (LocalDateTime trial : TRIALS) {
            if (!readsBack(trial)) {
                throw new IllegalArgumentException("it does not say which day and which time of it are meant");
            }
        }
    }

    private boolean readsBack(LocalDateTime trial) {
        try {
            var read = formatter.parse(formatter.format(trial.atZone(ZoneOffset.UTC)));
            boolean halfATime = read.query(TemporalQueries.localTime()) == null
                    && Arrays.stream(ChronoField.values())
                            .anyMatch(field -> field.isTimeBased() && read.isSupported(field));
            return !halfATime
                    && trial.toLocalDate().equals(LocalDate.ofInstant(instant(read, ZoneOffset.UTC), ZoneOffset.UTC));
        } catch (DateTimeException e) {
            // Said by the answer: with so little of it nobody could read a time.
            return false;
        }
    }

    /** Strictly, {@code y} is a year of an era, which logs do not write down. */
    private static String withPlainYears(String pattern) {
        var plain = new StringBuilder(pattern);
        boolean quoted = false;
        for (int i = 0; i < plain.length(); i++) {
            quoted ^= plain.charAt(i) == '\'';
            if (!quoted && WEEKS.indexOf(plain.charAt(i)) >= 0) {
                throw new IllegalArgumentException("'" + plain.charAt(i)
                        + "' counts weeks, which do not begin on the same day everywhere; a year is yyyy");
            }
            if (!quoted && plain.charAt(i) == 'y') {
                plain.setCharAt(i, 'u');
            }
        }
        return plain.toString();
    }

    @Override
    public Instant read(String text, ZoneId timezone) {
        try {
            return instant(formatter.parse(text), timezone);
        } catch (Timestamps.ZoneGap e) {
            throw e;
        } catch (DateTimeParseException e) {
            // Only what has the form of the pattern has a cause: its numbers make no date.
            throw new DateTimeException(
                    e.getCause() == null
                            ? "'" + text + "' is not written as " + pattern
                            : "'" + text + "' is no time that exists, read as " + pattern,
                    e);
        } catch (DateTimeException e) {
            throw new DateTimeException("'" + text + "' is not a whole time, read as " + pattern, e);
        }
    }

    private static Instant instant(TemporalAccessor read, ZoneId timezone) {
        var date = read.query(TemporalQueries.localDate());
        if (date == null) {
            return Instant.from(read);
        }
        var time = read.query(TemporalQueries.localTime());
        var written = read.query(TemporalQueries.zone());
        ZoneId zone = written == null ? timezone : written;
        if (time == null) {
            return date.atStartOfDay(zone).toInstant();
        }
        var offset = read.query(TemporalQueries.offset());
        return Timestamps.instant(date.atTime(time), offset == null ? zone : offset);
    }
}
