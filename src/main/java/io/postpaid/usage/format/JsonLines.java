package io.postpaid.usage.format;

import io.postpaid.platform.file.PlainText;
import io.postpaid.usage.record.Field;
import io.postpaid.usage.record.ParsedLine;
import io.postpaid.usage.record.ParsedLine.Malformed;
import io.postpaid.usage.record.RecordDraft;
import io.postpaid.usage.record.RecordDraft.Unfit;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads a JSON object a line: a usage record, a void, or either in a CloudEvents 1.0 envelope (told by its
 * {@code specversion}). Fields with other names are ignored; a field given twice makes the line malformed, since
 * readers do not agree which one counts.
 */
public final class JsonLines implements LineParser {
    /** It remembers names, and so is not made for every file anew. */
    public static final JsonLines OWN_NAMES = new JsonLines();

    static final JsonFactory JSON = new JsonFactory();

    private static final Map<String, Field> OF_AN_EVENT =
            Map.of("id", Field.ID, "source", Field.SOURCE, "subject", Field.ACCOUNT, "time", Field.OCCURRED_AT);
    private static final Map<String, Field> OF_ITS_DATA = Set.of(
                    Field.PRODUCT,
                    Field.QUANTITY,
                    Field.OUTCOME,
                    Field.OPERATION,
                    Field.METADATA,
                    Field.TYPE,
                    Field.VOIDS)
            .stream()
            .collect(Collectors.toUnmodifiableMap(Field::key, Function.identity()));

    private final PlainJson quick = new PlainJson();

    @Override
    public ParsedLine parse(byte[] bytes, int from, int length, long line, @Nullable String lineId) {
        ParsedLine usual = quick.read(bytes, from, length);
        return usual != null ? usual : parseWithAllRules(bytes, from, length);
    }

    static ParsedLine parseWithAllRules(byte[] bytes, int from, int length) {
        try {
            ParsedLine plain = plain(bytes, from, length);
            return plain != null ? plain : event(bytes, from, length);
        } catch (JacksonException e) {
            return Malformed.because(notJson(e));
        } catch (Unfit e) {
            return e.line();
        }
    }

    /** Null when the line turns out to be an event. */
    private static @Nullable ParsedLine plain(byte[] bytes, int from, int length) {
        try (JsonParser json = object(bytes, from, length)) {
            var draft = new RecordDraft();
            for (String name = json.nextName(); name != null; name = json.nextName()) {
                if (name.equals("specversion")) return null;
                member(json, name, Field.BY_KEY, draft);
            }
            end(json);
            return draft.finish();
        }
    }

    private static ParsedLine event(byte[] bytes, int from, int length) {
        try (JsonParser json = object(bytes, from, length)) {
            var draft = new RecordDraft();
            String version = null;
            for (String name = json.nextName(); name != null; name = json.nextName()) {
                switch (name) {
                    case "specversion" -> {
                        if (version != null) throw twice(name);
                        json.nextToken();
                        version = string(json, name);
                    }
                    case "data" -> {
                        if (json.nextToken() != JsonToken.START_OBJECT) throw new Unfit("data is not an object");
                        for (String of = json.nextName(); of != null; of = json.nextName()) {
                            member(json, of, OF_ITS_DATA, draft);
                        }
                    }
                    default -> member(json, name, OF_AN_EVENT, draft);
                }
            }
            end(json);
            if (!"1.0".equals(version)) {
                throw new Unfit("specversion '" + version + "' is not 1.0");
            }
            if (!draft.has(Field.SOURCE)) {
                throw new Unfit("source is missing, which every CloudEvent has");
            }
            return draft.finish();
        }
    }

    private static void member(JsonParser json, String name, Map<String, Field> known, RecordDraft draft) {
        json.nextToken();
        Field field = known.get(name);
        if (field == null) {
            json.skipChildren();
            return;
        }
        if (draft.has(field)) throw twice(name);
        draft.set(
                field,
                switch (field) {
                    case QUANTITY -> number(json, name);
                    case METADATA -> metadata(json);
                    default -> string(json, name);
                });
    }

