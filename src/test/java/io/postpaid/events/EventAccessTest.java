package io.postpaid.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.support.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What is told last of an account's access is how it stands, whatever has changed it. */
class EventAccessTest {
    private static final int CHANGES = 200;

    private final DataSource database = TestDatabase.createDataSource();
    private final JdbcClient jdbc = JdbcClient.create(database);
    private final BillingClock clock = new BillingClock(Instant.parse("2026-11-01T08:00:00Z"));
    private final Deliverer deliverer = new Deliverer(database, "", clock, Duration.ofSeconds(1), Duration.ofDays(5));
    private final Events events = deliverer.events;

    @BeforeEach
    void accounts() {
        jdbc.sql("""
                insert into account (id, name, email, currency, monthly_limit, free_credit, created_on, payment_method_wanted)
                values ('acme', 'A', 'a@a.test', 'USD', 10, 0, date '2026-01-01', 'pm_card_visa'),
                       ('beta', 'B', 'b@b.test', 'USD', 10, 0, date '2026-01-01', 'pm_card_visa')""").update();
        jdbc.sql("insert into account_balance (account, currency, owed) values ('acme', 'USD', 0), ('beta', 'USD', 0)")
                .update();
    }

    @AfterEach
    void close() {
        deliverer.close();
    }

    private List<String> told(String account) {
        return events.after(0, account, 1_000).stream()
                .filter(event -> event.access() != null)
                .map(event -> event.type() + " " + event.access())
                .toList();
    }

    @Test
    void callsThroughTheGateAndTimeCloseAndOpenAccessWithoutAnyChangeOfTheAccount() {
        assertThat(told("acme")).containsExactly("account.created ALLOWED");
        jdbc.sql("insert into product (id, unit, listed_unit) values ('calls', 'call', 'call')")
                .update();
        jdbc.sql("insert into usage_file (name, format, started_at) values ('gate 2026-11', 'gate', now())")
                .update();
        jdbc.sql("""
                insert into usage_arrival (file, account, product, day, quantity, records, free_quantity, free_records, gated, gate_charge)
                select id, 'acme', 'calls', '2026-11-01', 1, 1, 0, 0, true, 10 from usage_file""").update();
        events.look();
        events.look();
        assertThat(told("acme")).containsExactly("account.created ALLOWED", "access.changed MONTHLY_LIMIT_REACHED");

        jdbc.sql("update usage_arrival set gate_charge = 3").update();
        events.look();
        assertThat(told("acme")).endsWith("access.changed MONTHLY_LIMIT_REACHED", "access.changed ALLOWED");
        assertThat(told("beta")).containsExactly("account.created ALLOWED");
    }

    /** Each of two transactions sees the other's rows as they were before. */
    @Test
    void theLastWordIsRightOfTransactionsThatDoNotSeeEachOther() throws SQLException {
        jdbc.sql("update account_balance set owed = 5 where account = 'acme'").update();
        assertThat(told("acme")).endsWith("balance.changed PAYMENT_REQUIRED");
        try (var paying = database.getConnection();
                var lowering = database.getConnection();
                var pay = paying.createStatement();
                var lower = lowering.createStatement()) {
            paying.setAutoCommit(false);
            lowering.setAutoCommit(false);
            lower.execute("update account set monthly_limit = 0 where id = 'acme'");
            pay.execute("update account_balance set owed = 0 where account = 'acme'");
            lowering.commit();
            assertThat(told("acme")).endsWith("balance.changed PAYMENT_REQUIRED");
            paying.commit();
        }
        assertThat(told("acme")).endsWith("balance.changed MONTHLY_LIMIT_REACHED");
    }

    @Test
    void manyWhoChangeAndReadAtOnceLeaveTheTruthBehind() throws Exception {
        var changes = List.of(
                "update account set status = 'SUSPENDED' where id = ?",
                "update account set status = 'ACTIVE' where id = ?",
                "update account set paused = 'x' where id = ?",
                "update account set paused = '' where id = ?",
                "update account set monthly_limit = 0 where id = ?",
                "update account set monthly_limit = 10 where id = ?",
                "update account_balance set owed = 5 where account = ?",
                "update account_balance set owed = 0 where account = ?");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var working = new ArrayList<Future<?>>();
            for (int n = 0; n < 4; n++) {
                var random = new Random(n);
                working.add(threads.submit(() -> change(changes, random)));
            }
            while (!working.stream().allMatch(Future::isDone)) told("acme");
            for (var one : working) one.get();
        }
        for (var account : List.of("acme", "beta")) {
            var told = events.after(0, account, 1_000).stream()
                    .flatMap(event -> Stream.ofNullable(event.access()))
                    .toList();
            assertThat(told).hasSizeGreaterThan(3);
            for (int n = 1; n < told.size(); n++) assertThat(told.get(n)).isNotEqualTo(told.get(n - 1));
            assertThat(told.getLast())
                    .isEqualTo(jdbc.sql("select access_code(:account, '2026-11-01')")
                            .param("account", account)
                            .query(String.class)
                            .single());
        }
        assertThat(jdbc.sql("select broken from verify_events()")
                        .query(Long.class)
                        .single())
                .isZero();
    }

    private Integer change(List<String> changes, Random random) throws SQLException {
        for (int i = 0; i < CHANGES; i++) {
            try (var connection = database.getConnection();
                    var change = connection.prepareStatement(changes.get(random.nextInt(changes.size())))) {
                connection.setAutoCommit(false);
                change.setString(1, random.nextBoolean() ? "acme" : "beta");
                change.execute();
                if (random.nextInt(4) == 0) connection.rollback();
                else connection.commit();
            }
        }
        return CHANGES;
    }
}
