package io.postpaid.sandbox;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** The parameters of a request, form-encoded with brackets: {@code metadata[invoice]=7&expand[]=customer}. */
record Form(Map<String, String> values) {
    /** The parameter that every call takes. */
    private static final String EVERYWHERE = "expand";

    static Form parse(@Nullable String encoded) {
        var values = new TreeMap<String, String>();
        for (var pair : encoded == null || encoded.isEmpty() ? new String[0] : encoded.split("&")) {
            var equals = pair.indexOf('=');
            var name = decode(equals < 0 ? pair : pair.substring(0, equals));
            // An array without positions gets them, so that expand[]=a&expand[]=b keeps both.
            for (int i = 0; name.endsWith("[]") && i >= 0; i++) {
                var numbered = name.substring(0, name.length() - 1) + i + "]";
                if (!values.containsKey(numbered)) {
                    name = numbered;
                }
            }
            values.put(name, equals < 0 ? "" : decode(pair.substring(equals + 1)));
        }
        return new Form(values);
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    /** The same for the same parameters, in whatever order they came. */
    String print(MessageDigest digest) {
        values.forEach((name, value) -> digest.update((name + '\0' + value + '\0').getBytes(StandardCharsets.UTF_8)));
        return HexFormat.of().formatHex(digest.digest(), 0, 16);
    }

    /** Refuses every parameter that is not among these. */
    void allow(List<String> allowed) {
        for (var name : values.keySet()) {
            var bracket = name.indexOf('[');
            var root = bracket < 0 ? name : name.substring(0, bracket);
            if (!allowed.contains(root) && !root.equals(EVERYWHERE)) {
                throw Refusal.badRequest("parameter_unknown", "Received unknown parameter: " + root, root);
            }
        }
    }

    boolean has(String name) {
        return values.keySet().stream().anyMatch(key -> key.equals(name) || key.startsWith(name + "["));
    }

    /** The value, empty when absent or sent empty. */
    String text(String name) {
        return values.getOrDefault(name, "");
    }

    String required(String name) {
        var value = text(name);
        if (value.isEmpty()) {
            throw Refusal.badRequest("parameter_missing", "Missing required param: " + name + ".", name);
        }
        return value;
    }

    boolean flag(String name) {
        return switch (text(name)) {
            case "true" -> true;
            case "", "false" -> false;
            default -> throw Refusal.badRequest("", "Invalid boolean: " + text(name), name);
        };
    }

    long integer(String name, long otherwise) {
        var value = text(name);
        try {
            return value.isEmpty() ? otherwise : Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw Refusal.badRequest("parameter_invalid_integer", "Invalid integer: " + value, name);
        }
    }

    /** The values of an array parameter. */
    List<String> list(String name) {
        return values.entrySet().stream()
                .filter(entry -> entry.getKey().matches("\\Q" + name + "\\E\\[\\d+]"))
                .sorted(Comparator.comparing(entry -> entry.getKey().length()))
                .map(Map.Entry::getValue)
                .collect(Collectors.toList());
    }

    /**
     * Writes a nested parameter over what the object has: single values are replaced, empty ones removed. An empty
     * value for the whole of it clears everything.
     */
    void mergeInto(ObjectNode object, String name) {
        if (values.containsKey(name)) {
            object.removeAll();
        }
        values.forEach((key, value) -> {
            if (!key.startsWith(name + "[")) {
                return;
            }
            var path = key.substring(name.length() + 1, key.length() - 1).split("]\\[");
            var inner = object;
            for (int i = 0; i < path.length - 1; i++) {
                inner = inner.withObjectProperty(path[i]);
            }
            var last = path[path.length - 1];
            if (value.isEmpty()) {
                inner.remove(last);
            } else {
                inner.put(last, value);
            }
        });
    }
}
