package io.postpaid.platform.batch;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/** Makes records of rows: each component from the column of its name. Instants, which the driver does not know, too. */
public final class Row<T> extends DataClassRowMapper<T> {
    private static final int FETCHED = 1_000;

    private Row(Class<T> type) {
        super(type);
    }

    public static <T> RowMapper<T> to(Class<T> type) {
        return new Row<>(type);
    }

    /** Hands over the rows as they are read, never all of them at once; in the caller's transaction, which this needs. */
    public static <T> void each(StatementSpec query, RowMapper<T> mapper, Consumer<T> reader) {
        query.withFetchSize(FETCHED).query((ResultSet row) -> {
            reader.accept(Objects.requireNonNull(mapper.mapRow(row, 0)));
        });
    }

    @Override
    protected @Nullable Object getColumnValue(ResultSet row, int column, Class<?> type) throws SQLException {
        if (type != Instant.class) return super.getColumnValue(row, column, type);
        var at = row.getTimestamp(column);
        return at == null ? null : at.toInstant();
    }
}
