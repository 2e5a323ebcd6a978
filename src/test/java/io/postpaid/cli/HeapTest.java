package io.postpaid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.support.Operator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What grows with the number of files, accounts and invoices is read and written row by row, not held in memory. With
 * {@code -Dfiles=1000000 -Dinvoices=200000 -Dheap=128m} it takes minutes.
 */
class HeapTest {
    private static final Logger LOG = LoggerFactory.getLogger(HeapTest.class);
    private static final int FILES = Integer.getInteger("files", 60_000);
    private static final int INVOICES = Integer.getInteger("invoices", 15_000);
    private static final List<String> SMALL = List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx" + System.getProperty("heap", "44m"),
            "-XX:+ExitOnOutOfMemoryError");

    @TempDir
    private Path folder;

    @Test
    void manyFilesAndInvoicesFitIntoASmallHeap() throws Exception {
        try (var operator = new Operator(folder.resolve("home"), "2026-11-01T10:00:00Z")) {
            // The first command unpacks the database server, which takes more than all that follow.
            operator.start(List.of("-XX:TieredStopAtLevel=1", "-Xmx512m"), "runs")
                    .done();
            long begun = System.nanoTime();
            plant(operator.database());
            LOG.info("planting took {}", Duration.ofNanos(System.nanoTime() - begun));

            var invoices = run(operator, "invoices", "list", "--period", "2026-10", "--json");
            assertThat(occurrences(invoices, "\"number\" : ")).isEqualTo(INVOICES);
            assertThat(lines(run(operator, "accounts", "list"))).isEqualTo(INVOICES + 1);
            run(operator, "report", "--period", "2026-10", "--out", folder + "/report");
            assertThat(lines(folder.resolve("report/usage-tie-out.csv"))).isEqualTo(FILES + 2);
        }
    }

    private static Path run(Operator operator, String... arguments) {
        var running = operator.start(SMALL, arguments);
        assertThat(running.process().onExit().join().exitValue())
                .as("%s", running.line())
                .isZero();
        LOG.info("{} took {}", running.line(), running.age());
        return running.out();
    }

    private static long lines(Path file) throws IOException {
        try (var lines = Files.lines(file)) {
            return lines.count();
        }
    }

    private static long occurrences(Path file, String text) throws IOException {
        try (var lines = Files.lines(file)) {
            return lines.filter(line -> line.contains(text)).count();
        }
    }

    private static void plant(String database) throws SQLException {
        try (var connection = DriverManager.getConnection(database, "postgres", "");
                var statement = connection.createStatement()) {
            // Keys and triggers would take longer than all the rest.
            statement.execute("set session_replication_role = replica");
            statement.execute("""
                    insert into account (id, name, email, currency, monthly_limit, free_credit, created_on)
                    select 'account-' || n, 'The customer ' || n, 'customer' || n || '@customer.example', 'USD', 100, 0,
                           date '2026-01-01'
                      from generate_series(1, %d) n""".formatted(INVOICES));
            statement.execute("""
                    insert into invoice (account, period, currency, status, year, number, customer, issued_on, due_on, subtotal,
                                         credits, tax, total, amount_due)
                    select a.id, date '2026-10-01', 'USD', 'OPEN', 2026,
                           '2026-' || lpad((row_number() over ())::text, 6, '0'),
                           jsonb_build_object('name', name, 'email', email, 'taxId', '', 'card', '', 'address',
                               jsonb_build_object('line1', '', 'line2', '', 'city', '', 'state', '', 'postalCode', '',
                                                  'country', '')),
                           date '2026-11-01', date '2026-11-08', 10, 0, 0, 10, 10
                      from account a""");
            statement.execute("""
                    insert into usage_file (name, format, started_at, ended_at, lines, accepted, records)
                    select 'HTTP ' || n, 'NDJSON', '2026-10-03', '2026-10-03', 1, 1, 1
                      from generate_series(1, %d) n""".formatted(FILES));
            statement.execute("analyze");
        }
    }
}
