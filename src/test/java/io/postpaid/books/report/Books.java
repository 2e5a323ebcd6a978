package io.postpaid.books.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.postpaid.platform.home.Home;
import io.postpaid.support.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** The small books of October 2026 (books.sql) in a database of their own, on one connection. */
final class Books implements AutoCloseable {
    final SingleConnectionDataSource database;
    final JdbcClient jdbc;
    final JdbcTransactionManager transactions;

    Books(Home home) throws IOException {
        database = new SingleConnectionDataSource(TestDatabase.create(), "postgres", "", true);
        jdbc = JdbcClient.create(database);
        transactions = new JdbcTransactionManager(database);
        execute(new ClassPathResource("io/postpaid/books/report/books.sql").getContentAsString(UTF_8));
        for (var pdf : Map.of("2026-000001.pdf", "acme", "2026-000002.pdf", "beta", "2026-000003.pdf", "gamma")
                .entrySet()) {
            Files.writeString(home.documents().resolve(pdf.getKey()), pdf.getValue());
        }
    }

    void execute(String sql) {
        try (var statement = database.getConnection().createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    /** Breaks the books as only a superuser can, and takes it back. */
    List<Check> broken(String sql, Supplier<List<Check>> proof) throws SQLException {
        Connection connection = database.getConnection();
        connection.setAutoCommit(false);
        try {
            execute("set local session_replication_role = replica");
            execute(sql);
            return proof.get();
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    @Override
    public void close() {
        database.destroy();
    }
}
