package io.postpaid.usage.mapping;

import io.postpaid.usage.format.UnreadableUsage;
import io.postpaid.usage.record.ParsedLine;
import io.postpaid.usage.record.ParsedLine.LeftOut;
import io.postpaid.usage.record.ParsedLine.Malformed;
import io.postpaid.usage.record.ParsedLine.Several;
import io.postpaid.usage.record.RecordDraft.Unfit;
import io.postpaid.usage.record.UsageRecord;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Says where the fields of usage records stand in a log that was not written for billing. It is data: each field has one rule.
 * The text is what it was read from, and is kept with each file.
 *
 * @param columns all that it names, in the order of their numbers
 * @param required the columns without which a file cannot be read by it
 * @param where conditions that must hold for a line to be taken
 * @param records what a line gives, at least one
 */
public record Mapping(
        Input input,
        @Nullable String source,
        List<String> columns,
        List<String> required,
        List<Condition> where,
        List<RecordSet> records,
        Identity identity,
        String text) {

    public enum Format {
        CSV,
        NDJSON,
        /** A JSON document, or several one after the other, with rows in it. */
        JSON,
        /** Lines that a pattern takes apart. */
        TEXT,
        PARQUET
    }

    /**
     * How the lines of a file are found.
     *
     * @param charset null for UTF-8, or what the file's byte order mark says
     * @param delimiter of CSV; null to find it from the header
     * @param skipLines how many lines stand before the header of CSV or the first line of a text
     * @param header the columns of CSV whose first line is a record already; empty where its first line names them
     * @param rows the names of the members that lead to the rows of a JSON document
     * @param pattern of a text, and the line of the mapping on which it stands
     */
    record Input(
            Format format,
            @Nullable Charset charset,
            @Nullable Character delimiter,
            int skipLines,
            List<String> header,
            List<String> rows,
            @Nullable LinearPattern pattern,
            int patternLine) {}

    public Mapping {
        columns = List.copyOf(columns);
        required = List.copyOf(required);
    }

    /** Reads the YAML of a mapping file; the name is for messages. */
    public static Mapping parse(String name, String yaml) {
        return new MappingFile(name, yaml).read();
    }

    public static Mapping parse(Path file) {
        try {
            return parse(String.valueOf(file.getFileName()), Files.readString(file));
        } catch (IOException e) {
            throw new UnreadableUsage("The mapping %s cannot be read: %s".formatted(file, e), e);
        }
    }

    public Format format() {
        return input.format();
    }

    ParsedLine read(Row row) {
        try {
            if (!where.stream().allMatch(condition -> holds(condition, row))) return LeftOut.BY_CONDITION;
            if (records.size() == 1 && records.getFirst().name() == null) {
                return records.getFirst().read(row, source);
            }
            var given = new ArrayList<UsageRecord>(records.size());
            for (RecordSet set : records) {
                if (set.givenBy(row)) given.add(named(set, row));
            }
            if (given.isEmpty()) throw new Unfit("none of the records of the mapping is given by the line");
            return given.size() == 1 ? given.getFirst() : new Several(given);
        } catch (Unfit e) {
            return e.line();
        }
    }

    private static boolean holds(Condition condition, Row row) {
        try {
            return condition.holds(row);
        } catch (Unfit e) {
            throw e.withEnd(" (line %d of the mapping)".formatted(condition.yamlLine()));
        }
    }

    private UsageRecord named(RecordSet set, Row row) {
        try {
            return switch (set.read(row, source)) {
                case UsageRecord usage -> usage;
                case Malformed malformed -> throw new Unfit(malformed.detail());
                case ParsedLine other -> throw new IllegalStateException(other + " is no record of several");
            };
        } catch (Unfit e) {
            throw e.withBeginning(set.name() + ": ");
        }
    }
}
