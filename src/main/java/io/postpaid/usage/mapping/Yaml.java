package io.postpaid.usage.mapping;

import io.postpaid.usage.format.UnreadableUsage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * A part of a YAML file that is read strictly: what is wrong with it is told with file, line and place.
 *
 * @param path the keys that lead to it, for messages; empty for the whole file
 */
record Yaml(String file, Map<String, Integer> lines, JsonNode node, String pointer, String path) {
    /** Many times what the mapping of any log has. */
    private static final int LONGEST = 1 << 20;
    /** The same of the names that lead to each of its parts, which messages need. */
    private static final long MOST_NAMES = 16 << 20;

    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    static Yaml read(String file, String text) {
        if (text.length() > LONGEST) {
            throw new UnreadableUsage(file + " line 1: has more characters than a mapping can have: " + text.length());
        }
        try {
            var lines = new HashMap<String, Integer>();
            long names = 0;
            try (var tokens = YAML.createParser(text)) {
                for (var token = tokens.nextToken(); token != null; token = tokens.nextToken()) {
                    if (token == JsonToken.END_OBJECT || token == JsonToken.END_ARRAY) continue;
                    String pointer = tokens.streamReadContext().pathAsPointer().toString();
                    int line = tokens.currentTokenLocation().getLineNr();
                    names += pointer.length();
                    if (names > MOST_NAMES) {
                        throw new UnreadableUsage("%s line %d: is larger than a mapping can be".formatted(file, line));
                    }
                    lines.putIfAbsent(pointer, line);
                }
            }
            return new Yaml(file, lines, YAML.readTree(text), "", "").object();
        } catch (JacksonException e) {
            int line = e.getLocation() == null ? 1 : Math.max(1, e.getLocation().getLineNr());
            throw new UnreadableUsage(
                    "%s line %d: is not readable YAML: %s".formatted(file, line, e.getOriginalMessage()), e);
        }
    }

    int line() {
        return lines.getOrDefault(pointer, 1);
    }

    boolean has(String key) {
        return node.has(key);
    }

    /** What stands under the key, which may be missing. */
    Yaml at(String key) {
        return new Yaml(
                file,
                lines,
                node.path(key),
                pointer + "/" + key.replace("~", "~0").replace("/", "~1"),
                path.isEmpty() ? key : path + "." + key);
    }

    /** Null where the key is missing. */
    @Nullable
    Yaml optional(String key) {
        return has(key) ? at(key) : null;
    }

    Stream<Yaml> elements() {
        if (!node.isArray() || node.isEmpty()) throw wrong(path + " is not a list with at least one value");
        return IntStream.range(0, node.size())
                .mapToObj(i -> new Yaml(file, lines, node.get(i), pointer + "/" + i, path + "[" + (i + 1) + "]"));
    }

    List<String> texts() {
        return elements().map(Yaml::text).toList();
    }

    /** A list that may be empty, of texts that may be. */
    Set<String> values() {
        return node.isArray() && node.isEmpty()
                ? Set.of()
                : elements().map(Yaml::value).collect(Collectors.toUnmodifiableSet());
    }

    String text() {
        String text = value();
        if (text.isEmpty()) throw wrong(path + " is not a text");
        return text;
    }

    /** A text that may be empty. */
    String value() {
        if (!node.isValueNode() || node.isNull()) throw wrong(path + " is not a text");
        return node.asString();
    }

    boolean yes() {
        if (!node.isBoolean()) throw wrong(path + " is neither true nor false");
        return node.booleanValue();
    }

    int number(int from, int to) {
        if (!node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < from || node.intValue() > to) {
            throw wrong(path + " is not a whole number from " + from + " to " + to);
        }
        return node.intValue();
    }

    boolean isText() {
        return node.isValueNode() && !node.isNull();
    }

    boolean isObject() {
        return node.isObject();
    }

    Yaml object() {
        if (!node.isObject()) {
            throw wrong((path.isEmpty() ? "the mapping" : path) + " is missing, or not a list of keys with values");
        }
        return this;
    }

    Set<String> keys() {
        return new TreeSet<>(node.propertyNames());
    }

    /** Refuses keys that are not known there. */
    Yaml only(Set<String> known) {
        for (String key : object().keys()) {
            if (!known.contains(key)) {
                throw at(key).wrong("has the unknown key " + at(key).path() + "; known there: "
                        + String.join(", ", new TreeSet<>(known)));
            }
        }
        return this;
    }

    UnreadableUsage wrong(String what) {
        return wrong(what, null);
    }

    UnreadableUsage wrong(String what, @Nullable Throwable cause) {
        return new UnreadableUsage("%s line %d: %s".formatted(file, line(), what), cause);
    }
}
