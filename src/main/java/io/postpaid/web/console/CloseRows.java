package io.postpaid.web.console;

import io.postpaid.books.close.Blocker;
import io.postpaid.books.close.ClosedMonth.KeptFile;
import io.postpaid.books.close.Tie;
import io.postpaid.books.journal.Journal;
import io.postpaid.books.journal.JournalFormat;
import io.postpaid.platform.money.Amounts;
import io.postpaid.web.console.CloseMonths.Closing;
import io.postpaid.web.console.CloseMonths.Month;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Months, their closings and their figures as pages show them. */
final class CloseRows {
    private CloseRows() {}

    static Map<String, @Nullable Object> row(Month month) {
        var row = new HashMap<String, @Nullable Object>();
        row.put("period", month.month().toString());
        row.put("href", ClosePages.ROOT + "/" + month.month());
        row.put("state", word(month));
        row.put("class", colour(month));
        row.put("last", month.last());
        row.put("closed_at", Moments.text(month.closedAt()));
        row.put("closed_by", Objects.requireNonNullElse(month.closedBy(), ""));
        row.put("reopened_at", Moments.text(month.reopenedAt()));
        row.put("reopened_by", Objects.requireNonNullElse(month.reopenedBy(), ""));
        row.put("reason", Objects.requireNonNullElse(month.reason(), ""));
        row.put("under_way", month.state() == CloseMonths.State.UNDER_WAY);
        row.put("with_later", month.state() == CloseMonths.State.CLOSED_WITH_LATER);
        return row;
    }

    private static String word(Month month) {
        return switch (month.state()) {
            case UNDER_WAY -> "not over yet";
            case OPEN -> "open";
            case REOPENED -> "opened again";
            case CLOSED -> "closed";
            case CLOSED_WITH_LATER -> "closed with a later month";
        };
    }

    private static String colour(Month month) {
        return switch (month.state()) {
            case UNDER_WAY, CLOSED_WITH_LATER -> "run";
            case OPEN, REOPENED -> "bad";
            case CLOSED -> "good";
        };
    }

    static Map<String, @Nullable Object> row(Closing closing) {
        var row = new HashMap<String, @Nullable Object>();
        row.put("version", closing.version());
        row.put("closed_at", Moments.text(closing.closedAt()));
        row.put("closed_by", closing.closedBy());
        row.put("reopened_at", Moments.text(closing.reopenedAt()));
        row.put("reopened_by", Objects.requireNonNullElse(closing.reopenedBy(), ""));
        row.put("reason", Objects.requireNonNullElse(closing.reason(), ""));
        return row;
    }

    static Map<String, ?> row(Blocker blocker) {
        return Map.of(
                "what", blocker.what(),
                "count", String.format(Locale.ROOT, "%,d", blocker.count()),
                "example", Objects.requireNonNullElse(blocker.example(), ""),
                "command", blocker.command(),
                // Not the page that lists it.
                "page", blocker.page().startsWith(ClosePages.ROOT + "/") ? "" : blocker.page());
    }

    static Map<String, ?> row(Tie tie) {
        return Map.of(
                "name", tie.name(),
                "currency", tie.currency(),
                "books", Amounts.exact(tie.books(), tie.currency()),
                "against", tie.against(),
                "other", Amounts.exact(tie.other(), tie.currency()),
                "holds", tie.holds(),
                "difference", Amounts.exact(tie.difference(), tie.currency()));
    }

    static Map<String, ?> row(KeptFile file) {
        return Map.of(
                "file", file.file(),
                "file_href", Hrefs.segment(file.file()),
                "bytes", String.format(Locale.ROOT, "%,d", file.bytes()),
                "sha256", file.sha256());
    }

    static Map<String, ?> row(Journal journal) {
        return Map.of(
                "journal", journal.version(),
                "written", Moments.text(journal.writtenAt()),
                "entries", String.format(Locale.ROOT, "%,d", journal.entries()),
                "lines", String.format(Locale.ROOT, "%,d", journal.lines()),
                "sums",
                        journal.sums().entrySet().stream()
                                .map(sum -> Amounts.text(sum.getValue(), sum.getKey()))
                                .toList(),
                "formats", journal.lines() == 0 ? List.of() : formats(journal));
    }

    private static List<Map<String, String>> formats(Journal journal) {
        return Stream.of(JournalFormat.values())
                .map(format -> Map.of(
                        "name",
                        name(format),
                        "file_href",
                        ClosePages.ROOT + "/" + journal.period() + "/journals/" + journal.version() + "/"
                                + format.name().toLowerCase(Locale.ROOT)))
                .toList();
    }

    private static String name(JournalFormat format) {
        return switch (format) {
            case CSV -> "CSV";
            case XERO -> "Xero";
            case QUICKBOOKS -> "QuickBooks";
            case NETSUITE -> "NetSuite";
            case DATEV -> "DATEV";
        };
    }
}
