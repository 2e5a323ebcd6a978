package io.postpaid.platform.batch;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One column of many rows, as a text array that a statement unnests and casts: {@code unnest(:amount::numeric[])}. */
public final class Column {
    private Column() {}

    public static <T> @Nullable String[] of(Collection<T> rows, Function<T, ? extends @Nullable Object> value) {
        return rows.stream().map(value).map(Column::text).toArray(String[]::new);
    }

    private static @Nullable String text(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case BigDecimal decimal -> decimal.toPlainString();
            default -> value.toString();
        };
    }
}
