package io.postpaid.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/** Lists as Stripe pages them: newest first, from behind one object or before one, with what {@code created} allows. */
final class Listing {
    private static final long LIMIT_DEFAULT = 10;
    private static final long LIMIT_MAX = 100;

    private Listing() {}

    /** Objects of a kind whose fields have the values that the call asks for, for each of the filters that it names. */
    static Answer of(Call call, String kind, String url, String... filters) throws IOException {
        var form = call.form();
        for (var filter : filters) {
            if (!form.text(filter).isEmpty()) {
                return page(call, kind, url, filter, List.of(form.text(filter)), filters);
            }
        }
        return page(call, kind, url, "", List.of(""), filters);
    }

    /** The same with one indexed field that may have any of several values. */
    static Answer page(Call call, String kind, String url, String field, List<String> values, String... filters)
            throws IOException {
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
                .flatMap(value -> ids(call, kind, field, value, cursor, backwards)
                        .filter(id -> inTime(form, call.state().created(id)))
                        .filter(id -> matches(call, kind, id, field, value, filters))
                        .limit(limit + 1))
                .sorted(order)
                .limit(limit + 1)
                .toList();
        var ids = new ArrayList<>(found.subList(0, (int) Math.min(limit, found.size())));
        if (backwards) {
            Collections.reverse(ids);
        }
        var list = Json.MAPPER.createObjectNode().put("object", "list");
        var data = list.putArray("data");
        for (var id : ids) {
            data.add(call.find(kind, id));
        }
        list.put("has_more", found.size() > limit).put("url", url);
        return Answer.ok(call.expanded(list));
    }

    private static Stream<String> ids(
            Call call, String kind, String field, String value, String cursor, boolean backwards) {
        return backwards
                ? call.state().oldestFirst(kind, field, value, cursor)
                : call.state().newestFirst(kind, field, value, cursor);
    }

    private static String cursor(Call call, String kind, String param) {
        var id = call.form().text(param);
        if (!id.isEmpty() && !call.has(id)) {
            throw Refusal.noSuchParameter(kind, id, param);
        }
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
    private static boolean matches(Call call, String kind, String id, String field, String value, String... filters) {
        if (kind.equals("event")) {
            return true;
        }
        var object = read(call, kind, id);
        if (!field.isEmpty() && !Json.text(object, field).equals(value)) {
            return false;
        }
        for (var filter : filters) {
            var wanted = call.form().text(filter);
            if (!wanted.isEmpty() && !Json.text(object, filter).equals(wanted)) {
                return false;
            }
        }
        return true;
    }

    private static ObjectNode read(Call call, String kind, String id) {
        try {
            var object = call.find(kind, id);
            if (object == null) {
                throw new IllegalStateException("index names " + id + ", which is no " + kind);
            }
            return object;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
