package io.postpaid.sandbox;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/** Lists as Stripe pages them: newest first, from behind one object or before one, with what {@code created} allows. */
final class Pages {
    private static final long LIMIT_DEFAULT = 10;
    private static final long LIMIT_MAX = 100;

    private Pages() {}

    /** Objects of a kind whose fields have the values that the call asks for, for each of the filters that it names. */
    static ObjectNode of(Call call, Catalog.Kind kind) {
        var form = call.form();
        var field = kind.indexed().stream()
                .filter(filter -> !form.text(filter).isEmpty())
                .findFirst()
                .orElse("");
        return page(call, kind, kind.path(), field, List.of(form.text(field)));
    }

    /** What happened, each with its object as it was then; of one type, or of several. */
    static ObjectNode events(Call call, Catalog.Kind kind) {
        var types = call.form().list("types");
        return types.isEmpty() || call.form().has("type")
                ? of(call, kind)
                : page(call, kind, kind.path(), "type", types);
    }

    /** Those whose indexed field has one of several values. */
    static ObjectNode page(Call call, Catalog.Kind kind, String url, String field, List<String> values) {
        var form = call.form();
        var limit = form.integer("limit", LIMIT_DEFAULT);
        if (limit < 1 || limit > LIMIT_MAX) {
            throw Refusal.badRequest("parameter_invalid_integer", "This value must be between 1 and 100.", "limit");
        }
        var backwards = form.has("ending_before");
        var cursor = cursor(call, kind, backwards ? "ending_before" : "starting_after");
        var order = backwards ? Comparator.<String>naturalOrder() : Comparator.<String>reverseOrder();
        // One more than asked for, to know whether there are more.
        var found = values.stream()
                .flatMap(value -> ids(call, kind.name(), field, value, cursor, backwards)
                        .filter(id -> inTime(form, call.state().created(id)))
                        .filter(id -> matches(call, kind, id, field, value))
                        .limit(limit + 1))
                .sorted(order)
                .limit(limit + 1)
                .toList();
        var ids = new ArrayList<>(found.subList(0, (int) Math.min(limit, found.size())));
        if (backwards) Collections.reverse(ids);
        var list = Tree.MAPPER.createObjectNode().put("object", "list");
        var data = list.putArray("data");
        ids.forEach(id -> data.add(call.find(kind.name(), id)));
        return list.put("has_more", found.size() > limit).put("url", url);
    }

    private static Stream<String> ids(
            Call call, String kind, String field, String value, String cursor, boolean backwards) {
        return backwards
                ? call.state().oldestFirst(kind, field, value, cursor)
                : call.state().newestFirst(kind, field, value, cursor);
    }

    private static String cursor(Call call, Catalog.Kind kind, String param) {
        var id = call.form().text(param);
        if (!id.isEmpty() && !call.has(id)) throw Refusal.noSuchParameter(kind.name(), id, param);
        return id;
    }

    private static boolean inTime(Form form, long created) {
        return (!form.has("created") || form.integer("created", created) == created)
                && created >= form.integer("created[gte]", Long.MIN_VALUE)
                && created > form.integer("created[gt]", Long.MIN_VALUE)
                && created <= form.integer("created[lte]", Long.MAX_VALUE)
                && created < form.integer("created[lt]", Long.MAX_VALUE);
    }

    /**
     * The index also knows values of the past, such as the customer that a card was once attached to, so the object has
     * the last word. Reading it is left out where a value never changes.
     */
    private static boolean matches(Call call, Catalog.Kind kind, String id, String field, String value) {
        if (kind.name().equals("event")) return true;
        var object = call.find(kind.name(), id);
        // It was deleted.
        if (object == null) return false;
        return (field.isEmpty() || Tree.text(object, field).equals(value))
                && kind.filters().stream()
                        .allMatch(filter -> call.form().text(filter).isEmpty()
                                || Tree.text(object, filter).equals(call.form().text(filter)));
    }
}
