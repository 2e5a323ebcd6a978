package io.postpaid.usage.mapping;

import io.postpaid.usage.format.JsonLines;
import io.postpaid.usage.record.RecordDraft.Unfit;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Finds values in a JSON object by the names that lead to them, with dots between them: {@code usage.input}, or
 * {@code items.0.price} for the first of a list, or {@code labels[key=customer].value} for that of its objects whose member has
 * this value. Only what is named is looked at, and none of it may be there twice. An object or a list is its text as JSON.
 */
final class JsonCells {
    private static final Pattern DOT = Pattern.compile("\\.(?![^\\[]*\\])");
    private static final Pattern CHOICE = Pattern.compile("(.+)\\[([^=\\]]+)=([^\\]]*)\\]");

    private record Chosen(String member, String value) {}

    /** A value that is named, or a member on the way to it. */
    private static final class Name {
        private final Map<String, Name> members = new HashMap<>();
        /** Of a list: by the member and its value that tell the object. */
        private final Map<Chosen, Name> chosen = new LinkedHashMap<>();
        /** Where its value stands among the cells or, behind all columns, that it was there. */
        private int place = -1;
        /** Whether it is a name of something, which only a text or a number is. */
        private boolean plain;

        /** Whether more is looked for than the value itself. */
        private boolean leadsOn() {
            return !members.isEmpty() || !chosen.isEmpty();
        }
    }

    private final Name root = new Name();
    private final int columns;
    private final int places;

    JsonCells(List<String> names) {
        this(names, Set.of());
    }

    /** @param plain those that nothing but a text or a number can be */
    JsonCells(List<String> names, Set<String> plain) {
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
            name.place = i;
            name.plain = plain.contains(names.get(i));
        }
        places = number(root, columns);
    }

    private static int number(Name of, int from) {
        int next = from;
        for (Name name : Stream.concat(of.members.values().stream(), of.chosen.values().stream())
                .toList()) {
            if (name.place < 0) name.place = next++;
            next = number(name, next);
        }
        return next;
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
            var cells = new @Nullable String[places];
            members(json, root, cells);
            JsonLines.end(json);
            return places == columns ? cells : Arrays.copyOf(cells, columns);
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

    private void members(JsonParser json, Name of, @Nullable String[] cells) {
        for (String name = json.nextName(); name != null; name = json.nextName()) {
            value(json, json.nextToken(), of.members.get(name), cells);
        }
    }

    private static Name listOf(Name first) {
        var list = new Name();
        list.members.put("0", first);
        return list;
    }

    private void choose(byte[] object, Name list, @Nullable String[] cells) {
        list.chosen.forEach((choice, name) -> {
            var by = new JsonCells(List.of(choice.member())).of(object, 0, object.length)[0];
            if (!choice.value().equals(by)) return;
            try (JsonParser json = JsonLines.object(object, 0, object.length)) {
                members(json, name, cells);
            }
        });
    }

    private void value(JsonParser json, JsonToken token, @Nullable Name name, @Nullable String[] cells) {
        if (name == null) {
            json.skipChildren();
            return;
        }
        if (cells[name.place] != null) throw new Unfit(json.currentName() + " is given twice");
        cells[name.place] = "";
        if (name.place < columns) {
            cell(json, token, name, cells);
        } else {
            within(json, token, name, cells);
        }
    }

    private void cell(JsonParser json, JsonToken token, Name name, @Nullable String[] cells) {
        switch (token) {
            case VALUE_NULL -> {}
            case VALUE_STRING, VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> cells[name.place] = json.getString();
            default -> {
                String told = json.currentName();
                String text = JsonLines.canonical(json, told);
                if (name.plain) throw new Unfit(told + " is " + text + ", and neither a text nor a number");
                cells[name.place] = text;
                if (token.isStructStart() && name.leadsOn()) again(text, name, cells);
            }
        }
    }

    /** What is named of a value that was taken as a whole. */
    private void again(String value, Name name, @Nullable String[] cells) {
        byte[] around = ("{\"\":" + value + "}").getBytes(StandardCharsets.UTF_8);
        try (JsonParser json = JsonLines.object(around, 0, around.length)) {
            json.nextName();
            within(json, json.nextToken(), name, cells);
        }
    }

    private void within(JsonParser json, JsonToken token, Name name, @Nullable String[] cells) {
        if (token == JsonToken.START_OBJECT) {
            members(json, name, cells);
        } else if (token == JsonToken.START_ARRAY) {
            int index = 0;
            for (var each = json.nextToken(); each != JsonToken.END_ARRAY; each = json.nextToken()) {
                var place = name.members.get(String.valueOf(index++));
                if (each == JsonToken.START_OBJECT && !name.chosen.isEmpty()) {
                    String object = JsonLines.canonical(json, "an object in a list");
                    choose(object.getBytes(StandardCharsets.UTF_8), name, cells);
                    if (place != null) again("[" + object + "]", listOf(place), cells);
                } else {
                    value(json, each, place, cells);
                }
            }
        }
    }
}
