package io.postpaid.usage.mapping;

import io.postpaid.usage.format.DocumentLines;
import io.postpaid.usage.format.JsonLines;
import io.postpaid.usage.format.JsonRows;
import io.postpaid.usage.format.Lines;
import io.postpaid.usage.format.ParquetRows;
import io.postpaid.usage.format.RawLines;
import io.postpaid.usage.format.Unpacked;
import io.postpaid.usage.format.UnreadableUsage;
import io.postpaid.usage.mapping.Mapping.Format;
import io.postpaid.usage.record.ParsedLine;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A usage file that is open before its first line. */
public record Opened(Layout layout, Lines lines) implements AutoCloseable {
    private static final Pattern EXCEL = Pattern.compile("\"?sep=.\"?");
    /** Enough for the first record of any log. */
    private static final int LOOKED_AT = 1 << 16;

    /** The mapping decides what the file is, or else its name and its first characters. */
    public static Opened file(Path file, String name, @Nullable Mapping mapping) throws IOException {
        boolean parquet = ParquetRows.is(file);
        if (mapping != null && parquet != (mapping.format() == Format.PARQUET) && !(parquet && isTable(mapping))) {
            throw new UnreadableUsage(name + (parquet ? " is" : " is not") + " Parquet, and the mapping says format: "
                    + mapping.format().name().toLowerCase(Locale.ROOT));
        }
        if (!parquet) return stream(new FileInputStream(file.toFile()), name, mapping);
        if (mapping == null) suggest(name, firstRow(file));
        var layout = new Layout(name, Format.PARQUET, null, mapping, null);
        return new Opened(layout, new DocumentLines(new ParquetRows(file), layout.ids()));
    }

    /** Reports come as CSV and as Parquet, with the same columns. */
    private static boolean isTable(Mapping mapping) {
        return mapping.format() == Format.CSV || mapping.format() == Format.NDJSON;
    }

    /** The same of what is not Parquet, which cannot be read from its beginning to its end. */
    public static Opened stream(InputStream stream, String name, @Nullable Mapping mapping) throws IOException {
        if (mapping != null && mapping.format() == Format.PARQUET) {
            throw new UnreadableUsage("Parquet cannot be read from a stream: give the file");
        }
        if (mapping != null) return opened(stream, new Layout(name, mapping.format(), null, mapping, null));
        var in = new BufferedInputStream(unpacked(stream), LOOKED_AT);
        byte[] beginning = beginning(in);
        var layout = new Layout(name, guess(name, beginning), null, null, null);
        if (!isOwn(beginning, layout)) suggest(name, KnownLogs.of(beginning));
        return opened(in, layout);
    }

    /** One that is broken at its beginning is broken for whoever reads it, and not for whoever looks what it is. */
    private static InputStream unpacked(InputStream stream) {
        try {
            return Unpacked.of(stream);
        } catch (IOException e) {
            return new InputStream() {
                @Override
                public int read() throws IOException {
                    throw e;
                }
            };
        }
    }

    /** Nothing is taken. */
    private static byte[] beginning(BufferedInputStream in) throws IOException {
        in.mark(LOOKED_AT);
        byte[] beginning = new byte[LOOKED_AT];
        int length = 0;
        try {
            for (int read = 0; read >= 0 && length < LOOKED_AT; length += Math.max(read, 0)) {
                read = in.read(beginning, length, LOOKED_AT - length);
            }
        } catch (IOException e) {
            // Whoever reads on comes upon it too.
        }
        in.reset();
        return Arrays.copyOf(beginning, length);
    }

    private static Optional<String> firstRow(Path file) throws IOException {
        try (var rows = new ParquetRows(file)) {
            byte[] row = rows.next();
            return row == null || isUsage(JsonLines.OWN_NAMES.parse(row, 0, row.length, 1, null))
                    ? Optional.empty()
                    : KnownLogs.ofRow(row);
        }
    }

    private static void suggest(String name, Optional<String> mapping) {
        mapping.ifPresent(known -> {
            throw new UnreadableUsage(
                    "%s has no usage records with Postpaid's own names, but looks like a log that it knows: give --mapping %s"
                            .formatted(name, known));
        });
    }

    private static boolean isOwn(byte[] beginning, Layout layout) throws IOException {
        try (var opened = opened(new ByteArrayInputStream(beginning), layout)) {
            var parser = opened.layout().parser();
            if (layout.type() == Format.CSV) return true;
            var first = opened.lines().next(1);
            return first == null || isUsage(first.parse(0, parser));
        } catch (UnreadableUsage e) {
            return false;
        }
    }

    private static boolean isUsage(ParsedLine line) {
        return !(line instanceof ParsedLine.Malformed);
    }

    private static Opened opened(InputStream stream, Layout layout) throws IOException {
        var mapping = layout.mapping();
        if (layout.type() == Format.JSON) {
            var rows = mapping == null
                    ? new JsonRows(stream, List.of(), List.of())
                    : new JsonRows(stream, mapping.input().rows(), around(mapping.columns()));
            return new Opened(layout, new DocumentLines(rows, layout.ids()));
        }
        var lines =
                new RawLines(stream, mapping == null ? null : mapping.input().charset());
        lines.identified(layout.ids());
        if (mapping != null) lines.skip(mapping.input().skipLines());
        if (layout.type() != Format.CSV) return new Opened(layout, lines);
        return new Opened(new Layout(layout.file(), Format.CSV, header(lines, mapping), mapping, null), lines);
    }

    private static @Nullable String header(RawLines lines, @Nullable Mapping mapping) {
        if (mapping != null && !mapping.input().header().isEmpty()) {
            char delimiter = CsvLines.delimiter("", mapping);
            lines.quoted(delimiter);
            return mapping.input().header().stream()
                    .map(name -> '"' + name.replace("\"", "\"\"") + '"')
                    .collect(Collectors.joining(String.valueOf(delimiter)));
        }
        lines.quoted(CsvLines.delimiter("", mapping));
        String header = lines.header();
        // Spreadsheets say in a line of its own what their cells are divided by; the header shows it as well.
        if (header != null && EXCEL.matcher(header).matches()) header = lines.header();
        if (header != null) lines.quoted(CsvLines.delimiter(header, mapping));
        return header;
    }

    /** What is named of the objects around a row: {@code ^.a} of the one that it stands in, {@code ^.^.b} of the next. */
    static List<Set<String>> around(List<String> columns) {
        var around = new ArrayList<Set<String>>();
        for (String column : columns) {
            var steps = JsonCells.steps(column);
            int level = 0;
            while (level < steps.length && steps[level].equals("^")) level++;
            if (level == 0 || level == steps.length) continue;
            while (around.size() < level) around.add(new LinkedHashSet<>());
            around.get(level - 1).add(JsonCells.listOf(steps[level]));
        }
        return around;
    }

    private static Format guess(String file, byte[] beginning) {
        String name = file.toLowerCase(Locale.ROOT).replaceFirst("\\.(gz|zst)$", "");
        if (name.endsWith(".csv")) return Format.CSV;
        int first = first(beginning);
        if (first == '[') return Format.JSON;
        if (name.endsWith(".ndjson") || name.endsWith(".jsonl") || name.endsWith(".json")) return Format.NDJSON;
        return first == '{' || first < 0 ? Format.NDJSON : Format.CSV;
    }

    /** The first character that is not white space or of a byte order mark. */
    private static int first(byte[] beginning) {
        for (byte each : beginning) if (each > ' ') return each;
        return -1;
    }

    @Override
    public void close() {
        lines.close();
    }
}
