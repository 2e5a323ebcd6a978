package io.postpaid.events;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.support.Killed;
import io.postpaid.support.TestDatabase;
import java.io.IOException;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Whatever fails and dies, each event arrives, under one id, and those of an account in their order. */
class EventOrderTest {
    private static final int ACCOUNTS = 8;
    private static final int WRITERS = 3;
    private static final int TRANSACTIONS = 40;
    private static final int DELIVERERS = 3;
    private static final Duration SHORT = Duration.ofMillis(250);
    private static final Duration NEVER_OFF = Duration.ofDays(100_000);

    private final DataSource database = TestDatabase.createDataSource();
    private final JdbcClient jdbc = JdbcClient.create(database);
    private final BillingClock clock = new BillingClock(Instant.parse("2026-11-01T08:00:00Z"));

    @BeforeEach
    void accounts() {
        for (int n = 0; n < ACCOUNTS; n++) {
            jdbc.sql("""
                            insert into account (id, name, email, currency, monthly_limit, free_credit, created_on)
                            values (:id, 'A', 'a@a.test', 'USD', 0, 0, date '2026-01-01')""").param("id", "a" + n).update();
        }
    }

    /** Raises the limits of some accounts by one in one transaction, so that each account's events count up. */
    private void write(Random random) throws SQLException {
        try (var connection = database.getConnection()) {
            connection.setAutoCommit(false);
            var some = random.ints(0, ACCOUNTS)
                    .limit(1 + random.nextInt(3))
                    .distinct()
                    .sorted()
                    .toArray();
            for (int n : some) {
                raise(connection, n);
                LockSupport.parkNanos(random.nextInt(3_000_000));
            }
            if (random.nextInt(5) == 0) connection.rollback();
            else connection.commit();
        }
    }

    /** @return how many transactions there were */
    private Integer writeMany(long seed) throws SQLException {
        var random = new Random(seed);
        for (int i = 0; i < TRANSACTIONS; i++) write(random);
        return TRANSACTIONS;
    }

