package io.postpaid.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postpaid.account.Accounts;
import io.postpaid.books.report.Verification;
import io.postpaid.platform.batch.RunFailedException;
import io.postpaid.platform.batch.RunHistory;
import io.postpaid.platform.batch.Runs;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.pricing.pricebook.PriceBooks;
import io.postpaid.support.TestApplication;
import io.postpaid.support.TestDatabase;
import io.postpaid.usage.intake.Ingestion;
import io.postpaid.web.key.ApiKeys;
import io.postpaid.web.key.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who waits for whom, and for how long: decision 0076. */
class LocksTest {
    private static final Instant NOW = Instant.parse("2026-11-01T07:00:00Z");
    private static final int ACCOUNTS = 30;

    @TempDir
    private Path folder;

    private Path accounts(String name) throws IOException {
        return Files.writeString(
                folder.resolve("accounts.csv"),
                IntStream.range(0, ACCOUNTS)
                        .mapToObj(n -> "a%d,%s %d,a%d@acme.test,0,pm_card_visa".formatted(n, name, n, n))
                        .collect(Collectors.joining("\n", "id,name,email,free_credit,payment_method\n", "\n")));
    }

    private void prepare(TestApplication application) throws IOException {
        application.get(PriceBooks.class).importFile(Files.writeString(folder.resolve("prices.yaml"), """
                currency: USD
                products:
                  calls: {unit: call}
                prices:
                  - {product: calls, effective_from: 2026-01-01, amount: "1"}
                """));
        application.get(Accounts.class).importFile(accounts("Acme"));
    }

    private Path usage(String name, String day) throws IOException {
        return Files.writeString(
                folder.resolve(name),
                IntStream.range(0, ACCOUNTS)
                        .mapToObj(
                                n -> ("{\"id\":\"%s-%d\",\"account\":\"a%d\",\"product\":\"calls\",\"quantity\":\"7\","
                                                + "\"occurred_at\":\"%sT00:00:00Z\"}")
                                        .formatted(name, n, n, day))
                        .collect(Collectors.joining("\n", "", "\n")));
    }

