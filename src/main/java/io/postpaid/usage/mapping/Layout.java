package io.postpaid.usage.mapping;

import io.postpaid.usage.format.JsonLines;
import io.postpaid.usage.format.LineParser;
import io.postpaid.usage.format.RawLines;
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

    /** Takes the header off a CSV file. The mapping decides, then the name, then the first character. */
    public static Layout of(String file, RawLines lines, @Nullable Mapping mapping) {
        Format type = mapping != null ? mapping.format() : guess(file, lines);
        if (mapping != null && mapping.identifiesLines()) {
            lines.identified();
        }
        String header = type == Format.CSV ? header(lines, mapping) : null;
        return new Layout(file, type, header, mapping, null);
    }

    private static @Nullable String header(RawLines lines, @Nullable Mapping mapping) {
        lines.quoted(CsvLines.delimiter("", mapping));
        String header = lines.header();
        if (header != null) {
            lines.quoted(CsvLines.delimiter(header, mapping));
        }
        return header;
    }

    public static Layout stored(
            String file, String format, @Nullable String header, @Nullable String mapping, @Nullable String reporter) {
        return new Layout(
                file,
                Format.valueOf(format.toUpperCase(Locale.ROOT)),
                header,
                mapping == null ? null : Mapping.parse("the mapping of " + file, mapping),
                reporter);
    }

    private static Format guess(String file, RawLines lines) {
        String name = file.toLowerCase(Locale.ROOT).replaceFirst("\\.gz$", "");
        if (name.endsWith(".csv")) {
            return Format.CSV;
        }
        if (name.endsWith(".ndjson") || name.endsWith(".jsonl") || name.endsWith(".json")) {
            return Format.NDJSON;
        }
        int first = lines.peek();
        return first == '{' || first < 0 ? Format.NDJSON : Format.CSV;
    }

    public String format() {
        return type.name().toLowerCase(Locale.ROOT);
    }

    public boolean identifiesLines() {
        return mapping != null && mapping.identifiesLines();
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
            return new CsvLines(header, mapping == null ? Mapping.OWN_NAMES : mapping, file);
        }
        return mapping == null ? JsonLines.OWN_NAMES : new MappedJsonLines(mapping);
    }
}
