package io.postpaid.payments.stripe;

import io.postpaid.platform.file.PlainText;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What Stripe tells of, without what it says of it: the object is asked for its state.
 *
 * @param object the id of the object that the event is about
 */
public record StripeEvent(String id, String type, String object, Instant madeAt) {
    private static final int TEXT_MAX = 255;
    /** The year 2100. */
    private static final long CREATED_MAX = 4_102_444_800L;

    private static final JsonMapper JSON = JsonMapper.shared();

    /** @throws IllegalArgumentException if it is none */
    public static StripeEvent parse(String json) {
        var event = JSON.readTree(json);
        var id = event.path("id").stringValue("");
        var type = event.path("type").stringValue("");
        if (id.isEmpty() || type.isEmpty()) throw new IllegalArgumentException("It has no id or no type");
        var object = event.path("data").path("object").path("id").stringValue("");
        if (!canBeKept(id) || !canBeKept(type) || !isId(object)) {
            throw new IllegalArgumentException("Its id, type or object cannot be kept");
        }
        long created = event.path("created").longValue(0);
        if (created < 0 || created > CREATED_MAX) throw new IllegalArgumentException("It was created at no such time");
        return new StripeEvent(id, type, object, Instant.ofEpochSecond(created));
    }

    /** An id or type has no space in it: {@link #key} puts one between them. */
    private static boolean canBeKept(String text) {
        return text.length() <= TEXT_MAX && PlainText.isStorable(text) && text.indexOf(' ') < 0;
    }

    /** What may stand in the path of a call: anything else could lead the call, with the seller's key, elsewhere. */
    private static boolean isId(String text) {
        return text.length() <= TEXT_MAX && text.matches("[A-Za-z0-9_]*");
    }

    /** @param object as the event shows it, of which only the id is read; without one the event waits for a person */
    public static StripeEvent of(String id, String type, long created, @Nullable String object) {
        return new StripeEvent(id, type, idOf(object), Instant.ofEpochSecond(created));
    }

    private static String idOf(@Nullable String object) {
        if (object == null) return "";
        try {
            var id = JSON.readTree(object).path("id").stringValue("");
            return isId(id) ? id : "";
        } catch (JacksonException e) {
            return "";
        }
    }

    /** All that has to be known of it to look again, also when Stripe has forgotten it. */
    public String key() {
        return String.join(" ", id, type, Long.toString(madeAt.getEpochSecond()), object);
    }

    public static StripeEvent ofKey(String key) {
        var parts = key.split(" ", 4);
        return new StripeEvent(parts[0], parts[1], parts[3], Instant.ofEpochSecond(Long.parseLong(parts[2])));
    }

    /** What became of an event. */
    public enum Effect {
        NONE,
        SETTLED,
        /** An attempt or top-up of ours whose end was not known has one. */
        RESOLVED,
        REFUNDED,
        DISPUTE_OPENED,
        DISPUTE_CLOSED,
        CARD,
        PAYOUT,
        /** It could not be processed, and an operator has decided to leave it. */
        DISMISSED
    }
}
