package io.postpaid.usage.admission;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** A connection that no other transaction is ever around; locks that hold for a whole file hold as long as it does. */
public final class OwnConnection implements AutoCloseable {
    private final Connection connection;
    private final JdbcClient jdbc;

    /** @param patient whether it waits for a lock as long as another file or an archive takes */
    public OwnConnection(DataSource database, boolean patient) {
        try {
            connection = database.getConnection();
            connection.setAutoCommit(false);
            jdbc = JdbcClient.create(new SingleConnectionDataSource(connection, true));
            // Planned anew each time: a plan from when the tables were small would read them whole when they are not.
            jdbc.sql("set plan_cache_mode = force_custom_plan").update();
            if (patient) jdbc.sql("set lock_timeout = 0").update();
            connection.commit();
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    public JdbcClient jdbc() {
        return jdbc;
    }

    PGConnection postgres() throws SQLException {
        return connection.unwrap(PGConnection.class);
    }

    public interface Work<T extends @Nullable Object> {
        T run() throws SQLException;
    }

    /** All or nothing, with what was written before in the same transaction. */
    public <T extends @Nullable Object> T commit(Work<T> work) {
        return run(() -> {
            T result = work.run();
            connection.commit();
            return result;
        });
    }

    /** In the transaction that is open, which ends if this fails. */
    <T extends @Nullable Object> T run(Work<T> work) {
        try {
            return work.run();
        } catch (SQLException | DataAccessException e) {
            rollback(e);
            throw failed(e);
        } catch (RuntimeException | Error e) {
            rollback(e);
            throw e;
        }
    }

    private void rollback(Throwable cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    private static IllegalStateException failed(Throwable e) {
        String why = e instanceof DataAccessException failure
                ? failure.getMostSpecificCause().getMessage()
                : e.getMessage();
        return new IllegalStateException(
                "The database failed, and nothing of the batch was taken: " + why + ". Ingest again to go on", e);
    }

    @Override
    public void close() {
        try (connection) {
            connection.rollback();
            connection.setAutoCommit(true);
            jdbc.sql("select pg_advisory_unlock_all()").query().listOfRows();
            jdbc.sql("reset lock_timeout; reset plan_cache_mode").update();
        } catch (SQLException e) {
            throw new IllegalStateException("The database connection broke: " + e.getMessage(), e);
        }
    }
}
