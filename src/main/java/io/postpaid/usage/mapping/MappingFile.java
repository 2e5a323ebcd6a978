package io.postpaid.usage.mapping;

import io.postpaid.usage.format.UnreadableUsage;
import io.postpaid.usage.mapping.Mapping.Field;
import io.postpaid.usage.mapping.Mapping.Format;
import io.postpaid.usage.mapping.Mapping.Rule;
import io.postpaid.usage.mapping.Mapping.TimeFormat;
import io.postpaid.usage.record.OwnVoice;
import io.postpaid.usage.record.UsageRecord;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Reads a mapping strictly: an unknown key, a missing one or one of the wrong kind is told with its place. */
record MappingFile(String name) {
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final Set<String> KEYS =
            Set.of("format", "source", "timezone", "time_format", "delimiter", "round", "fields");
    private static final Set<Field> NEEDED =
            EnumSet.of(Field.ID, Field.ACCOUNT, Field.PRODUCT, Field.QUANTITY, Field.OCCURRED_AT);

    Mapping read(String yaml) {
        JsonNode root;
        try {
            root = YAML.readTree(yaml);
        } catch (JacksonException e) {
            throw wrong("is not readable YAML: " + e.getOriginalMessage(), e);
        }
        object(root, "the mapping");
        only(root, KEYS, "");
        var fields = new EnumMap<Field, Rule>(Field.class);
        object(root.path("fields"), "fields");
        root.path("fields").properties().forEach(entry -> {
            Field field = field(entry.getKey());
            fields.put(field, rule(field, entry.getValue(), "fields." + entry.getKey()));
        });
        for (Field needed : NEEDED) {
            if (!fields.containsKey(needed)) {
                throw wrong("lacks fields." + key(needed), null);
            }
        }
        return new Mapping(
                format(root),
                source(root),
                timezone(root),
                timeFormat(root),
                round(root),
                delimiter(root),
                fields,
                yaml);
    }

    private @Nullable String source(JsonNode root) {
        if (!root.has("source")) return null;
        var source = text(root.get("source"), "source");
        if (OwnVoice.isReserved(source)) {
            throw wrong(
                    "cannot have the source '" + source
                            + "', which is for usage that comes from within: choose another",
                    null);
        }
        return source;
    }

    private Format format(JsonNode root) {
        return switch (root.has("format") ? text(root.get("format"), "format") : "") {
            case "csv" -> Format.CSV;
            case "ndjson" -> Format.NDJSON;
            default -> throw wrong("needs format: csv or ndjson", null);
        };
    }

    private ZoneId timezone(JsonNode root) {
        String zone = root.has("timezone") ? text(root.get("timezone"), "timezone") : "UTC";
        try {
            return zone.equals("UTC") ? ZoneOffset.UTC : ZoneId.of(zone);
        } catch (DateTimeException e) {
            throw wrong("has the unknown timezone '" + zone + "'", e);
        }
    }

    private TimeFormat timeFormat(JsonNode root) {
        if (!root.has("time_format")) {
            return new TimeFormat.IsoLike(true);
        }
        String format = text(root.get("time_format"), "time_format");
        try {
            return switch (format) {
                case "epoch_seconds" -> new TimeFormat.Epoch(9);
                case "epoch_millis" -> new TimeFormat.Epoch(6);
                default -> new TimePattern(format);
            };
        } catch (IllegalArgumentException e) {
            throw wrong(
                    "time_format '" + format
                            + "' is neither epoch_seconds, epoch_millis nor a pattern such as dd/MM/yyyy HH:mm:ss: "
                            + e.getMessage(),
                    e);
        }
    }

    /** Stands with the quantity, or for all of the mapping. */
    private @Nullable Integer round(JsonNode root) {
        JsonNode quantity = root.path("fields").path("quantity").path("round");
        JsonNode node = quantity.isMissingNode() ? root.path("round") : quantity;
        if (node.isMissingNode()) {
            return null;
        }
        if (!node.isIntegralNumber()
                || !node.canConvertToInt()
                || node.intValue() < 0
                || node.intValue() > UsageRecord.MOST_DECIMALS) {
            throw wrong("round is not a number of decimals from 0 to " + UsageRecord.MOST_DECIMALS, null);
        }
        return node.intValue();
    }

