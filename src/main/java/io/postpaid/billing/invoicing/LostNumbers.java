package io.postpaid.billing.invoicing;

import java.util.List;
import java.util.regex.Pattern;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Numbers of documents that customers have and that are not known here, because the database was restored from a backup: they
 * are never given again.
 */
@Component
public class LostNumbers {
    private static final String SERIES = """
            select 'INVOICE' as kind, year, last_number as last from invoice_series
             union all
            select 'CREDIT_NOTE', year, last_number from credit_note_series
             union all
            select 'TOP_UP_' || kind, year, last_number from top_up_series
             order by 1, 2""";

    private final JdbcClient jdbc;

    LostNumbers(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** The kinds of documents that have numbers of their own, by what stands before the year. */
    public enum Kind {
        INVOICE(""),
        CREDIT_NOTE("CN-"),
        TOP_UP_INVOICE("TU-"),
        TOP_UP_CREDIT_NOTE("TC-");

        private final String prefix;

        Kind(String prefix) {
            this.prefix = prefix;
        }
    }

    /** A number in its series, such as 2026-000031. */
    public record Number(Kind kind, int year, int n) {
        private static final Pattern FORM = Pattern.compile("(CN-|TU-|TC-|)(\\d{4})-(\\d{6,9})");

        /** @throws IllegalArgumentException if it is none */
        public static Number parse(String text) {
            var found = FORM.matcher(text);
            if (!found.matches())
                throw new IllegalArgumentException(
                        "'" + text + "' is no number of a document, such as 2026-000031 or CN-2026-000004");
            var kind = List.of(Kind.values()).stream()
                    .filter(one -> one.prefix.equals(found.group(1)))
                    .findFirst()
                    .orElseThrow();
            return new Number(kind, Integer.parseInt(found.group(2)), Integer.parseInt(found.group(3)));
        }

        public static boolean isOne(String text) {
            return FORM.matcher(text).matches();
        }

        public Number next() {
            return new Number(kind, year, n + 1);
        }

        public boolean isOf(Number other) {
            return kind == other.kind && year == other.year;
        }

        @Override
        public String toString() {
            return "%s%d-%06d".formatted(kind.prefix, year, n);
        }
    }

    /** The last number of each series. */
    public List<Number> last() {
        return jdbc.sql(SERIES)
                .query((row, i) ->
                        new Number(Kind.valueOf(row.getString("kind")), row.getInt("year"), row.getInt("last")))
                .list();
    }

    /**
     * Lets a series go on with a number; those before it that nobody here has are lost.
     *
     * @throws IllegalArgumentException if it was given already
     */
    @Transactional
    public void goOnWith(Number next) {
        int last = last().stream().filter(next::isOf).map(Number::n).findFirst().orElse(0);
        if (next.n() <= last) {
            throw new IllegalArgumentException(next + " was given already: the series is at " + last);
        }
        if (next.n() == last + 1) return;
        jdbc.sql("insert into lost_number (series, year, first, last) values (:series, :year, :first, :last)")
                .param("series", next.kind().name())
                .param("year", next.year())
                .param("first", last + 1)
                .param("last", next.n() - 1)
                .update();
        var set = switch (next.kind()) {
            case INVOICE ->
                "insert into invoice_series (year, last_number) values (:year, :last)"
                        + " on conflict (year) do update set last_number = excluded.last_number";
            case CREDIT_NOTE ->
                "insert into credit_note_series (year, last_number) values (:year, :last)"
                        + " on conflict (year) do update set last_number = excluded.last_number";
            case TOP_UP_INVOICE ->
                "insert into top_up_series (kind, year, last_number) values ('INVOICE', :year, :last)"
                        + " on conflict (kind, year) do update set last_number = excluded.last_number";
            case TOP_UP_CREDIT_NOTE ->
                "insert into top_up_series (kind, year, last_number) values ('CREDIT_NOTE', :year, :last)"
                        + " on conflict (kind, year) do update set last_number = excluded.last_number";
        };
        jdbc.sql(set).param("year", next.year()).param("last", next.n() - 1).update();
    }
}
