package io.postpaid.usage.mapping;

import io.postpaid.usage.format.JsonLines;
import io.postpaid.usage.format.UnreadableUsage;
import io.postpaid.usage.record.Draft;
import io.postpaid.usage.record.Draft.Unfit;
import io.postpaid.usage.record.ParsedLine;
import io.postpaid.usage.record.Timestamps;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
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

    /** The names are those of a usage record in a file. */
    public enum Field {
        SOURCE,
        ID,
        TYPE,
        VOIDS,
        ACCOUNT,
        PRODUCT,
        QUANTITY,
        OCCURRED_AT,
        OUTCOME,
        OPERATION,
        METADATA
    }

    /** How the value of one field is found. */
    public sealed interface Rule {
        /** The value of a column, translated if it is in the table, moved in time if it is an instant. */
        record Column(String name, Map<String, String> translations, Duration shift, boolean optional)
                implements Rule {}

        /** The same for all lines. */
        record Value(String text) implements Rule {}

        /** For logs whose lines have no identity of their own: a hash of the lines of the file up to this one. */
        record Line() implements Rule {}

        /** The values in turn, by line number. */
        record Rotation(List<String> values) implements Rule {}

        record Sum(List<String> columns) implements Rule {}

        record Product(List<String> columns) implements Rule {}
    }

    /** How instants are written. */
    public sealed interface TimeFormat permits TimeFormat.IsoLike, TimeFormat.Epoch, TimePattern {
        String DAY = "2026-10-03";

        /** @throws DateTimeException that says what is wrong with the text, after the name of the field */
        Instant read(String text, ZoneId timezone);

        record IsoLike(boolean daysAlone) implements TimeFormat {
            @Override
            public Instant read(String text, ZoneId timezone) {
                return daysAlone && text.length() == DAY.length()
                        ? LocalDate.parse(text).atStartOfDay(timezone).toInstant()
                        : Timestamps.parse(text, timezone);
            }
        }

        BigDecimal LAST_SECOND =
                BigDecimal.valueOf(Instant.parse("9999-12-31T23:59:59Z").getEpochSecond());

        /** A number since 1970, of which one is ten to the given power of nanoseconds. */
        record Epoch(int power) implements TimeFormat {
            @Override
            public Instant read(String text, ZoneId timezone) {
                BigDecimal seconds = Draft.decimal("occurred_at", text).scaleByPowerOfTen(power - 9);
                BigDecimal whole = seconds.setScale(0, RoundingMode.FLOOR);
                if (whole.abs().compareTo(LAST_SECOND) > 0) {
                    throw new DateTimeException("'" + text + "' is not a time that can be, counted since 1970");
                }
                return Instant.ofEpochSecond(
                        whole.longValueExact(),
                        seconds.subtract(whole).movePointRight(9).longValue());
            }
        }
    }

    /** The columns of a CSV file that has the product's own names. */
    public static final Mapping OWN_NAMES = ownNames();

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
    public boolean identifiesLines() {
        return fields.get(Field.ID) instanceof Rule.Line;
    }

    public List<String> requiredColumns() {
        return fields.values().stream()
                .flatMap(rule -> switch (rule) {
                    case Rule.Column column ->
                        column.optional() ? List.<String>of().stream() : List.of(column.name()).stream();
                    case Rule.Sum sum -> sum.columns().stream();
                    case Rule.Product product -> product.columns().stream();
                    case Rule.Value value -> List.<String>of().stream();
                    case Rule.Line line -> List.<String>of().stream();
                    case Rule.Rotation rotation -> List.<String>of().stream();
                })
                .sorted()
                .distinct()
                .toList();
    }

    /** All columns that are looked at, of which there must not be two. */
    public List<String> columns() {
        var all = new ArrayList<>(requiredColumns());
        for (Rule rule : fields.values()) {
            if (rule instanceof Rule.Column column && column.optional()) {
                all.add(column.name());
            }
        }
        return all;
    }

    public ParsedLine read(UnaryOperator<@Nullable String> row, long line, @Nullable String lineId) {
        var draft = new Draft();
        draft.source = source;
        fields.forEach((field, rule) -> {
            switch (field) {
                case SOURCE -> draft.source = text(rule, row, line, lineId);
                case ID -> draft.id = text(rule, row, line, lineId);
                case TYPE -> draft.type = text(rule, row, line, lineId);
                case VOIDS -> draft.voids = text(rule, row, line, lineId);
                case ACCOUNT -> draft.account = text(rule, row, line, lineId);
                case PRODUCT -> draft.product = text(rule, row, line, lineId);
                case QUANTITY -> {
                    draft.quantity = text(rule, row, line, lineId);
                    draft.round = round;
                }
                case OCCURRED_AT -> draft.exactInstant = instant(rule, row, line, lineId);
                case OUTCOME -> draft.outcome = text(rule, row, line, lineId);
                case OPERATION -> draft.operation = text(rule, row, line, lineId);
                case METADATA -> {
                    String metadata = text(rule, row, line, lineId);
                    draft.metadata = metadata == null ? null : JsonLines.metadata(metadata);
                }
            }
        });
        return draft.finish(timezone);
    }

    private @Nullable Instant instant(
            Rule rule, UnaryOperator<@Nullable String> row, long line, @Nullable String lineId) {
        String text = text(rule, row, line, lineId);
        if (text == null) {
            return null;
        }
        Duration shift = rule instanceof Rule.Column column ? column.shift() : Duration.ZERO;
        try {
            return timeFormat.read(text, timezone).plus(shift);
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
            case Rule.Sum sum ->
                sum.columns().stream()
                        .map(column -> decimal(column, row))
                        .reduce(BigDecimal.ZERO, BigDecimal::add)
                        .toString();
            case Rule.Product product ->
                product.columns().stream()
                        .map(column -> decimal(column, row))
                        .reduce(BigDecimal.ONE, BigDecimal::multiply)
                        .toString();
        };
    }

    private static BigDecimal decimal(String column, UnaryOperator<@Nullable String> row) {
        String value = row.apply(column);
        if (value == null) {
            throw new Unfit("the column '" + column + "' is empty");
        }
        return Draft.decimal("the column '" + column + "'", value.trim());
    }

    private static Mapping ownNames() {
        var fields = new LinkedHashMap<Field, Rule>();
        for (Field field : Field.values()) {
            boolean optional = switch (field) {
                case ID, ACCOUNT, PRODUCT, QUANTITY, OCCURRED_AT -> false;
                case SOURCE, TYPE, VOIDS, OUTCOME, OPERATION, METADATA -> true;
            };
            String column = field.name().toLowerCase(Locale.ROOT);
            fields.put(field, new Rule.Column(column, Map.of(), Duration.ZERO, optional));
        }
        return new Mapping(Format.CSV, null, ZoneOffset.UTC, new TimeFormat.IsoLike(false), null, null, fields, "");
    }
}
