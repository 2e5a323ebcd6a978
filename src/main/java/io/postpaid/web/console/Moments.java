package io.postpaid.web.console;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Times and counts as operators read them. */
final class Moments {
    private static final DateTimeFormatter MOMENT =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final long MILLIS_SHOWN_BELOW = 60_000;

    private Moments() {}

    static String text(@Nullable Instant at) {
        return at == null ? "" : MOMENT.format(at);
    }

    /** Such as 1 invoice or 2,500 invoices. */
    static String count(long n, String one, String more) {
        return String.format(Locale.ROOT, "%,d %s", n, n == 1 ? one : more);
    }

    /** Such as 0.4 s, 1 min 52 s or 2 h 5 min. */
    static String span(@Nullable Instant from, @Nullable Instant to) {
        return from == null || to == null ? "" : span(Duration.between(from, to));
    }

    static String span(Duration span) {
        if (span.toMillis() < MILLIS_SHOWN_BELOW) {
            return String.format(Locale.ROOT, "%.1f s", span.toMillis() / 1000.0);
        }
        return span.toHours() == 0
                ? span.toMinutes() + " min " + span.toSecondsPart() + " s"
                : span.toHours() + " h " + span.toMinutesPart() + " min";
    }
}
