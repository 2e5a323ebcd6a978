package io.postpaid.web.console;

import io.postpaid.usage.record.Reason;
import io.postpaid.web.console.QuarantineList.Group;
import io.postpaid.web.console.QuarantineList.Line;
import io.postpaid.web.console.QuarantineList.Whole;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lines in quarantine as pages show them. */
final class QuarantineRows {
    private QuarantineRows() {}

    static String counted(long lines) {
        return String.format(Locale.ROOT, lines < QuarantineList.COUNTED ? "%,d" : "%,d+", lines);
    }

    /** Such as {@code unknown account}. */
    static String words(Reason reason) {
        return reason.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    static Map<String, ?> group(Group group) {
        var row = new HashMap<String, @Nullable Object>();
        row.put("reason", group.reason());
        row.put("words", words(group.reason()));
        row.put("file", group.file());
        row.put("name", group.name());
        row.put("came", Moments.text(group.cameAt()));
        row.put("count", counted(group.lines()));
        row.put("first", Map.of("id", group.first(), "line", group.firstLine()));
        row.put("last", group.last() == group.first() ? null : Map.of("id", group.last(), "line", group.lastLine()));
        row.put("too_late", group.reason() == Reason.TOO_LATE);
        return row;
    }

    /** As it is read, and as a part of an address. */
    private static @Nullable Map<String, String> account(@Nullable String account) {
        return account == null ? null : Map.of("id", account, "in_url", Hrefs.parameter(account));
    }

    static Map<String, ?> line(Line line) {
        var row = new HashMap<String, @Nullable Object>();
        row.put("id", line.id());
        row.put("name", line.name());
        row.put("line", line.line());
        row.put("came", Moments.text(line.cameAt()));
        row.put("words", words(line.reason()));
        row.put("detail", line.detail());
        row.put("account", account(line.account()));
        row.put("raw", line.raw());
        return row;
    }

    static Map<String, ?> whole(Whole line) {
        var row = new HashMap<String, @Nullable Object>();
        row.put("id", line.id());
        row.put("file", line.file());
        row.put("name", line.name());
        row.put("line", line.line());
        row.put("came", Moments.text(line.cameAt()));
        row.put("reason", line.reason());
        row.put("words", words(line.reason()));
        row.put("sentence", line.reason().sentence());
        row.put("detail", line.detail());
        row.put("mend", Mending.of(line.reason()));
        row.put("account", account(line.account()));
        row.put("known", line.knownAccount());
        row.put("raw", line.raw());
        row.put(
                "in_all",
                line.length() > line.raw().codePointCount(0, line.raw().length())
                        ? String.format(Locale.ROOT, "%,d", line.length())
                        : null);
        row.put("released", line.releasedAt() == null ? null : Moments.text(line.releasedAt()));
        row.put("retry", line.retryAt() == null ? null : Moments.text(line.retryAt()));
        return row;
    }
}
