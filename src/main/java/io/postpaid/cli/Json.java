package io.postpaid.cli;

import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/** A JSON object, in the order its fields are added in; money is text already. */
final class Json extends LinkedHashMap<String, @Nullable Object> {
    private static final long serialVersionUID = 1L;

    Json with(String field, @Nullable Object value) {
        put(field, value);
        return this;
    }
}
