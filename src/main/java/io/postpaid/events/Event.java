package io.postpaid.events;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Something that has happened to an account.
 *
 * @param number as the database counts what was written
 * @param position its place in the feed
 * @param access whether the account may call since then, as {@code GET /v1/access} says it; null where that did not change
 * @param data what has happened, in detail
 */
public record Event(
        long number,
        UUID key,
        long position,
        String account,
        String type,
        Instant occurredAt,
        @Nullable String access,
        JsonNode data) {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String PREFIX = "evt_";
    private static final String ALLOWED = "ALLOWED";

    /** The same in every delivery, so that a receiver knows what it has seen. */
    public String id() {
        return id(key);
    }

    static String id(UUID key) {
        return PREFIX + key.toString().replace("-", "");
    }

    /** @throws IllegalArgumentException if that is no id of an event */
    static UUID key(String id) {
        if (!id.matches(PREFIX + "[0-9a-f]{32}")) throw new IllegalArgumentException("There is no event " + id);
        return UUID.fromString(
                id.substring(PREFIX.length()).replaceFirst("(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5"));
    }

    /** As it is delivered, and listed in the feed. */
    public Map<String, @Nullable Object> json() {
        var json = new LinkedHashMap<String, @Nullable Object>();
        json.put("id", id());
        json.put("type", type);
        json.put("position", position);
        json.put("account", account);
        json.put("occurred_at", occurredAt.toString());
        if (access != null) json.put("access", access(access));
        json.put("data", data);
        return json;
    }

    byte[] body() {
        return JSON.writeValueAsBytes(json());
    }

    private static Map<String, @Nullable Object> access(String code) {
        var access = new LinkedHashMap<String, @Nullable Object>();
        access.put("allowed", code.equals(ALLOWED));
        access.put("code", code.equals(ALLOWED) ? null : code);
        return access;
    }
}
