package io.postpaid.usage.mapping;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvReader.CsvReaderBuilder;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import io.postpaid.usage.format.CsvQuotes;
import io.postpaid.usage.format.LineParser;
import io.postpaid.usage.format.UnreadableUsage;
import io.postpaid.usage.record.ParsedLine;
import io.postpaid.usage.record.ParsedLine.Malformed;
import io.postpaid.usage.record.RecordDraft.Unfit;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a record of CSV with the columns of the file's header, through a mapping. Columns that the mapping does not name may be
 * there twice, have no name, or be left out at the end of a record.
 */
final class CsvLines implements LineParser {
    static final String DELIMITERS = ",;\t|";

    /** Every other byte is zero, and no mark says so. */
    private static final String UTF_16 = "(?:\\\\x00[^\\\\]|[^\\\\]\\\\x00){2}.*";

    private final Mapping mapping;
    private final char delimiter;
    private final CsvReaderBuilder csv;
    /** Where each of the mapping's columns stands; -1 for one that the file has not. */
    private final int[] columns;

    private final int width;
    private final int leastWidth;

    /** Refuses a header that lacks a column, before anything of the file is taken. */
    CsvLines(String header, Mapping mapping, String file) {
        this.mapping = mapping;
        this.delimiter = delimiter(header, mapping);
        this.csv = reader(delimiter);
        byte[] bytes = header.getBytes(StandardCharsets.UTF_8);
        if (CsvQuotes.open(bytes, 0, bytes.length, delimiter)) {
            throw new UnreadableUsage(file + ": in the header a quote is opened and not closed: " + header);
        }
        List<String> names = names(header, delimiter);
        if (names.stream().anyMatch(name -> name.indexOf('\n') >= 0 && name.indexOf(delimiter) >= 0)) {
            throw new UnreadableUsage(file + ": in the header a quote is opened and not closed in its line: "
                    + header.lines().findFirst().orElse(""));
        }
        var places = new HashMap<String, Integer>();
        var twice = new HashSet<String>();
        int named = 0;
        for (int i = 0; i < names.size(); i++) {
            if (places.putIfAbsent(names.get(i), i) != null) {
                twice.add(names.get(i));
            }
            named = names.get(i).isEmpty() ? named : i + 1;
        }
        this.width = names.size();
        this.leastWidth = named;
        this.columns = mapping.columns().stream()
                .mapToInt(column -> places.getOrDefault(column, -1))
                .toArray();
        mapping.columns().stream().filter(twice::contains).findFirst().ifPresent(column -> {
            throw new UnreadableUsage("%s: the header has the column '%s' twice".formatted(file, column));
        });
        for (String column : mapping.required()) {
            if (!places.containsKey(column)) {
                throw new UnreadableUsage("%s: the column '%s' is missing; the header has %s%s"
                        .formatted(file, column, names, advice(header, mapping, delimiter)));
            }
        }
    }

    /** What the mapping says, or else the one with which the header has all that is needed. */
    static char delimiter(String header, @Nullable Mapping mapping) {
        Character said = mapping == null ? null : mapping.input().delimiter();
        if (said != null) {
            return said;
        }
        var read = mapping == null ? OwnNames.CSV : mapping;
        Character likely = likely(header, read);
        return likely == null ? widest(header) : likely;
    }

    /** The delimiter with which the header has all columns. */
    private static @Nullable Character likely(String header, Mapping mapping) {
        for (char each : DELIMITERS.toCharArray()) {
            if (new HashSet<>(names(header, each)).containsAll(mapping.required())) {
                return each;
            }
        }
        return null;
    }

    /** The delimiter with which it has the most columns. */
    private static char widest(String header) {
        char widest = ',';
        for (char each : DELIMITERS.toCharArray()) {
            if (names(header, each).size() > names(header, widest).size()) widest = each;
        }
        return widest;
    }

    private static String advice(String header, Mapping mapping, char used) {
        if (header.matches(UTF_16)) {
            return ". The file is UTF-16 and does not say so: save it with a byte order mark, or as UTF-8";
        }
        if (mapping == OwnNames.CSV) {
            boolean foreign = mapping.required().stream().noneMatch(names(header, used)::contains);
            return foreign ? ". A log with columns of its own needs a mapping: see src/docs/mapping.md" : "";
        }
        Character likely = likely(header, mapping);
        if (likely == null) likely = widest(header);
        return likely == used
                ? ""
                : ". Its columns are divided by %s: give a mapping with delimiter: %s"
                        .formatted(
                                likely == '\t' ? "tabs" : "'" + likely + "'",
                                likely == '\t' ? "tab" : "\"" + likely + "\"");
    }

    @Override
    public ParsedLine parse(byte[] bytes, int from, int length, long line, @Nullable String lineId) {
        try {
            if (CsvQuotes.open(bytes, from, from + length, delimiter)) {
                throw new Unfit("a quote is opened and not closed");
            }
            List<String> fields = fields(new String(bytes, from, length, StandardCharsets.UTF_8), delimiter, csv);
            if (fields.size() < leastWidth
                    || fields.size() > width
                            && !fields.subList(width, fields.size()).stream().allMatch(String::isEmpty)) {
                throw new Unfit("%d fields where the header has %d".formatted(fields.size(), width));
            }
            var cells = new @Nullable String[columns.length];
            for (int i = 0; i < columns.length; i++) {
                int place = columns[i];
                cells[i] = place < 0 ? null : place < fields.size() ? fields.get(place) : "";
            }
            return mapping.read(new Cells(cells, line, lineId));
        } catch (CsvParseException e) {
            return Malformed.because("not a CSV record: " + e.getMessage());
        } catch (Unfit e) {
            return e.line();
        }
    }

    private static CsvReaderBuilder reader(char delimiter) {
        return CsvReader.builder()
                .fieldSeparator(delimiter)
                .allowExtraCharsAfterClosingQuote(false)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE);
    }

    private static List<String> names(String header, char delimiter) {
        try {
            return fields(header, delimiter, reader(delimiter)).stream()
                    .map(String::trim)
                    .toList();
        } catch (CsvParseException | Unfit e) {
            // With another delimiter the quotes may stand where none can be.
            return List.of(header);
        }
    }

    /** Without a quote, a line is its text between the delimiters. Outside of quotes a return ends a record, and none is passed over. */
    private static List<String> fields(String line, char delimiter, CsvReaderBuilder csv) {
        boolean returns = line.indexOf('\r') >= 0;
        if (returns && csv.ofCsvRecord(line).stream().limit(2).count() > 1) {
            throw new Unfit("a line break stands outside of quotes");
        }
        if (returns || line.indexOf('"') >= 0) {
            return csv.ofSingleCsvRecord(line).getFields();
        }
        var fields = new ArrayList<String>();
        int from = 0;
        for (int end; (end = line.indexOf(delimiter, from)) >= 0; from = end + 1) {
            fields.add(line.substring(from, end));
        }
        fields.add(line.substring(from));
        return fields;
    }
}
