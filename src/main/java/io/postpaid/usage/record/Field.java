package io.postpaid.usage.record;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What a line may state. The names are those of a usage record in a file. */
public enum Field {
    SOURCE,
    ID,
    TYPE,
    VOIDS,
    ACCOUNT,
    PRODUCT,
    QUANTITY,
    OCCURRED_AT,
    OUTCOME,
    OPERATION,
    METADATA;

    public static final Set<Field> NEEDED = EnumSet.of(ID, ACCOUNT, PRODUCT, QUANTITY, OCCURRED_AT);
    public static final Map<String, Field> BY_KEY =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Field::key, Function.identity()));

    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
