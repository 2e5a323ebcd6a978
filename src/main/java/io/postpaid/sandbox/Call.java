package io.postpaid.sandbox;

import java.time.Instant;
import java.util.ArrayList;
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
    private final String base;
    private final String requestId;
    private final List<ObjectNode> versions = new ArrayList<>();
    private final Map<String, Integer> newest = new HashMap<>();
    private final List<String> events = new ArrayList<>();
    private long number;
    private int status = 200;

    Call(StripeState state, Form form, String id, Instant now, String key, String base) {
        this.state = state;
        this.form = form;
        this.id = id;
        this.now = now;
        this.key = key;
        this.base = base;
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

    /** The address of a page for the customer's browser. */
    String page(String path) {
        return base + path;
    }

    StripeState state() {
        return state;
    }

    long now() {
        return now.getEpochSecond();
    }

    int status() {
        return status;
    }

    /** Answers with an error, although what was done stays done. */
    ObjectNode failed(int status, ObjectNode error) {
        this.status = status;
        return Refusal.body(error);
    }

    /** Shaped like Stripe's, but counted: the same requests give the same ids, and later ones sort behind. */
    private String newId(String prefix) {
        return "%s_sandbox%017d".formatted(prefix, ++number);
    }

    /** The object named in the address, or 404. */
    ObjectNode load(String kind) {
        var object = find(kind, id);
        if (object == null) throw Refusal.notFound(Catalog.STRIPE.kind(kind).noun(), id);
        return object;
    }

    /** The same for who only looks: of what was deleted, that it was. */
    ObjectNode shown(String kind) {
        var object = find(id);
        return object != null && Tree.text(object, "object").equals(kind) && deleted(object) ? object : load(kind);
    }

    private static boolean deleted(ObjectNode object) {
        return object.path("deleted").asBoolean(false);
    }

    /** The object that a parameter names, which is called as its kind. */
    ObjectNode named(String kind, String id) {
        var object = find(kind, id);
        if (object == null)
            throw Refusal.noSuchParameter(Catalog.STRIPE.kind(kind).noun(), id, kind);
        return object;
    }

    @Nullable
    ObjectNode find(String kind, String id) {
        var object = find(id);
        return object != null && Tree.text(object, "object").equals(kind) && !deleted(object) ? object : null;
    }

    private @Nullable ObjectNode find(String id) {
        var version = newest.get(id);
        return version == null ? state.find(id) : versions.get(version).deepCopy();
    }

    boolean has(String id) {
        return newest.containsKey(id) || state.has(id);
    }

    /** A new object of a kind, with its id and its time. */
    ObjectNode create(String kind) {
        var of = Catalog.STRIPE.kind(kind);
        return of.blank().deepCopy().put("id", newId(of.prefix())).put("created", now());
    }

    void save(ObjectNode object) {
        var version = newest.get(Tree.text(object, "id"));
        if (version == null || !versions.get(version).equals(object)) {
            newest.put(Tree.text(object, "id"), versions.size());
            versions.add(object.deepCopy());
        }
    }

    /** Saves the object and reports it in an event, as it is now. */
    void tell(String type, ObjectNode object) {
        save(object);
        var event = create("event").put("api_version", API_VERSION).put("type", type);
        event.withObjectProperty("request").put("id", requestId).put("idempotency_key", key.isEmpty() ? null : key);
        event.put("of", newest.get(Tree.text(object, "id")));
        save(event);
        events.add(Tree.text(event, "id"));
    }

    /** The events that it told, in order. */
    List<String> events() {
        return events;
    }

    /** The same request, without any effect. */
    Call undone() {
        return new Call(state, form, "", now, key, base);
    }

    /** Takes a text parameter over into the object, if it was sent; sent empty it becomes null. */
    void take(ObjectNode object, String... names) {
        for (var name : names) {
            if (form.has(name)) object.put(name, form.text(name).isEmpty() ? null : form.text(name));
        }
    }

    /** Nested parameters, such as an address; metadata stays an object when it is emptied, the others become null. */
    void takeNested(ObjectNode object, String... names) {
        for (var name : names) {
            if (!form.has(name)) continue;
            var nested = object.path(name).isObject() ? (ObjectNode) object.get(name) : object.putObject(name);
            form.mergeInto(nested, name);
            if (nested.isEmpty() && !name.equals("metadata")) object.putNull(name);
        }
    }

    /** Puts the objects themselves where {@code expand[]} asks for more than their ids. */
    ObjectNode expanded(ObjectNode object) {
        for (var path : form.list("expand")) expand(object, path.split("\\."), 0);
        return object;
    }

    private void expand(JsonNode node, String[] path, int depth) {
        if (depth == path.length) return;
        var field = path[depth];
        var value = node.path(field);
        var object = value.isString() ? find(value.stringValue()) : null;
        if (value.isMissingNode() || value.isString() && object == null) {
            throw Refusal.badRequest("", "This property cannot be expanded (" + field + ").", "expand");
        }
        if (object != null) {
            ((ObjectNode) node).set(field, object);
            expand(object, path, depth + 1);
        } else if (value.isArray()) {
            value.forEach(element -> expand(element, path, depth + 1));
        } else if (value.isObject()) {
            expand(value, path, depth + 1);
        }
    }

    /** The line that makes this call's effect last, or nothing when there is none; see {@link StripeState}. */
    byte @Nullable [] line(String print, int status, ObjectNode answer) {
        if (versions.isEmpty() && key.isEmpty()) return null;
        var line = Tree.MAPPER.createObjectNode().put("n", number).put("at", now());
        line.putArray("objects").addAll(versions);
        if (!key.isEmpty()) {
            line.put("key", key).put("print", print).put("status", status);
            var version = versions.indexOf(answer);
            if (version < 0) line.set("answer", answer);
            else line.put("answer", version);
        }
        var bytes = Tree.bytes(line);
        var ended = java.util.Arrays.copyOf(bytes, bytes.length + 1);
        ended[bytes.length] = '\n';
        return ended;
    }
}
