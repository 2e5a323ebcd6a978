package io.postpaid.support;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.postgresql.ds.PGSimpleDataSource;

/** One real PostgreSQL per test process, and from it a fresh, migrated database for whoever asks. */
public final class TestDatabase {
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final EmbeddedPostgres SERVER = start();

    private TestDatabase() {}

    private static EmbeddedPostgres start() {
        try {
            var server = EmbeddedPostgres.builder()
                    .setServerConfig("fsync", "off")
                    .setServerConfig("full_page_writes", "off")
                    // It would look after each of a thousand databases, again and again.
                    .setServerConfig("autovacuum", "off")
                    .setServerConfig("max_connections", "300")
                    .setServerConfig("timezone", "UTC")
                    .setLocaleConfig("locale", "C.UTF-8")
                    .start();
            execute(server, "create database migrated");
            Flyway.configure()
                    .dataSource(server.getJdbcUrl("postgres", "migrated"), "postgres", "")
                    .load()
                    .migrate();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void execute(EmbeddedPostgres server, String sql) {
        try (var connection = server.getPostgresDatabase().getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @return the JDBC address of a new database with the schema and no rows; user {@code postgres}, no password */
    public static String create() {
        var name = "test" + COUNT.incrementAndGet();
        execute(SERVER, "create database " + name + " template migrated strategy file_copy");
        return SERVER.getJdbcUrl("postgres", name) + "&reWriteBatchedInserts=true";
    }

    /** The same without the schema. */
    public static String createEmpty() {
        var name = "empty" + COUNT.incrementAndGet();
        execute(SERVER, "create database " + name);
        return SERVER.getJdbcUrl("postgres", name) + "&reWriteBatchedInserts=true";
    }

    /** The same as a DataSource without a pool. */
    public static DataSource createDataSource() {
        var database = new PGSimpleDataSource();
        database.setUrl(create());
        return database;
    }
}
