package io.postpaid.sandbox;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** One request at work: what it was sent, what it sees, and what it will have changed when it is done. */
final class Call {
    static final String API_VERSION = "2026-07-29.dahlia";

    private final StripeState state;
    private final Form form;
    private final String id;
    private final Instant now;
    private final String key;
    private final String requestId;
    private final List<byte[]> versions = new ArrayList<>();
    private final Map<String, Integer> newest = new HashMap<>();
    private final List<String> events = new ArrayList<>();
    private long number;

    Call(StripeState state, Form form, String id, Instant now, String key) {
        this.state = state;
        this.form = form;
        this.id = id;
        this.now = now;
        this.key = key;
        this.number = state.number();
        this.requestId = newId("req");
    }

    Form form() {
        return form;
    }

    /** The object named in the address. */
    String id() {
        return id;
    }

    String requestId() {
        return requestId;
    }

    StripeState state() {
        return state;
    }

    long now() {
        return now.getEpochSecond();
    }

    /** Shaped like Stripe's, but counted: the same requests give the same ids, and later ones sort behind. */
    String newId(String prefix) {
        return "%s_sandbox%017d".formatted(prefix, ++number);
    }

    /** The object named in the address, or 404. */
    ObjectNode load(String kind, String what) throws IOException {
        var object = find(kind, id);
        if (object == null) {
            throw Refusal.notFound(what, id);
        }
        return object;
    }

    @Nullable
    ObjectNode find(String kind, String id) throws IOException {
        var version = newest.get(id);
        var object = version == null ? state.find(id) : Json.object(versions.get(version));
        return object != null && Json.text(object, "object").equals(kind) ? object : null;
    }

    boolean has(String id) {
        return newest.containsKey(id) || state.has(id);
    }

    /** A new object from a blank one, with its id and its time. */
    ObjectNode create(ObjectNode blank, String prefix) {
        return blank.deepCopy().put("id", newId(prefix)).put("created", now());
    }

    void save(ObjectNode object) {
        var bytes = Json.bytes(object);
        var version = newest.get(Json.text(object, "id"));
        if (version == null || !Arrays.equals(versions.get(version), bytes)) {
            newest.put(Json.text(object, "id"), versions.size());
            versions.add(bytes);
        }
    }

    /** Saves the object and tells of it, as it is now. */
    void tell(String type, ObjectNode object) {
        save(object);
        var event = create(Blank.EVENT, "evt").put("type", type);
        event.withObjectProperty("request").put("id", requestId).put("idempotency_key", key.isEmpty() ? null : key);
        event.put("of", newest.get(Json.text(object, "id")));
        save(event);
        events.add(Json.text(event, "id"));
    }

    /** The events that it told, in order. */
    List<String> events() {
        return events;
    }

    /** The same request, without any effect. */
    Call undone() {
        return new Call(state, form, "", now, key);
    }

    /** Takes a text parameter over into the object, if it was sent; sent empty it becomes null. */
    void take(ObjectNode object, String... names) {
        for (var name : names) {
            if (form.has(name)) {
                object.put(name, form.text(name).isEmpty() ? null : form.text(name));
            }
        }
    }

    /** Nested parameters, such as an address; metadata stays an object when it is emptied, the others become null. */
    void takeNested(ObjectNode object, String... names) {
        for (var name : names) {
            if (form.has(name)) {
                var nested = object.path(name).isObject() ? (ObjectNode) object.get(name) : object.putObject(name);
                form.mergeInto(nested, name);
                if (nested.isEmpty() && !name.equals("metadata")) {
                    object.putNull(name);
                }
            }
        }
    }

    /** Puts the objects themselves where {@code expand[]} asks for more than their ids. */
    ObjectNode expanded(ObjectNode object) throws IOException {
        for (var path : form.list("expand")) {
            expand(object, path.split("\\."), 0);
        }
        return object;
    }

    private void expand(JsonNode node, String[] path, int depth) throws IOException {
        if (depth == path.length) {
            return;
        }
        var field = path[depth];
        var value = node.path(field);
        if (value.isMissingNode()) {
            throw Refusal.badRequest("", "This property cannot be expanded (" + field + ").", "expand");
        }
        if (value.isString()) {
            var id = value.stringValue();
            var version = newest.get(id);
            var object = version == null ? state.find(id) : Json.object(versions.get(version));
            if (object == null) {
                throw Refusal.badRequest("", "This property cannot be expanded (" + field + ").", "expand");
            }
            ((ObjectNode) node).set(field, object);
            expand(object, path, depth + 1);
        } else if (value.isArray()) {
            for (var element : value) {
                expand(element, path, depth + 1);
            }
        } else if (value.isObject()) {
            expand(value, path, depth + 1);
        }
    }

    /** The line that makes this call's effect last, or nothing when there is none; see {@link StripeState}. */
    byte @Nullable [] line(String print, Answer answer, byte[] body) {
        if (versions.isEmpty() && key.isEmpty()) {
            return null;
        }
        var line = new ByteArrayOutputStream(4096);
        line.writeBytes(("{\"n\":" + number + ",\"at\":" + now() + ",\"objects\":[").getBytes(StandardCharsets.UTF_8));
        for (int i = 0; i < versions.size(); i++) {
            if (i > 0) {
                line.write(',');
            }
            line.writeBytes(versions.get(i));
        }
        line.write(']');
        if (!key.isEmpty()) {
            var head = ",\"key\":" + Json.MAPPER.writeValueAsString(key) + ",\"print\":\"" + print + "\",\"status\":"
                    + answer.status() + ",\"answer\":";
            line.writeBytes(head.getBytes(StandardCharsets.UTF_8));
            line.writeBytes(reference(body));
        }
        line.writeBytes("}\n".getBytes(StandardCharsets.UTF_8));
        return line.toByteArray();
    }

    private byte[] reference(byte[] body) {
        for (int i = 0; i < versions.size(); i++) {
            if (Arrays.equals(versions.get(i), body)) {
                return Integer.toString(i).getBytes(StandardCharsets.UTF_8);
            }
        }
        return body;
    }
}
