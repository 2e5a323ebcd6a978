package io.postpaid.platform.batch;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.ItemReader;
import org.springframework.batch.infrastructure.item.database.JdbcCursorItemReader;
import org.springframework.batch.infrastructure.item.database.JdbcPagingItemReader;
import org.springframework.batch.infrastructure.item.database.Order;
import org.springframework.batch.infrastructure.item.database.builder.JdbcCursorItemReaderBuilder;
import org.springframework.batch.infrastructure.item.database.builder.JdbcPagingItemReaderBuilder;
import org.springframework.batch.infrastructure.item.database.support.PostgresPagingQueryProvider;
import org.springframework.batch.infrastructure.item.support.IteratorItemReader;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.SimplePropertyRowMapper;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterUtils;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The items of a step that are not done yet. Nothing is remembered of what was read: a restart finds fewer of them. */
public sealed interface Todo<T> {

    /** How many there are, or {@link #UNKNOWN}. */
    long count(JdbcClient jdbc);

    /** Whether several parts can be read at a time. */
    boolean divisible();

    /** Reads one of several parts. */
    ItemReader<T> part(DataSource database, int part, int parts);

    /** So many that nobody counted them; they are read as one part. */
    long UNKNOWN = -1;

    /** Items that are not rows: files, what Stripe lists. They are one part, in their order. */
    static <T> Todo<T> of(Iterator<T> items) {
        return new Listed<>(items);
    }

    /** The rows of a query that has the columns {@code id} and {@code account}, in the order of their ids. */
    static <T> Rows<T> of(Class<T> type, String sql) {
        return of(new SimplePropertyRowMapper<>(type), sql);
    }

    static <T> Rows<T> of(RowMapper<T> mapper, String sql) {
        return new Rows<>(sql, mapper, Map.of(), List.of("id"), "account");
    }

    /** The accounts of a query that has the one column {@code account}, in their order. */
    static Rows<String> accounts(String sql) {
        return of((row, i) -> Objects.requireNonNull(row.getString("account")), sql)
                .by("account");
    }

    /**
     * Rows, read page by page from behind the key of the last one, so that memory holds a page and no transaction waits.
     *
     * @param key the columns that tell one from the other and say in which order they are read
     * @param account the column by which they are divided into parts, so that an account is in one of them; null if they are not
     */
    record Rows<T>(
            String sql,
            RowMapper<T> mapper,
            Map<String, Object> parameters,
            List<String> key,
            @Nullable String account) implements Todo<T> {
        private static final int PAGE = 500;

        public Rows<T> with(String name, Object value) {
            var more = new LinkedHashMap<>(parameters);
            more.put(name, value);
            return new Rows<>(sql, mapper, more, key, account);
        }

        /** In one part, one after the other. */
        public Rows<T> inOrder() {
            return new Rows<>(sql, mapper, parameters, key, null);
        }

        @Override
        public boolean divisible() {
            return account != null;
        }

        public Rows<T> by(String... key) {
            return new Rows<>(sql, mapper, parameters, List.of(key), account);
        }

        @Override
        public long count(JdbcClient jdbc) {
            return jdbc.sql("select count(*) from (" + sql + ") item")
                    .params(parameters)
                    .query(Long.class)
                    .single();
        }

        @Override
        public JdbcPagingItemReader<T> part(DataSource database, int part, int parts) {
            var rows = new PostgresPagingQueryProvider();
            rows.setSelectClause("*");
            rows.setFromClause("(" + sql + ") item");
            if (parts > 1) {
                rows.setWhereClause(
                        "(hashtext(coalesce(%s, '')) & 2147483647) %% %d = %d".formatted(account, parts, part));
            }
            var order = new LinkedHashMap<String, Order>();
            key.forEach(column -> order.put(column, Order.ASCENDING));
            rows.setSortKeys(order);
            try {
                return new JdbcPagingItemReaderBuilder<T>()
                        .dataSource(database)
                        .queryProvider(rows)
                        .parameterValues(parameters)
                        .rowMapper(mapper)
                        .pageSize(PAGE)
                        .saveState(false)
                        .build();
            } catch (Exception e) {
                throw new IllegalStateException(sql, e);
            }
        }
    }

    /** What an iterator has. */
    record Listed<T>(Iterator<T> items) implements Todo<T> {
        @Override
        public long count(JdbcClient jdbc) {
            return items.hasNext() ? UNKNOWN : 0;
        }

        @Override
        public boolean divisible() {
            return false;
        }

        @Override
        public ItemReader<T> part(DataSource database, int part, int parts) {
            return new IteratorItemReader<>(items);
        }
    }

    /**
     * Ids of accounts, for a query that costs too much to be asked again for each page: read in one transaction.
     *
     * @param sql selects those of {@code :partition} of {@code :partitions}
     */
    record Accounts(String sql, Map<String, Object> parameters) implements Todo<String> {
        private static final int FETCHED = 1_000;

        @Override
        public long count(JdbcClient jdbc) {
            return jdbc.sql("select count(*) from (" + sql + ") account")
                    .params(of(0, 1))
                    .query(Long.class)
                    .single();
        }

        @Override
        public boolean divisible() {
            return true;
        }

        @Override
        public JdbcCursorItemReader<String> part(DataSource database, int part, int parts) {
            var statement = NamedParameterUtils.parseSqlStatement(sql);
            var values = new MapSqlParameterSource(of(part, parts));
            return new JdbcCursorItemReaderBuilder<String>()
                    .dataSource(database)
                    .sql(NamedParameterUtils.substituteNamedParameters(statement, values))
                    .queryArguments(NamedParameterUtils.buildValueArray(statement, values, null))
                    .rowMapper((row, n) -> Objects.requireNonNull(row.getString(1)))
                    .fetchSize(FETCHED)
                    .saveState(false)
                    .build();
        }

        private Map<String, Object> of(int part, int parts) {
            var all = new HashMap<>(parameters);
            all.put("partition", part);
            all.put("partitions", parts);
            return all;
        }
    }
}
