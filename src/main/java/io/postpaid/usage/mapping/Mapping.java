package io.postpaid.usage.mapping;

import io.postpaid.usage.format.JsonLines;
import io.postpaid.usage.format.UnreadableUsage;
import io.postpaid.usage.record.Field;
import io.postpaid.usage.record.ParsedLine;
import io.postpaid.usage.record.RecordDraft;
import io.postpaid.usage.record.RecordDraft.Unfit;
import io.postpaid.usage.record.Timestamps;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Says where the fields of a usage record stand in a log that was not written for billing. It is data: each field has
 * one rule, and a rule knows nothing of the others. The text is what it was read from, and is kept with each file.
 */
public record Mapping(
        Format format,
        @Nullable String source,
        ZoneId timezone,
        TimeFormat timeFormat,
        @Nullable Integer round,
        @Nullable Character delimiter,
        Map<Field, Rule> fields,
        String text) {

    public enum Format {
        CSV,
        NDJSON
    }

    /** How the value of one field is found. */
    sealed interface Rule {
        /** The value of a column, translated if it is in the table, moved in time if it is an instant. */
        record Column(String name, Map<String, String> translations, Duration shift, boolean optional)
                implements Rule {}

        /** The same for all lines. */
        record Value(String text) implements Rule {}

        /** For logs whose lines have no identity of their own: a hash of the lines of the file up to this one. */
        record Line() implements Rule {}

        /** The values in turn, by line number. */
        record Rotation(List<String> values) implements Rule {}

        /** The numbers of all columns, added up or multiplied. */
        record Computed(List<String> columns, BinaryOperator<BigDecimal> operation) implements Rule {}
    }

    /** The columns of a CSV file that has the product's own names. */
    static final Mapping OWN_NAMES = new Mapping(
            Format.CSV,
            null,
            ZoneOffset.UTC,
            Timestamps::parse,
            null,
            null,
            Arrays.stream(Field.values())
                    .collect(Collectors.toMap(
                            Function.identity(),
                            field -> new Rule.Column(
                                    field.key(), Map.of(), Duration.ZERO, !Field.NEEDED.contains(field)))),
            "");

    public Mapping {
        fields = Map.copyOf(fields);
    }

    /** Reads the YAML of a mapping file; the name is for messages. */
    public static Mapping parse(String name, String yaml) {
        return new MappingFile(name).read(yaml);
    }

    public static Mapping parse(Path file) {
        try {
            return parse(String.valueOf(file.getFileName()), Files.readString(file));
        } catch (IOException e) {
            throw new UnreadableUsage("The mapping %s cannot be read: %s".formatted(file, e), e);
        }
    }

    /** Whether lines are known by what the file says, and not by an id that stands in them. */
    boolean identifiesLines() {
        return fields.get(Field.ID) instanceof Rule.Line;
    }

    /** The columns that are looked at, and of which there must not be two. */
    Stream<String> columns() {
        return Stream.concat(requiredColumns().stream(), columns(true));
    }

    List<String> requiredColumns() {
        return columns(false).sorted().distinct().toList();
    }

    private Stream<String> columns(boolean optional) {
        return fields.values().stream().flatMap(rule -> switch (rule) {
            case Rule.Column column when column.optional() == optional -> Stream.of(column.name());
            case Rule.Computed computed when !optional -> computed.columns().stream();
            default -> Stream.empty();
        });
    }

    ParsedLine read(UnaryOperator<@Nullable String> row, long line, @Nullable String lineId) {
        var draft = new RecordDraft();
        draft.set(Field.SOURCE, source);
        draft.round(round);
        fields.forEach((field, rule) -> {
            String text = text(rule, row, line, lineId);
            switch (field) {
                case OCCURRED_AT -> draft.occurredAt(text == null ? null : instant(rule, text));
                case METADATA -> draft.set(field, text == null ? null : JsonLines.metadata(text));
                default -> draft.set(field, text);
            }
        });
        return draft.finish();
    }

    private Instant instant(Rule rule, String text) {
        try {
            return timeFormat
                    .read(text, timezone)
                    .plus(rule instanceof Rule.Column column ? column.shift() : Duration.ZERO);
        } catch (DateTimeException | ArithmeticException e) {
            String where = rule instanceof Rule.Column column ? ", in the column '" + column.name() + "'" : "";
            throw new Unfit("occurred_at " + e.getMessage() + where, e);
        }
    }

    private static @Nullable String text(
            Rule rule, UnaryOperator<@Nullable String> row, long line, @Nullable String lineId) {
        return switch (rule) {
            case Rule.Column column -> {
                String value = row.apply(column.name());
                yield value == null ? null : column.translations().getOrDefault(value, value);
            }
            case Rule.Value value -> value.text();
            case Rule.Line _ -> Objects.requireNonNull(lineId);
            case Rule.Rotation rotation ->
                rotation.values().get((int) ((line - 1) % rotation.values().size()));
            case Rule.Computed computed ->
                computed.columns().stream()
                        .map(column -> decimal(column, row))
                        .reduce(computed.operation())
                        .orElseThrow()
                        .toString();
        };
    }

    private static BigDecimal decimal(String column, UnaryOperator<@Nullable String> row) {
        String value = row.apply(column);
        if (value == null) {
            throw new Unfit("the column '" + column + "' is empty");
        }
        return RecordDraft.decimal("the column '" + column + "'", value.trim());
    }
}
