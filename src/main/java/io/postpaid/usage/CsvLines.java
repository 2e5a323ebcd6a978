package io.postpaid.usage;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvReader.CsvReaderBuilder;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import io.postpaid.usage.Draft.Unfit;
import io.postpaid.usage.ParsedLine.Malformed;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Reads a line of CSV with the columns of the file's header, through a mapping. */
final class CsvLines implements LineParser {
    private static final CsvReaderBuilder CSV = CsvReader.builder()
            .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
            .missingFieldStrategy(FieldMismatchStrategy.IGNORE);

    private final Map<String, Integer> columns;
    private final Mapping mapping;
    private final String file;

    /** Refuses a header that lacks a column, before anything of the file is taken. */
    CsvLines(String header, Mapping mapping, String file) {
        this.columns = new HashMap<>();
        this.mapping = mapping;
        this.file = file;
        List<String> names = fields(header);
        for (int i = 0; i < names.size(); i++) {
            if (columns.put(names.get(i).trim(), i) != null) {
                throw new UnreadableUsage("%s: the header has the column '%s' twice".formatted(file, names.get(i)));
            }
        }
        for (String column : mapping.requiredColumns()) {
            if (!columns.containsKey(column)) {
                throw new UnreadableUsage(
                        "%s: the column '%s' is missing; the header has %s".formatted(file, column, names));
            }
        }
    }

    @Override
    public ParsedLine parse(byte[] bytes, int from, int length, long line) {
        try {
            List<String> fields = fields(new String(bytes, from, length, StandardCharsets.UTF_8));
            if (fields.size() != columns.size()) {
                throw new Unfit("%d fields where the header has %d".formatted(fields.size(), columns.size()));
            }
            return mapping.read(
                    column -> {
                        Integer index = columns.get(column);
                        String value = index == null ? "" : fields.get(index);
                        return value.isEmpty() ? null : value;
                    },
                    file,
                    line);
        } catch (CsvParseException e) {
            return Malformed.because("not a CSV record: " + e.getMessage());
        } catch (Unfit e) {
            return Malformed.because(Objects.requireNonNull(e.getMessage()));
        }
    }

    /** Without a quote, a line is its text between the commas. */
    private static List<String> fields(String line) {
        if (line.indexOf('"') >= 0) {
            return CSV.ofSingleCsvRecord(line).getFields();
        }
        var fields = new ArrayList<String>();
        int from = 0;
        for (int comma; (comma = line.indexOf(',', from)) >= 0; from = comma + 1) {
            fields.add(line.substring(from, comma));
        }
        fields.add(line.substring(from));
        return fields;
    }
}