    private static Unfit twice(String name) {
        return new Unfit(name + " is given twice");
    }

    public static JsonParser parser(String text) {
        return JSON.createParser(ObjectReadContext.empty(), text);
    }

    /** At the first member of the object that the line is. */
    public static JsonParser object(byte[] bytes, int from, int length) {
        JsonParser json = JSON.createParser(ObjectReadContext.empty(), bytes, from, length);
        start(json);
        return json;
    }

    private static void start(JsonParser json) {
        if (json.nextToken() != JsonToken.START_OBJECT) {
            throw new Unfit("not a JSON object");
        }
    }

    public static void end(JsonParser json) {
        if (json.currentToken() != JsonToken.END_OBJECT || json.nextToken() != null) {
            throw new Unfit("more than one JSON object on the line");
        }
    }

    public static String notJson(JacksonException e) {
        String message = Objects.requireNonNullElse(e.getOriginalMessage(), "unreadable");
        // What the parser adds in brackets speaks of its own settings.
        return "not a JSON object: "
                + message.lines().findFirst().orElse("").replaceFirst(" \\(start marker at .*", "");
    }

    private static @Nullable String string(JsonParser json, String name) {
        return switch (json.currentToken()) {
            case VALUE_STRING -> json.getString();
            case VALUE_NULL -> null;
            case null, default -> throw new Unfit(name + " is not a string");
        };
    }

    private static @Nullable String number(JsonParser json, String name) {
        return switch (json.currentToken()) {
            case VALUE_STRING, VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> json.getString();
            case VALUE_NULL -> null;
            case null, default -> throw new Unfit(name + " is neither a number nor a decimal string");
        };
    }

    private static @Nullable String metadata(JsonParser json) {
        return switch (json.currentToken()) {
            case START_OBJECT -> canonical(json, "metadata");
            case VALUE_NULL -> null;
            case null, default -> throw new Unfit("metadata is not an object");
        };
    }

    /** Metadata in the text of a CSV field. */
    public static String metadata(String text) {
        try (JsonParser json = parser(text)) {
            start(json);
            String canonical = canonical(json, "metadata");
            end(json);
            return canonical;
        } catch (JacksonException e) {
            throw new Unfit("metadata is " + notJson(e), e);
        }
    }

    /** An object of texts. */
    public static String object(Map<String, String> members) {
        var out = new StringBuilder("{");
        members.forEach((name, text) -> {
            if (out.length() > 1) out.append(',');
            quote(name, out);
            quote(text, out.append(':'));
        });
        return out.append('}').toString();
    }

    /**
     * The value as JSON without white space and with sorted keys; numbers stay as they were written.
     *
     * @param told what it is, for messages
     */
    public static String canonical(JsonParser json, String told) {
        var out = new StringBuilder();
        canonical(json, told, out);
        if (!PlainText.isStorable(out.toString())) {
            throw new Unfit(told + " has half of a surrogate pair");
        }
        return out.toString();
    }

    private static void canonical(JsonParser json, String told, StringBuilder out) {
        switch (json.currentToken()) {
            case START_OBJECT -> {
                var members = new TreeMap<String, String>();
                for (String name = json.nextName(); name != null; name = json.nextName()) {
                    json.nextToken();
                    var member = new StringBuilder();
                    quote(name, member);
                    canonical(json, told, member.append(':'));
                    if (members.put(name, member.toString()) != null) {
                        throw new Unfit(told + " has '" + name + "' twice");
                    }
                }
                out.append('{').append(String.join(",", members.values())).append('}');
            }
            case START_ARRAY -> {
                out.append('[');
                for (String separator = ""; json.nextToken() != JsonToken.END_ARRAY; separator = ",") {
                    canonical(json, told, out.append(separator));
                }
                out.append(']');
            }
            case VALUE_STRING -> quote(json.getString(), out);
            case null -> throw new Unfit(told + " ends too early");
            default -> out.append(json.getString());
        }
    }

    static String quoted(String text) {
        var out = new StringBuilder(text.length() + 2);
        quote(text, out);
        return out.toString();
    }

    private static void quote(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < 0x20) {
                out.append("\\u%04x".formatted((int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
