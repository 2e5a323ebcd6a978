package io.postpaid.web.console;

import io.postpaid.support.TestApplication;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** An advisory lock that somebody has to wait for. */
final class HeldLock implements AutoCloseable {
    private final TestApplication application;
    private final Connection session;
    private final long key;

    HeldLock(TestApplication application, long key) {
        this.application = application;
        this.key = key;
        try {
            session = application.get(DataSource.class).getConnection();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        locked("select pg_advisory_lock(:key)");
    }

    private void locked(String sql) {
        JdbcClient.create(new SingleConnectionDataSource(session, true))
                .sql(sql)
                .param("key", key)
                .query()
                .singleRow();
    }

    /** Returns once somebody waits for it. */
    void awaitWaiting() {
        var waits = application
                .jdbc()
                .sql("select exists (select from pg_locks where locktype = 'advisory' and not granted and objid = :key"
                        + " and database = (select oid from pg_database where datname = current_database()))")
                .param("key", key);
        while (!waits.query(Boolean.class).single()) Thread.onSpinWait();
    }

    @Override
    public void close() {
        locked("select pg_advisory_unlock(:key)");
        try {
            session.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
