package io.postpaid.platform.file;

import java.io.Reader;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Reads a YAML file that a person wrote, and lists all that is wrong with it, each by its path such as {@code prices[3].amount}. */
public final class StrictYaml {
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    /** Beyond it a number is not written out, which a short text such as 1e999999999 would make long. */
    private static final int EXPONENT_MAX = 100;

    private final Path file;
    /** Of each path, for files whose problems are told with their lines; else empty. */
    private final Map<String, Integer> lines;

    private final List<String> problems = new ArrayList<>();

    private StrictYaml(Path file, Map<String, Integer> lines) {
        this.file = file;
        this.lines = lines;
    }

    /**
     * @param named what the text is called in problems
     * @param content makes something of the root, and names what is wrong with it
     * @throws RefusedFileException with every problem of the text
     */
    public static <T> T read(Path named, Reader text, BiFunction<StrictYaml, JsonNode, T> content) {
        return read(new StrictYaml(named, Map.of()), text, content);
    }

    /** The same, and problems are told with their lines, too. */
    public static <T> T readWithLines(Path named, String text, BiFunction<StrictYaml, JsonNode, T> content) {
        return read(new StrictYaml(named, lines(text)), new StringReader(text), content);
    }

    private static <T> T read(StrictYaml yaml, Reader text, BiFunction<StrictYaml, JsonNode, T> content) {
        var named = yaml.file;
        JsonNode root;
        try {
            root = YAML.readTree(text);
        } catch (JacksonException e) {
            var place = e.getLocation();
            throw new RefusedFileException(
                    named,
                    List.of(named + (place == null ? "" : ", line " + place.getLineNr()) + ": "
                            + e.getOriginalMessage().lines().findFirst().orElse("is not YAML")));
        }
        PlainText.unstorableIn(root)
                .ifPresent(found -> yaml.problem("'" + found + "' has a NUL character or half of a surrogate pair"));
        var read = content.apply(yaml, root);
        if (!yaml.problems.isEmpty()) throw new RefusedFileException(named, yaml.problems);
        return read;
    }

    /** A mapping with known keys, at a path. */
    public Section section(String path, JsonNode node, Set<String> keys) {
        return new Section(path, node, keys);
    }

    /** How many problems there are until now. */
    public int problems() {
        return problems.size();
    }

    /** Something is wrong with the file. */
    public void problem(String what) {
        problems.add(file + ": " + what);
    }

    /** Something is wrong at a path. */
    public void problem(String path, String what) {
        problems.add(file + ", " + (lines.isEmpty() ? "" : "line " + line(path) + ", ") + path + ": " + what);
    }

    /** Where a path stands, or what it is in. */
    public int line(String path) {
        for (var place = path; ; place = place.substring(0, Math.max(place.lastIndexOf('.'), place.lastIndexOf('[')))) {
            var line = lines.get(place);
            if (line != null) return line;
            if (place.indexOf('.') < 0 && place.indexOf('[') < 0) return 1;
        }
    }

    private static Map<String, Integer> lines(String text) {
        var lines = new HashMap<String, Integer>();
        try (var tokens = YAML.createParser(text)) {
            for (var token = tokens.nextToken(); token != null; token = tokens.nextToken()) {
                var path = tokens.streamReadContext()
                        .pathAsPointer()
                        .toString()
                        .replaceAll("/([0-9]+)(?=/|$)", "[$1]")
                        .replace('/', '.')
                        .replaceFirst("^\\.", "");
                lines.putIfAbsent(path, tokens.currentTokenLocation().getLineNr());
            }
        } catch (JacksonException e) {
            // It is told when the text is read.
            return lines;
        }
        return lines;
    }

    /** A mapping with known keys. */
    public final class Section {
        private final String path;
        private final JsonNode node;

        private Section(String path, JsonNode node, Set<String> keys) {
            this.path = path;
            this.node = node;
            if (!node.isObject()) {
                problem(path, "must have keys, of " + keys.stream().sorted().toList());
            }
            node.propertyNames().stream()
                    .filter(key -> !keys.contains(key))
                    .forEach(key -> problem(
                            at(key),
                            "is not a known key, which are "
                                    + keys.stream().sorted().toList()));
        }

        public String path() {
            return path;
        }

        private String at(String key) {
            return path.isEmpty() ? key : path + "." + key;
        }

        public <T> @Nullable T required(String key, Function<String, @Nullable T> parse, String expected) {
            if (node.isObject() && !present(key)) {
                problem(at(key), "is missing: must be " + expected);
                return null;
            }
            return optional(key, parse, expected);
        }

        public <T> @Nullable T optional(String key, Function<String, @Nullable T> parse, String expected) {
            if (!present(key)) return null;
            var value = node.get(key);
            var text =
                    value.isBigDecimal() && Math.abs((long) value.decimalValue().scale()) <= EXPONENT_MAX
                            ? value.decimalValue().toPlainString()
                            : value.isValueNode() ? value.asString() : value.toString();
            var parsed = value.isValueNode() ? parse.apply(text) : null;
            if (parsed == null) problem(at(key), "is '" + text + "': must be " + expected);
            return parsed;
        }

        public void forbidden(String key, String why) {
            if (present(key)) problem(at(key), why);
        }

        public Map<String, JsonNode> sections(String key) {
            if (!present(key)) return Map.of();
            var sections = new LinkedHashMap<String, JsonNode>();
            if (node.get(key).isObject()) {
                node.get(key).properties().forEach(entry -> sections.put(entry.getKey(), entry.getValue()));
            } else {
                problem(at(key), "must have a name on each line");
            }
            return sections;
        }

        public List<JsonNode> list(String key) {
            if (!present(key)) return List.of();
            if (!node.get(key).isArray()) problem(at(key), "must be a list");
            return node.get(key).isArray() ? List.copyOf(node.get(key).values()) : List.of();
        }

        private boolean present(String key) {
            return node.isObject() && node.hasNonNull(key);
        }
    }
}
