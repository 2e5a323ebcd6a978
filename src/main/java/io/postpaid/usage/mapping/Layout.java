package io.postpaid.usage.mapping;

import io.postpaid.usage.format.JsonLines;
import io.postpaid.usage.format.LineIds;
import io.postpaid.usage.format.LineParser;
import io.postpaid.usage.mapping.Mapping.Format;
import io.postpaid.usage.record.OwnVoice;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * All that it takes to read a line of one file, now or when it is released from quarantine.
 *
 * @param reporter the account whose own key sent it, and for which alone it speaks; null for files and operators
 */
public record Layout(
        String file,
        Format type,
        @Nullable String header,
        @Nullable Mapping mapping,
        @Nullable String reporter) {

    public static Layout stored(
            String file, String format, @Nullable String header, @Nullable String mapping, @Nullable String reporter) {
        return new Layout(
                file,
                Format.valueOf(format.toUpperCase(Locale.ROOT)),
                header,
                mapping == null ? null : Mapping.parse("the mapping of " + file, mapping),
                reporter);
    }

    public Layout by(@Nullable String account) {
        return new Layout(file, type, header, mapping, account);
    }

    public String format() {
        return type.name().toLowerCase(Locale.ROOT);
    }

    public Identity identity() {
        return mapping == null ? Identity.OWN : mapping.identity();
    }

    @Nullable
    LineIds ids() {
        return switch (identity()) {
            case OWN -> null;
            case POSITION -> LineIds.byPosition();
            case CONTENT -> LineIds.byContent();
        };
    }

    @Nullable
    public String mappingText() {
        return mapping == null ? null : mapping.text();
    }

    /** Refuses a CSV header that lacks a column. A file without even a header has no lines, and needs no parser. */
    public LineParser parser() {
        LineParser lines = lines();
        return reporter == null
                ? lines
                : (bytes, from, length, line, lineId) ->
                        OwnVoice.of(reporter, lines.parse(bytes, from, length, line, lineId));
    }

    private LineParser lines() {
        if (type == Format.CSV && header != null) {
            return new CsvLines(header, mapping == null ? OwnNames.CSV : mapping, file);
        }
        if (mapping == null) return JsonLines.OWN_NAMES;
        var pattern = mapping.input().pattern();
        return pattern == null ? new MappedJsonLines(mapping) : new TextLines(mapping, pattern);
    }
}
