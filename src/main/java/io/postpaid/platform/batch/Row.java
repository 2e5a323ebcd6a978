package io.postpaid.platform.batch;

import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeanUtils;
import org.springframework.core.convert.support.DefaultConversionService;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.jdbc.support.JdbcUtils;

/**
 * Makes records of rows: each component from the column of its name. It reads instants, which the driver does not know, and
 * finds the columns without the exceptions that Spring's own mappers catch for each name of two words.
 */
public final class Row<T> implements RowMapper<T> {
    private static final int FETCHED = 1_000;

    private final Constructor<T> constructor;
    private final Class<?>[] types;
    private final List<String> columns;

    private Row(Class<T> type) {
        var components = type.getRecordComponents();
        types = Stream.of(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        columns = Stream.of(components)
                .map(component -> JdbcUtils.convertPropertyNameToUnderscoreName(component.getName()))
                .toList();
        try {
            constructor = type.getDeclaredConstructor(types);
        } catch (NoSuchMethodException e) {
            throw new IllegalArgumentException(type + " is no record", e);
        }
    }

    public static <T extends Record> RowMapper<T> to(Class<T> type) {
        return new Row<>(type);
    }

    /** Hands over the rows as they are read, never all of them at once; in the caller's transaction, which this needs. */
    public static <T> void each(StatementSpec query, RowMapper<T> mapper, Consumer<T> reader) {
        query.withFetchSize(FETCHED).query((ResultSet row) -> {
            reader.accept(Objects.requireNonNull(mapper.mapRow(row, 0)));
        });
    }

    @Override
    public T mapRow(ResultSet row, int number) throws SQLException {
        var values = new @Nullable Object[types.length];
        for (int i = 0; i < values.length; i++) values[i] = value(row, row.findColumn(columns.get(i)), types[i]);
        return BeanUtils.instantiateClass(constructor, values);
    }

    private static @Nullable Object value(ResultSet row, int column, Class<?> type) throws SQLException {
        if (type == Instant.class) {
            var at = row.getTimestamp(column);
            return at == null ? null : at.toInstant();
        }
        return type.isEnum()
                ? DefaultConversionService.getSharedInstance().convert(row.getString(column), type)
                : JdbcUtils.getResultSetValue(row, column, type);
    }
}
