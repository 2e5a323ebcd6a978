package io.postpaid.bench;

import io.postpaid.account.Accounts;
import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.platform.home.Home;
import io.postpaid.pricing.pricebook.PriceBooks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The product on a database and a home of its own, with accounts and prices and no usage. */
final class World implements AutoCloseable {
    private final ConfigurableApplicationContext context;
    private final Runnable drop;
    final JdbcClient jdbc;
    private long runs;

    World(ConfigurableApplicationContext context, Runnable drop, int accounts) throws IOException {
        this.context = context;
        this.drop = drop;
        this.jdbc = get(JdbcClient.class);
        var home = get(Home.class).path();
        get(PriceBooks.class).importFile(Files.writeString(home.resolve("prices.yaml"), SeededMonth.PRICES));
        get(Accounts.class).importFile(Files.writeString(home.resolve("accounts.csv"), customers(accounts, 20, "")));
    }

    /** @param card what their usage is charged to, or empty */
    static String customers(int accounts, int credit, String card) {
        return "id,name,email,line1,line2,city,state,postal_code,country,tax_id,currency,monthly_limit,free_credit,"
                + "payment_method,created_on\n"
                + IntStream.range(0, accounts)
                        .mapToObj(n ->
                                "%s,Customer %d Ltd,c%d@example.com,%d Main Street,,Springfield,IL,62701,US,,USD,1000000,%d,%s,2025-01-01"
                                        .formatted(SeededMonth.account(n), n, n, n, credit, card))
                        .collect(Collectors.joining("\n"));
    }

    <T> T get(Class<T> type) {
        return context.getBean(type);
    }

    /** Where it is served, over HTTP and on this machine only. */
    int port() {
        return Objects.requireNonNull(((WebServerApplicationContext) context).getWebServer())
                .getPort();
    }

    void at(LocalDate day) {
        get(BillingClock.class).setTo(day.atTime(8, 0).toInstant(ZoneOffset.UTC));
    }

    /** After it, the first change of a page puts all of it into the log. */
    void checkpoint() {
        jdbc.sql("do $$ begin if pg_has_role('pg_checkpoint', 'usage') then execute 'checkpoint'; end if; end $$")
                .update();
    }

    /** Runs steps of a job as the job does, and tells how long each took. */
    Map<String, Long> steps(String job, LocalDate date, List<String> beans) throws Exception {
        var steps =
                beans.stream().map(bean -> context.getBean(bean, Step.class)).toList();
        var builder = new JobBuilder(job, get(JobRepository.class)).start(steps.getFirst());
        for (var step : steps.subList(1, steps.size())) builder = builder.next(step);
        var execution = get(JobOperator.class)
                .start(
                        builder.build(),
                        new JobParametersBuilder()
                                .addLocalDate("date", date, true)
                                .addLong("n", ++runs, true)
                                .toJobParameters());
        if (execution.getStatus() != BatchStatus.COMPLETED) {
            throw new IllegalStateException(
                    "The " + job + " steps of the bench failed: " + execution.getAllFailureExceptions());
        }
        return execution.getStepExecutions().stream()
                .filter(step -> !step.getStepName().contains(":"))
                .collect(Collectors.toMap(StepExecution::getStepName, World::nanos));
    }

    private static long nanos(StepExecution step) {
        return Duration.between(Objects.requireNonNull(step.getStartTime()), Objects.requireNonNull(step.getEndTime()))
                .toNanos();
    }

    /** COPY to or from a file, in one stream and one transaction. */
    void copy(String statement, Path file) throws SQLException, IOException {
        try (var connection = get(DataSource.class).getConnection()) {
            var copy = connection.unwrap(PGConnection.class).getCopyAPI();
            if (statement.endsWith("to stdout (format binary)")) {
                try (var out = Files.newOutputStream(file)) {
                    copy.copyOut(statement, out);
                }
            } else {
                try (var in = Files.newInputStream(file)) {
                    copy.copyIn(statement, in, 1 << 16);
                }
            }
        }
    }

    long databaseSize() {
        return jdbc.sql("select pg_database_size(current_database())")
                .query(Long.class)
                .single();
    }

    @Override
    public void close() {
        var home = get(Home.class).path();
        context.close();
        drop.run();
        try (var files = Files.walk(home)) {
            for (var file : files.sorted(java.util.Comparator.reverseOrder()).toList()) Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
