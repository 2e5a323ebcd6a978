package io.postpaid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.support.Operator;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What grows with the number of files, accounts and invoices is read and written row by row, not held in memory. With
 * {@code -Dfiles=1000000 -Dinvoices=200000 -Darray=10000 -Dheap=128m} it takes minutes.
 */
class HeapTest {
    private static final Logger LOG = LoggerFactory.getLogger(HeapTest.class);
    private static final int FILES = Integer.getInteger("files", 60_000);
    private static final int INVOICES = Integer.getInteger("invoices", 15_000);
    private static final int ARRAY_MB = Integer.getInteger("array", 100);
    private static final String SMALL = System.getProperty("heap", "44m");
    /** A few batches of lines on top. */
    private static final String WITH_LINES = System.getProperty("heap", "80m");

    @TempDir
    private Path folder;

    @Test
    void manyFilesAndInvoicesFitIntoASmallHeap() throws Exception {
        try (var operator = new Operator(folder.resolve("home"), "2026-11-01T10:00:00Z")) {
            // The first command unpacks the database server, which takes more than all that follow.
            operator.start(List.of("-XX:TieredStopAtLevel=1", "-Xmx384m"), "runs")
                    .done();
            long begun = System.nanoTime();
            plant(operator.database());
            LOG.info("planting took {}", Duration.ofNanos(System.nanoTime() - begun));

            var invoices = run(operator, SMALL, "invoices", "list", "--period", "2026-10", "--json");
            assertThat(occurrences(invoices, "\"number\" : ")).isEqualTo(INVOICES);
            assertThat(lines(run(operator, SMALL, "accounts", "list"))).isEqualTo(INVOICES + 1);
            run(operator, SMALL, "report", "--period", "2026-10", "--out", folder + "/report");
            assertThat(lines(folder.resolve("report/usage-tie-out.csv"))).isEqualTo(FILES + 2);
        }
    }

    /** A gateway's log of a month is one array: it is read row by row, and rows that are nobody's are only counted. */
    @Test
    void anArrayIsReadInLessMemoryThanItHas() throws Exception {
        var log = folder.resolve("kong.json.gz");
        var row = """
                {"request":{"method":"GET","uri":"/health","size":"60"},"response":{"status":200,"size":"2"},"client_ip":"192.0.2.8","started_at":1790928000999},
                """;
        try (var out = new OutputStreamWriter(
                new GZIPOutputStream(Files.newOutputStream(log), 1 << 16), StandardCharsets.UTF_8)) {
            out.write('[');
            for (int i = 0; i < ARRAY_MB * 1_000_000L / row.length(); i++) out.write(row);
            out.write("""
                    {"request":{"uri":"/v1/audio"},"response":{"status":200},"consumer":{"username":"nobody"},"started_at":1790928000425}]
                    """);
        }
        try (var operator = new Operator(folder.resolve("home"), "2026-11-01T10:00:00Z")) {
            operator.start(List.of("-XX:TieredStopAtLevel=1", "-Xmx384m"), "runs")
                    .done();
            var told = Files.readString(run(
                    operator, WITH_LINES, "usage", "ingest", "--mapping", "kong-http-log", log.toString(), "--json"));
            assertThat(told).contains("\"quarantined\" : 1", "\"left_out\" : " + ARRAY_MB * 1_000_000L / row.length());
        }
    }

    private static Path run(Operator operator, String heap, String... arguments) {
        var running = operator.start(
                List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx" + heap, "-XX:+ExitOnOutOfMemoryError"),
                arguments);
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
                    insert into invoice (account, period, currency, status, year, number, customer, issued_on, due_on, tax_point,
                                         subtotal, credits, tax, total, amount_due)
                    select a.id, date '2026-10-01', 'USD', 'OPEN', 2026,
                           '2026-' || lpad((row_number() over ())::text, 6, '0'),
                           jsonb_build_object('name', name, 'email', email, 'taxId', '', 'card', '', 'address',
                               jsonb_build_object('line1', '', 'line2', '', 'city', '', 'state', '', 'postalCode', '',
                                                  'country', '')),
                           date '2026-11-01', date '2026-11-08', date '2026-10-31', 10, 0, 0, 10, 10
                      from account a""");
            statement.execute("""
                    insert into usage_file (name, format, started_at, ended_at, lines, accepted, records)
                    select 'HTTP ' || n, 'NDJSON', '2026-10-03', '2026-10-03', 1, 1, 1
                      from generate_series(1, %d) n""".formatted(FILES));
            statement.execute("analyze");
        }
    }
}
