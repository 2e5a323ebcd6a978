package io.postpaid.usage.mapping;

import io.postpaid.usage.format.UnreadableUsage;
import io.postpaid.usage.mapping.Mapping.Format;
import io.postpaid.usage.mapping.Mapping.Rule;
import io.postpaid.usage.record.Field;
import io.postpaid.usage.record.OwnVoice;
import io.postpaid.usage.record.UsageRecord;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

    /** How a field can be found that is no column; others have a value. */
    private static final Map<Field, Set<String>> KINDS = Map.of(
            Field.ID, Set.of("line", "value"),
            Field.ACCOUNT, Set.of("rotate", "value"),
            Field.QUANTITY, Set.of("sum", "product", "value"));

    Mapping read(String yaml) {
        JsonNode root;
        try {
            root = YAML.readTree(yaml);
        } catch (JacksonException e) {
            throw wrong("is not readable YAML: " + e.getOriginalMessage(), e);
        }
        only(object(root, "the mapping"), KEYS, "");
        var fields = new EnumMap<Field, Rule>(Field.class);
        object(root.path("fields"), "fields").properties().forEach(entry -> {
            Field field = Field.BY_KEY.get(entry.getKey());
            if (field == null) throw wrong("has the unknown key fields." + entry.getKey(), null);
            fields.put(field, rule(field, entry.getValue(), "fields." + entry.getKey()));
        });
        for (Field needed : Field.NEEDED) {
            if (!fields.containsKey(needed)) throw wrong("lacks fields." + needed.key(), null);
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

    private Format format(JsonNode root) {
        return switch (optional(root, "format")) {
            case "csv" -> Format.CSV;
            case "ndjson" -> Format.NDJSON;
            case null, default -> throw wrong("needs format: csv or ndjson", null);
        };
    }

    private @Nullable String source(JsonNode root) {
        String source = optional(root, "source");
        if (source != null && OwnVoice.isReserved(source)) {
            throw wrong(
                    "cannot have the source '" + source
                            + "', which is for usage that comes from within: choose another",
                    null);
        }
        return source;
    }

    private ZoneId timezone(JsonNode root) {
        String zone = optional(root, "timezone");
        try {
            return zone == null || zone.equals("UTC") ? ZoneOffset.UTC : ZoneId.of(zone);
        } catch (DateTimeException e) {
            throw wrong("has the unknown timezone '" + zone + "'", e);
        }
    }

    private TimeFormat timeFormat(JsonNode root) {
        String format = optional(root, "time_format");
        try {
            return format == null ? TimeFormat.iso() : TimeFormat.named(format);
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
        if (node.isMissingNode()) return null;
        if (!node.isIntegralNumber()
                || !node.canConvertToInt()
                || node.intValue() < 0
                || node.intValue() > UsageRecord.MOST_DECIMALS) {
            throw wrong("round is not a number of decimals from 0 to " + UsageRecord.MOST_DECIMALS, null);
        }
        return node.intValue();
    }

    private @Nullable Character delimiter(JsonNode root) {
        String delimiter = optional(root, "delimiter");
        if (delimiter == null) return null;
        if (delimiter.equals("tab")) return '\t';
        if (delimiter.length() != 1 || !CsvLines.DELIMITERS.contains(delimiter)) {
            throw wrong("delimiter '" + delimiter + "' is none of , ; | and tab", null);
        }
        return delimiter.charAt(0);
    }

    private Rule rule(Field field, JsonNode node, String at) {
        object(node, at);
        if (field == Field.QUANTITY && node instanceof ObjectNode quantity && node.has("round")) {
            return rule(field, quantity.deepCopy().without("round"), at);
        }
        if (node.has("column")) {
            only(node, Set.of("column", field == Field.OCCURRED_AT ? "shift" : "map"), at + ".");
            return new Rule.Column(
                    text(node.get("column"), at + ".column"),
                    translations(node, at + ".map"),
                    shift(node, at + ".shift"),
                    !Field.NEEDED.contains(field));
        }
        Set<String> kinds = KINDS.getOrDefault(field, Set.of("value"));
        only(node, kinds, at + ".");
        if (node.size() != 1) {
            throw wrong(at + " needs exactly one of column, " + list(kinds), null);
        }
        String kind = node.propertyNames().iterator().next();
        JsonNode value = node.get(kind);
        String place = at + "." + kind;
        return switch (kind) {
            case "value" -> new Rule.Value(text(value, place));
            case "rotate" -> new Rule.Rotation(texts(value, place));
            case "sum" -> new Rule.Computed(texts(value, place), BigDecimal::add);
            case "product" -> new Rule.Computed(texts(value, place), BigDecimal::multiply);
            default -> {
                if (!value.isBoolean() || !value.booleanValue()) throw wrong(place + " can only be true", null);
                yield new Rule.Line();
            }
        };
    }

    private Map<String, String> translations(JsonNode node, String at) {
        var translations = new HashMap<String, String>();
        if (node.has("map")) {
            object(node.get("map"), at)
                    .properties()
                    .forEach(entry ->
                            translations.put(entry.getKey(), text(entry.getValue(), at + "." + entry.getKey())));
        }
        return translations;
    }

    private Duration shift(JsonNode node, String at) {
        if (!node.has("shift")) return Duration.ZERO;
        String shift = text(node.get("shift"), at);
        try {
            return Duration.parse(shift);
        } catch (DateTimeException e) {
            throw wrong(at + " '" + shift + "' is not a duration such as P30D or -PT2H", e);
        }
    }

    private List<String> texts(JsonNode node, String at) {
        if (!node.isArray() || node.isEmpty()) throw wrong(at + " is not a list with at least one value", null);
        return node.valueStream().map(each -> text(each, at)).toList();
    }

    private @Nullable String optional(JsonNode root, String key) {
        return root.has(key) ? text(root.get(key), key) : null;
    }

    private String text(JsonNode node, String at) {
        if (!node.isValueNode() || node.isNull() || node.asString().isEmpty()) {
            throw wrong(at + " is not a text", null);
        }
        return node.asString();
    }

    private JsonNode object(JsonNode node, String at) {
        if (!node.isObject()) throw wrong(at + " is missing, or not a list of keys with values", null);
        return node;
    }

    private void only(JsonNode node, Set<String> known, String prefix) {
        for (String key : node.propertyNames()) {
            if (!known.contains(key)) {
                throw wrong("has the unknown key " + prefix + key + "; known there: " + list(known), null);
            }
        }
    }

    private static String list(Collection<String> keys) {
        return String.join(", ", keys.stream().sorted().toList());
    }

    private UnreadableUsage wrong(String what, @Nullable Throwable cause) {
        return new UnreadableUsage(name + ": " + what, cause);
    }
}