    private static void raise(Connection connection, int account) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("update account set monthly_limit = monthly_limit + 1 where id = 'a" + account + "'");
        }
    }

    private static LongStream seeds() {
        return LongStream.rangeClosed(1, Math.min(4, Long.getLong("seeds", 2)));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void nothingIsLostDoubledOrOutOfOrder(long seed) throws Exception {
        var tried = new AtomicInteger();
        try (var receiver =
                        new EventReceiver().answering(call -> fail(call, new Random(seed + tried.incrementAndGet())));
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var writers = all(threads::submit, WRITERS, n -> writeMany(seed * 31 + n));
            var kills = all(
                    threads::submit,
                    DELIVERERS,
                    n -> deliverAndDie(receiver.url(), new Random(seed * 37 + n), writers));
            int killed = 0;
            for (var one : kills) killed += one.get();
            assertThat(killed).as("killed").isGreaterThan(3);
            assertThat(receiver.got().size() - receiver.taken().size())
                    .as("failed")
                    .isGreaterThan(20);
            assertThat(receiver.taken()).as("taken").hasSizeGreaterThan(100);
            prove(receiver.taken());
        }
    }

    /** A third fails: by its answer, without one, or too late. */
    private static void fail(EventReceiver.Call call, Random random) throws IOException {
        switch (random.nextInt(12)) {
            case 0 -> call.answer(500, "broken");
            case 1 -> call.answer(302, "elsewhere");
            case 2 -> call.hangUp();
            case 3 -> {
                LockSupport.parkNanos(SHORT.multipliedBy(2).toNanos());
                call.hangUp();
            }
            default -> call.answer(204, "");
        }
    }

    private static <T> List<Future<T>> all(
            java.util.function.Function<Callable<T>, Future<T>> start, int count, Numbered<T> work) {
        return IntStream.range(0, count)
                .mapToObj(n -> start.apply(() -> work.of(n)))
                .toList();
    }

    @FunctionalInterface
    private interface Numbered<T> {
        T of(int n) throws Exception;
    }

    /** @return how often it was killed */
    private int deliverAndDie(String url, Random random, List<Future<Integer>> writers) throws Exception {
        int killed = 0;
        while (true) {
            boolean written = writers.stream().allMatch(Future::isDone);
            try (var deliverer = new Deliverer(database, url, clock, SHORT, NEVER_OFF)) {
                if (!written || random.nextInt(4) > 0) deliverer.crashes.killAfter(5 + random.nextInt(300));
                try {
                    deliverer.events.deliver();
                } catch (RuntimeException | Killed e) {
                    assertThat(deliverer.crashes.dead()).as("%s", e).isTrue();
                    killed++;
                }
            }
            if (written && waiting() == 0) return killed;
            clock.setTo(clock.instant().plus(Duration.ofHours(5)));
        }
    }

    private long waiting() {
        return jdbc.sql("select count(*) from outgoing_event where state <> 'DELIVERED'")
                .query(Long.class)
                .single();
    }

    private void prove(List<EventReceiver.Got> taken) {
        var first = new LinkedHashMap<String, EventReceiver.Got>();
        for (var got : taken) {
            var known = first.putIfAbsent(got.id(), got);
            if (known != null) assertThat(got.body()).isEqualTo(known.body());
        }
        var positions = first.values().stream()
                .collect(groupingBy(
                        EventReceiver.Got::account,
                        mapping(got -> got.json().get("position").asLong(), toList())));
        positions.values().forEach(of -> assertThat(of).isSorted());
        assertThat(positions.values().stream().flatMap(List::stream).sorted())
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, first.size()).boxed().toList());
        var limits = new HashMap<String, List<BigDecimal>>();
        for (var got : first.values()) {
            if (got.json().get("type").asString().equals("limit.changed"))
                limits.computeIfAbsent(got.account(), of -> new ArrayList<>())
                        .add(new BigDecimal(got.json().at("/data/monthly_limit").asString()));
        }
        for (int n = 0; n < ACCOUNTS; n++) {
            var now = jdbc.sql("select monthly_limit from account where id = :id")
                    .param("id", "a" + n)
                    .query(BigDecimal.class)
                    .single();
            assertThat(limits.getOrDefault("a" + n, List.of()))
                    .usingElementComparator(BigDecimal::compareTo)
                    .containsExactlyElementsOf(LongStream.rangeClosed(1, now.longValueExact())
                            .mapToObj(BigDecimal::valueOf)
                            .toList());
        }
    }

    @Test
    void whoReadsTheFeedMissesNothingOfATransactionThatIsStillOpen() throws SQLException {
        try (var deliverer = new Deliverer(database, "", clock, SHORT, NEVER_OFF);
                var open = database.getConnection();
                var other = database.getConnection()) {
            var read = new ArrayList<>(deliverer.events.after(0, null, 1_000));
            open.setAutoCommit(false);
            raise(open, 0);
            raise(other, 1);
            read.addAll(next(deliverer, read));
            assertThat(read.getLast().account()).isEqualTo("a1");
            raise(other, 2);
            open.commit();
            read.addAll(next(deliverer, read));
            assertThat(read.stream().map(Event::position))
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, ACCOUNTS + 3).boxed().toList());
            assertThat(read.stream().skip(ACCOUNTS).map(Event::account)).containsExactly("a1", "a0", "a2");
        }
    }

    private static List<Event> next(Deliverer deliverer, List<Event> read) {
        return deliverer.events.after(read.isEmpty() ? 0 : read.getLast().position(), null, 2);
    }

    @Test
    void severalReadersOfTheFeedAllReadTheSameWhileItIsWritten() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var writers = all(threads::submit, WRITERS, n -> writeMany(n));
            var readers = all(threads::submit, 3, n -> readAll(writers));
            var first = readers.getFirst().get();
            for (var reader : readers) assertThat(reader.get()).isEqualTo(first);
            assertThat(first)
                    .hasSize(jdbc.sql("select count(*) from outgoing_event")
                            .query(Integer.class)
                            .single());
        }
    }

    private Map<Long, String> readAll(List<Future<Integer>> writers) {
        var read = new LinkedHashMap<Long, String>();
        try (var deliverer = new Deliverer(database, "", clock, SHORT, NEVER_OFF)) {
            long at = 0;
            while (true) {
                boolean written = writers.stream().allMatch(Future::isDone) && unnumbered() == 0;
                var page = deliverer.events.after(at, null, 7);
                for (var event : page) {
                    assertThat(event.position()).isEqualTo(++at);
                    read.put(event.position(), event.id());
                }
                if (written && page.isEmpty()) return read;
            }
        }
    }

    private long unnumbered() {
        return jdbc.sql("select count(*) from outgoing_event where state = 'WRITTEN'")
                .query(Long.class)
                .single();
    }
}
