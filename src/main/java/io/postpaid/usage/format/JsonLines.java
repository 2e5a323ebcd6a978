package io.postpaid.usage.format;

import io.postpaid.usage.record.Draft;
import io.postpaid.usage.record.Draft.Unfit;
import io.postpaid.usage.record.ParsedLine;
import io.postpaid.usage.record.ParsedLine.Malformed;
import java.util.Objects;
import java.util.TreeMap;
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
    public static final JsonFactory JSON = new JsonFactory();

    /** It remembers names, and so is not made for every file anew. */
    public static final JsonLines OWN_NAMES = new JsonLines();

    private final PlainJson quick = new PlainJson();

    @Override
    public ParsedLine parse(byte[] bytes, int from, int length, long line, @Nullable String lineId) {
        ParsedLine usual = quick.read(bytes, from, length);
        return usual != null ? usual : parseWithAllRules(bytes, from, length);
    }

    public static ParsedLine parseWithAllRules(byte[] bytes, int from, int length) {
        try {
            ParsedLine plain = plain(bytes, from, length);
            return plain != null ? plain : event(bytes, from, length);
        } catch (JacksonException e) {
            return Malformed.because(notJson(e));
        } catch (Unfit e) {
            return Malformed.because(Objects.requireNonNull(e.getMessage()));
        }
    }

    public static String notJson(JacksonException e) {
        String message = Objects.requireNonNullElse(e.getOriginalMessage(), "unreadable");
        // What the parser adds in brackets speaks of its own settings.
        return "not a JSON object: "
                + message.lines().findFirst().orElse("").replaceFirst(" \\(start marker at .*", "");
    }

    /** Null when the line turns out to be an event. */
    private static @Nullable ParsedLine plain(byte[] bytes, int from, int length) {
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), bytes, from, length)) {
            var draft = new Draft();
            start(json);
            String name;
            while ((name = json.nextName()) != null) {
                json.nextToken();
                switch (name) {
                    case "id" -> draft.id = string(json, name, draft.id);
                    case "source" -> draft.source = string(json, name, draft.source);
                    case "account" -> draft.account = string(json, name, draft.account);
                    case "product" -> draft.product = string(json, name, draft.product);
                    case "quantity" -> draft.quantity = number(json, name, draft.quantity);
                    case "occurred_at" -> draft.occurredAt = string(json, name, draft.occurredAt);
                    case "outcome" -> draft.outcome = string(json, name, draft.outcome);
                    case "operation" -> draft.operation = string(json, name, draft.operation);
                    case "metadata" -> draft.metadata = metadata(json, draft.metadata);
                    case "type" -> draft.type = string(json, name, draft.type);
                    case "voids" -> draft.voids = string(json, name, draft.voids);
                    case "specversion" -> {
                        return null;
                    }
                    default -> json.skipChildren();
                }
            }
            end(json);
            return draft.finish();
        }
    }

    private static ParsedLine event(byte[] bytes, int from, int length) {
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), bytes, from, length)) {
            var draft = new Draft();
            String version = null;
            start(json);
            String name;
            while ((name = json.nextName()) != null) {
                json.nextToken();
                switch (name) {
                    case "specversion" -> version = string(json, name, version);
                    case "id" -> draft.id = string(json, name, draft.id);
                    case "source" -> draft.source = string(json, name, draft.source);
                    case "subject" -> draft.account = string(json, name, draft.account);
                    case "time" -> draft.occurredAt = string(json, name, draft.occurredAt);
                    case "data" -> data(json, draft);
                    default -> json.skipChildren();
                }
            }
            end(json);
            if (!"1.0".equals(version)) {
                throw new Unfit("specversion '" + version + "' is not 1.0");
            }
            if (draft.source == null) {
                throw new Unfit("source is missing, which every CloudEvent has");
            }
            return draft.finish();
        }
    }

    private static void data(JsonParser json, Draft draft) {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            throw new Unfit("data is not an object");
        }
        String name;
        while ((name = json.nextName()) != null) {
            json.nextToken();
            switch (name) {
                case "product" -> draft.product = string(json, name, draft.product);
                case "quantity" -> draft.quantity = number(json, name, draft.quantity);
                case "outcome" -> draft.outcome = string(json, name, draft.outcome);
                case "operation" -> draft.operation = string(json, name, draft.operation);
                case "metadata" -> draft.metadata = metadata(json, draft.metadata);
                case "type" -> draft.type = string(json, name, draft.type);
                case "voids" -> draft.voids = string(json, name, draft.voids);
                default -> json.skipChildren();
            }
        }
    }

    public static void start(JsonParser json) {
        if (json.nextToken() != JsonToken.START_OBJECT) {
            throw new Unfit("not a JSON object");
        }
    }

    public static void end(JsonParser json) {
        if (json.currentToken() != JsonToken.END_OBJECT || json.nextToken() != null) {
            throw new Unfit("more than one JSON object on the line");
        }
    }

    private static @Nullable String string(JsonParser json, String name, @Nullable String before) {
        once(name, before);
        return switch (json.currentToken()) {
            case VALUE_STRING -> json.getString();
            case VALUE_NULL -> null;
            case null, default -> throw new Unfit(name + " is not a string");
        };
    }

    private static @Nullable String number(JsonParser json, String name, @Nullable String before) {
        once(name, before);
        return switch (json.currentToken()) {
            case VALUE_STRING, VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> json.getString();
            case VALUE_NULL -> null;
            case null, default -> throw new Unfit(name + " is neither a number nor a decimal string");
        };
    }

    private static void once(String name, @Nullable String before) {
        if (before != null) {
            throw new Unfit(name + " is given twice");
        }
    }

    private static @Nullable String metadata(JsonParser json, @Nullable String before) {
        once("metadata", before);
        return switch (json.currentToken()) {
            case START_OBJECT -> canonical(json);
            case VALUE_NULL -> null;
            case null, default -> throw new Unfit("metadata is not an object");
        };
    }

    /** Metadata in the text of a CSV field. */
    public static String metadata(String text) {
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), text)) {
            start(json);
            String canonical = canonical(json);
            end(json);
            return canonical;
        } catch (JacksonException e) {
            throw new Unfit("metadata is " + notJson(e), e);
        }
    }

    /** The value as JSON without white space and with sorted keys; numbers stay as they were written. */
    private static String canonical(JsonParser json) {
        var out = new StringBuilder();
        canonical(json, out);
        if (!Draft.storable(out.toString())) {
            throw new Unfit("metadata has half of a surrogate pair");
        }
        return out.toString();
    }

    private static void canonical(JsonParser json, StringBuilder out) {
        switch (json.currentToken()) {
            case START_OBJECT -> {
                var members = new TreeMap<String, String>();
                String name;
                while ((name = json.nextName()) != null) {
                    json.nextToken();
                    var member = new StringBuilder();
                    canonical(json, member);
                    if (members.put(name, member.toString()) != null) {
                        throw new Unfit("metadata has '" + name + "' twice");
                    }
                }
                String separator = "{";
                for (var member : members.entrySet()) {
                    out.append(separator);
                    quote(member.getKey(), out);
                    out.append(':').append(member.getValue());
                    separator = ",";
                }
                out.append(members.isEmpty() ? "{}" : "}");
            }
            case START_ARRAY -> {
                out.append('[');
                boolean first = true;
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    if (!first) {
                        out.append(',');
                    }
                    first = false;
                    canonical(json, out);
                }
                out.append(']');
            }
            case VALUE_STRING -> quote(json.getString(), out);
            case null -> throw new Unfit("metadata ends too early");
            default -> out.append(json.getString());
        }
    }

    private static void quote(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < 0x20) {
                out.append("\\u00").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