    private static Connection other(TestApplication application, String sql) throws SQLException {
        var connection = application.get(DataSource.class).getConnection();
        connection.setAutoCommit(false);
        execute(connection, sql);
        return connection;
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void letGo(Connection connection) throws SQLException {
        connection.rollback();
        connection.setAutoCommit(true);
        connection.close();
    }

    private static void untilSomebodyWaits(TestApplication application) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> application.jdbc().sql("""
                        select exists (select from pg_stat_activity
                                        where datname = current_database() and wait_event_type = 'Lock')""").query(Boolean.class).single());
    }

    @Test
    void aWaitThatCannotBeRightEndsAndOnlyAFileMayWaitLonger() throws Exception {
        try (var application = new TestApplication(folder.resolve("home"), NOW)) {
            prepare(application);
            application.get(Ingestion.class).ingest(usage("october", "2026-10-03"), null, _ -> {});
            // Whichever connection of the pool it is.
            for (int i = 0; i < 20; i++) {
                assertThat(application.jdbc().sql("""
                        select current_setting('lock_timeout') || ', ' ||
                               current_setting('idle_in_transaction_session_timeout')""").query(String.class).single())
                        .isEqualTo("1min, 1h");
            }
        }
    }

    @Test
    void aCallerOfTheGateIsRefusedRatherThanKeptWaiting() throws Exception {
        try (var application = TestApplication.serving(folder.resolve("home"), NOW, Map.of())) {
            prepare(application);
            var caller = application.http(application
                    .get(ApiKeys.class)
                    .ofAccount("a1", "", Role.GATE)
                    .secret());
            var call = "{\"product\":\"calls\",\"quantity\":\"1\"}";
            caller.post("/v1/authorizations", call, Map.of("Idempotency-Key", "1"))
                    .is(201);
            var rating = other(application, "select from gate_balance for update");
            long began = System.nanoTime();
            caller.post("/v1/authorizations", call, Map.of("Idempotency-Key", "2"))
                    .is(503, "UNAVAILABLE");
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(30));
            letGo(rating);
            caller.post("/v1/authorizations", call, Map.of("Idempotency-Key", "2"))
                    .is(201);
        }
    }

    @Test
    void anImportDoesNotStandInTheWayOfWhoHasLockedAnAccount() throws Exception {
        try (var application = new TestApplication(folder.resolve("home"), NOW);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            prepare(application);
            var file = accounts("Bolt");
            var payment = other(application, "select from account where id = 'a7' for no key update");
            var imported = threads.submit(
                    () -> application.get(Accounts.class).importFile(file).updated());
            untilSomebodyWaits(application);
            execute(
                    payment,
                    "set local lock_timeout = '100ms'; update account set stripe_customer = 'cus_1' where id = 'a7'");
            payment.commit();
            letGo(payment);
            assertThat(imported.get()).isEqualTo(ACCOUNTS);
            assertThat(application.get(Accounts.class).get("a7"))
                    .extracting("name", "stripeCustomer")
                    .containsExactly("Bolt 7", "cus_1");
        }
    }

    @Test
    void twoServersAndACommandBillAMonthOnceWhileItsDocumentsAreFetched() throws Exception {
        var database = TestDatabase.create();
        var home = folder.resolve("shared").toString();
        try (var one = serving("one", NOW, Map.of("spring.datasource.url", database, "POSTPAID_HOME", home))) {
            var shared = Map.of(
                    "spring.datasource.url",
                    database,
                    "POSTPAID_HOME",
                    home,
                    "STRIPE_API_BASE",
                    one.sandbox().stripeBase());
            try (var two = serving("two", NOW, shared);
                    var command = serving("command", NOW, shared);
                    var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                prepare(one);
                one.get(Ingestion.class).ingest(usage("october", "2026-10-03"), null, _ -> {});
                one.get(Runs.class).nightly(LocalDate.parse("2026-11-01"));

                var monthly = threads.submit(() -> one.get(Runs.class).monthly(BillingPeriod.parse("2026-10")));
                await().atMost(Duration.ofMinutes(2))
                        .until(() -> monthly.isDone() || !numbers(two).isEmpty());
                assertThat(refused(command)).isIn("", "A run is in progress");
                command.get(Ingestion.class).ingest(usage("late", "2026-10-04"), null, _ -> {});
                while (!monthly.isDone()) assertThat(fetched(two)).containsOnly(200);
                assertThat(monthly.get().status()).isEqualTo("COMPLETED");
                assertThat(fetched(two)).hasSize(ACCOUNTS).containsOnly(200);
                one.get(RunHistory.class)
                        .each(run -> assertThat(run.completed()).isTrue());
                assertThat(one.jdbc()
                                .sql("select distinct status from invoice")
                                .query(String.class)
                                .list())
                        .containsExactly("PAID");
                assertThat(one.get(Verification.class).run())
                        .filteredOn(check -> !check.holds())
                        .isEmpty();
                try (var files = Files.walk(Path.of(home, "documents"))) {
                    assertThat(files.filter(Files::isRegularFile)
                                    .map(file -> file.getFileName().toString()))
                            .hasSize(ACCOUNTS)
                            .allMatch(name -> name.endsWith(".pdf"));
                }
            }
        }
    }

    private TestApplication serving(String name, Instant now, Map<String, String> settings) {
        return TestApplication.serving(folder.resolve(name), now, settings);
    }

    /** A run beside another one is refused at once, and waits for nothing. */
    private static String refused(TestApplication command) {
        try {
            command.get(Runs.class).nightly(LocalDate.parse("2026-11-01"));
            return "";
        } catch (RunFailedException.InProgress e) {
            return "A run is in progress";
        }
    }

    private static List<String> numbers(TestApplication application) {
        return application
                .jdbc()
                .sql("select number from invoice where number is not null order by number")
                .query(String.class)
                .list();
    }

    private static List<Integer> fetched(TestApplication server) {
        return numbers(server).stream()
                .map(number -> server.http(key(server, number))
                        .get("/v1/invoices/" + number + "/pdf")
                        .status())
                .toList();
    }

    private static String key(TestApplication application, String number) {
        var account = application
                .jdbc()
                .sql("select account from invoice where number = :number")
                .param("number", number)
                .query(String.class)
                .single();
        return application.get(ApiKeys.class).ofAccount(account, "").secret();
    }
}