    private @Nullable Character delimiter(JsonNode root) {
        if (!root.has("delimiter")) {
            return null;
        }
        String delimiter = text(root.get("delimiter"), "delimiter");
        if (delimiter.equals("tab")) {
            return '\t';
        }
        if (delimiter.length() != 1 || !CsvLines.DELIMITERS.contains(delimiter)) {
            throw wrong("delimiter '" + delimiter + "' is none of , ; | and tab", null);
        }
        return delimiter.charAt(0);
    }

    private Field field(String key) {
        for (Field field : Field.values()) {
            if (key(field).equals(key)) {
                return field;
            }
        }
        throw wrong("has the unknown key fields." + key, null);
    }

    private static String key(Field field) {
        return field.name().toLowerCase(Locale.ROOT);
    }

    private Rule rule(Field field, JsonNode node, String at) {
        object(node, at);
        if (field == Field.QUANTITY && node instanceof ObjectNode quantity && node.has("round")) {
            return rule(field, quantity.deepCopy().without("round"), at);
        }
        if (node.has("column")) {
            only(node, field == Field.OCCURRED_AT ? Set.of("column", "shift") : Set.of("column", "map"), at + ".");
            boolean optional = !NEEDED.contains(field);
            return new Rule.Column(
                    text(node.get("column"), at + ".column"), translations(node, at), shift(node, at), optional);
        }
        Set<String> kinds = switch (field) {
            case ID -> Set.of("line", "value");
            case ACCOUNT -> Set.of("rotate", "value");
            case QUANTITY -> Set.of("sum", "product", "value");
            case SOURCE, TYPE, VOIDS, PRODUCT, OCCURRED_AT, OUTCOME, OPERATION, METADATA -> Set.of("value");
        };
        only(node, kinds, at + ".");
        if (node.size() != 1) {
            throw wrong(
                    at + " needs exactly one of column, "
                            + String.join(", ", kinds.stream().sorted().toList()),
                    null);
        }
        String kind = node.propertyNames().iterator().next();
        JsonNode value = node.get(kind);
        return switch (kind) {
            case "value" -> new Rule.Value(text(value, at + ".value"));
            case "rotate" -> new Rule.Rotation(texts(value, at + ".rotate"));
            case "sum" -> new Rule.Sum(texts(value, at + ".sum"));
            case "product" -> new Rule.Product(texts(value, at + ".product"));
            case "line" -> {
                if (!value.isBoolean() || !value.booleanValue()) {
                    throw wrong(at + ".line can only be true", null);
                }
                yield new Rule.Line();
            }
            default -> throw new IllegalStateException(kind);
        };
    }

    private Map<String, String> translations(JsonNode node, String at) {
        if (!node.has("map")) {
            return Map.of();
        }
        object(node.get("map"), at + ".map");
        var translations = new TreeMap<String, String>();
        node.get("map")
                .properties()
                .forEach(entry ->
                        translations.put(entry.getKey(), text(entry.getValue(), at + ".map." + entry.getKey())));
        return Map.copyOf(translations);
    }

    private Duration shift(JsonNode node, String at) {
        if (!node.has("shift")) {
            return Duration.ZERO;
        }
        String shift = text(node.get("shift"), at + ".shift");
        try {
            return Duration.parse(shift);
        } catch (DateTimeException e) {
            throw wrong(at + ".shift '" + shift + "' is not a duration such as P30D or -PT2H", e);
        }
    }

    private List<String> texts(JsonNode node, String at) {
        if (!node.isArray() || node.isEmpty()) {
            throw wrong(at + " is not a list with at least one value", null);
        }
        return node.valueStream().map(each -> text(each, at)).toList();
    }

    private String text(JsonNode node, String at) {
        if (!node.isValueNode() || node.isNull() || node.asString().isEmpty()) {
            throw wrong(at + " is not a text", null);
        }
        return node.asString();
    }

    private void object(JsonNode node, String at) {
        if (!node.isObject()) {
            throw wrong(at + " is missing, or not a list of keys with values", null);
        }
    }

    private void only(JsonNode node, Set<String> known, String prefix) {
        node.propertyNames().forEach(key -> {
            if (!known.contains(key)) {
                throw wrong(
                        "has the unknown key " + prefix + key + "; known there: "
                                + String.join(", ", known.stream().sorted().toList()),
                        null);
            }
        });
    }

    private UnreadableUsage wrong(String what, @Nullable Throwable cause) {
        return new UnreadableUsage(name + ": " + what, cause);
    }
}
