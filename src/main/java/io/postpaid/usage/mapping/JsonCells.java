package io.postpaid.usage.mapping;

import io.postpaid.usage.format.JsonLines;
import io.postpaid.usage.record.RecordDraft.Unfit;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Finds values in a JSON object by the names that lead to them, with dots between them: {@code usage.input}, or
 * {@code items.0.price} for the first of a list, or {@code labels[key=customer].value} for that of its objects whose member has
 * this value. Only what is named is looked at. An object or a list is its text as JSON.
 */
final class JsonCells {
    private static final Pattern DOT = Pattern.compile("\\.(?![^\\[]*\\])");
    private static final Pattern CHOICE = Pattern.compile("(.+)\\[([^=\\]]+)=([^\\]]*)\\]");

    private record Chosen(String member, String value) {}

    /** A member on the way. */
    private static final class Name {
        private final Map<String, Name> members = new HashMap<>();
        /** Of a list: by the member and its value that tell the object. */
        private final Map<Chosen, Name> chosen = new LinkedHashMap<>();

        private int column = -1;

        /** Whether more is looked for than the value itself. */
        private boolean leadsOn() {
            return !members.isEmpty() || !chosen.isEmpty();
        }
    }

    private final Name root = new Name();
    private final int columns;

    JsonCells(List<String> names) {
        columns = names.size();
        for (int i = 0; i < names.size(); i++) {
            var name = root;
            for (String step : steps(names.get(i))) {
                var choice = CHOICE.matcher(step);
                boolean chooses = choice.matches();
                name = name.members.computeIfAbsent(chooses ? choice.group(1) : step, _ -> new Name());
                if (chooses) {
                    name = name.chosen.computeIfAbsent(new Chosen(choice.group(2), choice.group(3)), _ -> new Name());
                }
            }
            name.column = i;
        }
    }

    /** The names that lead to a value. */
    static String[] steps(String name) {
        return DOT.split(name, -1);
    }

    /** The name of a list without what is chosen of it. */
    static String listOf(String step) {
        var choice = CHOICE.matcher(step);
        return choice.matches() ? choice.group(1) : step;
    }

    /** @throws Unfit where a value is given twice */
    @Nullable
    String[] of(byte[] bytes, int from, int length) {
        try (JsonParser json = JsonLines.object(bytes, from, length)) {
            var cells = new @Nullable String[columns];
            members(json, root, cells);
            JsonLines.end(json);
            return cells;
        }
    }

    /** The member of a JSON object that stands in a text. */
    static @Nullable String member(String text, String member, String told) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try {
            return new JsonCells(List.of(member)).of(bytes, 0, bytes.length)[0];
        } catch (JacksonException e) {
            throw new Unfit("what stands in " + told + " is " + JsonLines.notJson(e), e);
        } catch (Unfit e) {
            throw e.withBeginning("what stands in " + told + ": ");
        }
    }

    private static void members(JsonParser json, Name of, @Nullable String[] cells) {
        for (String name = json.nextName(); name != null; name = json.nextName()) {
            value(json, json.nextToken(), of.members.get(name), cells);
        }
    }

    private static Name listOf(Name first) {
        var list = new Name();
        list.members.put("0", first);
        return list;
    }

    private static void choose(byte[] object, Name list, @Nullable String[] cells) {
        list.chosen.forEach((choice, name) -> {
            var by = new JsonCells(List.of(choice.member())).of(object, 0, object.length)[0];
            if (!choice.value().equals(by)) return;
            try (JsonParser json = JsonLines.object(object, 0, object.length)) {
                members(json, name, cells);
            }
        });
    }

    private static void value(JsonParser json, JsonToken token, @Nullable Name name, @Nullable String[] cells) {
        if (name == null) {
            json.skipChildren();
        } else if (name.column >= 0) {
            if (cells[name.column] != null) throw new Unfit(json.currentName() + " is given twice");
            cells[name.column] = switch (token) {
                case VALUE_NULL -> "";
                case START_OBJECT, START_ARRAY -> JsonLines.canonical(json);
                default -> json.getString();
            };
            if (token.isStructStart() && name.leadsOn()) again(String.valueOf(cells[name.column]), name, cells);
        } else {
            within(json, token, name, cells);
        }
    }

    /** What is named of a value that was taken as a whole. */
    private static void again(String value, Name name, @Nullable String[] cells) {
        byte[] around = ("{\"\":" + value + "}").getBytes(StandardCharsets.UTF_8);
        try (JsonParser json = JsonLines.object(around, 0, around.length)) {
            json.nextName();
            within(json, json.nextToken(), name, cells);
        }
    }

    private static void within(JsonParser json, JsonToken token, Name name, @Nullable String[] cells) {
        if (token == JsonToken.START_OBJECT) {
            members(json, name, cells);
        } else if (token == JsonToken.START_ARRAY) {
            int index = 0;
            for (var each = json.nextToken(); each != JsonToken.END_ARRAY; each = json.nextToken()) {
                var place = name.members.get(String.valueOf(index++));
                if (each == JsonToken.START_OBJECT && !name.chosen.isEmpty()) {
                    String object = JsonLines.canonical(json);
                    choose(object.getBytes(StandardCharsets.UTF_8), name, cells);
                    if (place != null) again("[" + object + "]", listOf(place), cells);
                } else {
                    value(json, each, place, cells);
                }
            }
        }
    }
}
