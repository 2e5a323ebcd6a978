package io.postpaid.events;

import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.stereotype.Component;

/** One process delivers at a time; the lock ends with its connection, however the process ends. */
@Component
class DeliveryLock {
    private final DataSource database;

    DeliveryLock(DataSource database) {
        this.database = database;
    }

    /** Empty if another delivers. */
    <T> Optional<T> locked(Supplier<T> work) {
        try (var session = database.getConnection()) {
            var lock = JdbcClient.create(new SingleConnectionDataSource(session, true));
            if (!answer(lock, "select pg_try_advisory_lock('event_delivery'::regclass::oid::bigint)")) {
                return Optional.empty();
            }
            try {
                return Optional.of(work.get());
            } finally {
                if (session.isValid(5)) {
                    answer(lock, "select pg_advisory_unlock('event_delivery'::regclass::oid::bigint)");
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean answer(JdbcClient session, String question) {
        return session.sql(question).query(Boolean.class).single();
    }
}
