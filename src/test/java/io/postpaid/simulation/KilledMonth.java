package io.postpaid.simulation;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.platform.home.Home;
import io.postpaid.sandbox.Sandbox;
import io.postpaid.support.Operator;
import io.postpaid.support.Operator.Running;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The same month, billed by processes that are killed and without a kill, and how the two are told apart. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class KilledMonth {
    static final int ACCOUNTS = 60;
    /** More than are committed at once, so that a file is broken off in its middle. */
    static final int RECORDS = Integer.getInteger("records", 60_000);

    static final int KILLS = Integer.getInteger("kills", 2);
    static final int KILLS_IN_TROUBLE = KILLS - KILLS / 2;
    static final int TROUBLE_PERCENT = 20;
    static final String NOW = "2026-11-01T08:30:00Z";
    static final Instant OCTOBER = Instant.parse("2026-10-01T00:00:00Z");
    static final String[] INGEST = {"usage", "ingest", "../usage.ndjson", "--json"};
    static final String[] NIGHTLY = {"run", "nightly", "--date", "2026-11-01"};
    static final String[] MONTHLY = {"run", "monthly", "--period", "2026-10"};

    static final String PRICES = """
            currency: USD
            products:
              audio: {unit: second, listed_per: 60, listed_unit: minute}
              image: {unit: image}
            prices:
              - {product: audio, effective_from: 2026-01-01, amount: "0.0639", per: 60}
              - {product: audio, effective_from: 2026-10-15, amount: "0.071", per: 60}
              - {product: image, effective_from: 2026-01-01, amount: "0.00204"}
            """;

    final long seed = Long.getLong("seed", ThreadLocalRandom.current().nextLong(1_000_000));
    final Random random = new Random(seed);
    final List<Operator> operators = new ArrayList<>();

    Path folder;
    Operator imported;
    Operator closed;
    Length nightly;
    Length monthly;
    JsonNode tieOut;
    List<String> rated;
    Month reference;

    /** How long a command takes to begin its work, and then to do it. */
    record Length(Duration start, Duration work) {}

    /** What came out of a month, for people and for the outside. */
    record Month(
            List<String> books,
            List<String> invoices,
            List<String> charges,
            List<String> notices,
            List<String> mails) {}

    @BeforeAll
    void billWithoutAKill(@TempDir Path temporary) throws Exception {
        folder = temporary;
        Files.writeString(folder.resolve("prices.yaml"), PRICES);
        Files.writeString(folder.resolve("accounts.csv"), accounts());
        Files.write(folder.resolve("usage.ndjson"), (Iterable<String>) usage(new Random(20261101))::iterator);
        imported = operator(new Operator(folder.resolve("imported"), NOW));
        imported.must("prices", "import", "../prices.yaml");
        imported.must("accounts", "import", "../accounts.csv");

        var untroubled = operator(imported.copyTo(folder.resolve("untroubled")));
        tieOut = untroubled.must(INGEST).json();
        nightly = measured(untroubled, NIGHTLY);
        rated = rated(untroubled.jdbc());
        closed = operator(untroubled.copyTo(folder.resolve("closed")));

        monthly = measured(untroubled, MONTHLY);
        reference = month(untroubled);
        assertThat(reference.invoices()).hasSizeGreaterThan(ACCOUNTS / 2);
        assertThat(reference.charges()).anyMatch(charge -> charge.contains("succeeded"));
        assertThat(reference.charges()).anyMatch(charge -> charge.contains("failed"));
        assertNumbersWithoutGap(untroubled);
    }

    @AfterEach
    void nobodyIsLeftRunning() throws IOException {
        for (var operator : operators) operator.close();
    }

    // ---- killing

    /**
     * Draws moments over the whole length of a run, and kills it when it got to each, going on in between.
     *
     * @return how often it was killed before it ended
     */
    int killRuns(Operator operator, String[] command, Length length, int most) {
        long[] moments = LongStream.generate(() -> part(length.work()).toNanos())
                .limit(most)
                .sorted()
                .toArray();
        // A run may take less time than when it was measured: one kill hits it.
        moments[0] = Math.min(moments[0], length.work().toNanos() / 2);
        for (int kill = 0; kill < most; kill++) {
            long before = runs(operator, command[1]);
            var running = goOn(operator, command);
            running.until(recorded(operator, command[1], before));
            if (!running.killAfter(Duration.ofNanos(moments[kill] - (kill == 0 ? 0 : moments[kill - 1]))))
                running.done();
            if (isCompleted(operator, command[1])) return kill;
        }
        return most;
    }

    /** What people type after a kill: one or the other, and the command itself while no run is known. */
    Running goOn(Operator operator, String... command) {
        var last = lastRun(operator, command[1]);
        return switch (last == 0 || isCompleted(operator, command[1]) ? 0 : random.nextInt(3)) {
            case 0 -> operator.start(command);
            case 1 -> operator.start("rerun", Long.toString(last));
            default -> operator.start("rerun", "--failed");
        };
    }

    Duration part(Duration whole) {
        return Duration.ofNanos(random.nextLong(Math.max(1, whole.toNanos())));
    }

    Length measured(Operator operator, String... command) {
        var running = operator.start(command);
        var start = running.until(recorded(operator, command[1], 0));
        running.done();
        return new Length(start, running.age().minus(start));
    }

    static BooleanSupplier recorded(Operator operator, String job, long before) {
        return () -> runs(operator, job) > before;
    }

    static long runs(Operator operator, String job) {
        return ask(operator, "select count(*) from run where job = :job", job);
    }

    static long lastRun(Operator operator, String job) {
        return ask(operator, "select coalesce(max(id), 0) from run where job = :job", job);
    }

    /** A kill may also come between the last commit and the command's answer. */
    static boolean isCompleted(Operator operator, String job) {
        return ask(operator, "select count(*) from run where job = :job and status = 'COMPLETED'", job) > 0;
    }

    static boolean isRead(Operator operator) {
        return ask(operator, "select count(*) from usage_file where ended_at is not null", "") == 1;
    }

    /** A number from the database; 0 while it does not run. */
    static long ask(Operator operator, String sql, String job) {
        try {
            return operator.jdbc().sql(sql).param("job", job).query(Long.class).single();
        } catch (UncheckedIOException | DataAccessException e) {
            return 0;
        }
    }

    /** A worker that is there. */
    Running worker(Operator operator) {
        long before = ask(operator, "select count(*) from worker", "");
        var worker = operator.start("worker");
        worker.until(() -> ask(operator, "select count(*) from worker", "") > before);
        return worker;
    }

    // ---- looking

    void assertKilledRunsAreShown(Operator operator, String job) throws IOException {
        var statuses = new ArrayList<String>();
        for (var run : operator.must("runs", "--json").json()) {
            if (run.get("job").asString().equals(job))
                statuses.add(run.get("status").asString());
        }
        assertThat(statuses)
                .as("seed %d", seed)
                .startsWith("COMPLETED")
                .isSorted()
                .containsOnly("COMPLETED", "FAILED");
        operator.letServerGo();
        operator.must("verify");
    }

    void assertNumbersWithoutGap(Operator operator) {
        var numbers = operator.jdbc()
                .sql("select number from invoice order by number")
                .query(String.class)
                .list();
        assertThat(numbers)
                .as("seed %d", seed)
                .containsExactlyElementsOf(IntStream.rangeClosed(1, numbers.size())
                        .mapToObj("2026-%06d"::formatted)
                        .toList());
    }

    static List<String> rated(JdbcClient jdbc) {
        return rows(
                jdbc,
                "select account, product, sum(quantity), count(*), min(occurred_at), max(occurred_at) from usage_record group by 1, 2",
                "select account, product, day, period, quantity, records, rated from daily_usage",
                "select account, product, day, price, tier, quantity, amount from daily_cost",
                "select account, period, cost, credits, accrued from monthly_cost",
                "select account, kind, amount, used from credit_grant",
                "select account, kind, debit, credit, sum(amount), period from posting where invoice is null group by 1, 2, 3, 4, 6",
                "select name, lines, accepted, duplicates, quarantined, ended_at is null from usage_file",
                "select line, reason, raw from usage_quarantine");
    }

    static Month month(Operator operator) throws Exception {
        var jdbc = operator.jdbc();
        var documents = new Home(operator.home()).documents();
        for (var pdf : rows(jdbc, "select sha256, file from invoice_document")) {
            var written = pdf.split("\\|");
            assertThat(sha256(documents.resolve(written[1]))).isEqualTo(written[0]);
        }
        var books = new ArrayList<>(rated(jdbc));
        books.addAll(rows(
                jdbc,
                "select account, kind, debit, credit, amount, period from posting",
                "select number, kind, s.amount from settlement s join invoice i on i.id = s.invoice",
                "select number, n, a.status, amount_minor from payment_attempt a join invoice i on i.id = a.invoice where a.status <> 'NOT_EXECUTED'",
                "select account, reason from invoice_hold"));
        return new Month(
                books,
                rows(
                        jdbc,
                        "select to_jsonb(i) - 'id', file, sha256 from invoice i left join invoice_document d on d.invoice = i.id",
                        "select number, to_jsonb(l) - 'invoice' from invoice_line l join invoice i on i.id = l.invoice"),
                charges(operator),
                rows(jdbc, "select kind, key, recipient, status, message_id from notice"),
                mails(operator.home().resolve("sandbox/mail")));
    }

    static List<String> rows(JdbcClient jdbc, String... queries) {
        return Arrays.stream(queries)
                .flatMap(sql -> jdbc
                        .sql(sql)
                        .query((row, n) -> IntStream.rangeClosed(
                                        1, row.getMetaData().getColumnCount())
                                .mapToObj(column -> text(row, column))
                                .collect(joining("|")))
                        .list()
                        .stream()
                        .sorted())
                .toList();
    }

    static String text(java.sql.ResultSet row, int column) {
        try {
            return String.valueOf(row.getString(column));
        } catch (java.sql.SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Every charge that the stand-in knows of, also those that only it knows. */
    static List<String> charges(Operator operator) throws Exception {
        var charges = new ArrayList<String>();
        try (var sandbox = Sandbox.start(operator.home().resolve("sandbox"), () -> Instant.parse(NOW));
                var http = HttpClient.newHttpClient()) {
            var behind = "";
            JsonNode page;
            do {
                var address = sandbox.stripeBase() + "/v1/charges?limit=100" + behind;
                var request = HttpRequest.newBuilder(URI.create(address)).header("Authorization", "Bearer sk_test_x");
                page = JsonMapper.shared()
                        .readTree(http.send(request.build(), BodyHandlers.ofString())
                                .body());
                for (var charge : page.get("data")) {
                    charges.add(charge.at("/metadata/invoice").asString() + " "
                            + charge.get("status").asString() + " " + charge.get("amount"));
                    behind = "&starting_after=" + charge.get("id").asString();
                }
            } while (page.get("has_more").asBoolean());
        }
        return charges.stream().sorted().toList();
    }

    static List<String> mails(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            var names = files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.startsWith("."))
                    .sorted()
                    .toList();
            assertThat(names).noneMatch(name -> name.contains("~"));
            return names;
        }
    }

    static String sha256(Path file) throws IOException, NoSuchAlgorithmException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }

    // ---- the month

    Operator operator(Operator operator) {
        operators.add(operator);
        return operator;
    }

    /** Some without a card, some that decline in one way or the other, some with more credit than they use. */
    static String accounts() {
        return IntStream.range(0, ACCOUNTS)
                .mapToObj(n -> "a%02d,Customer %d,c%d@example.com,US,USD,%s,%s"
                        .formatted(n, n, n, n % 6 == 0 ? "100000" : n % 6 == 1 ? "" : "0", card(n)))
                .collect(joining("\n", "id,name,email,country,currency,free_credit,payment_method\n", "\n"));
    }

    static String card(int account) {
        return switch (account % 10) {
            case 3 -> "";
            case 5 -> "pm_card_chargeCustomerFail";
            case 7 -> "pm_card_visa_chargeDeclinedLostCard";
            default -> "pm_card_visa";
        };
    }

    /** The last few accounts use next to nothing: less than can be charged. Each 500th line cannot be billed. */
    static Stream<String> usage(Random random) {
        return IntStream.range(0, RECORDS).mapToObj(n -> {
            if (n % 500 == 499) return "{\"id\":\"torn";
            boolean tiny = n % (RECORDS / 5) == 0;
            int account = tiny ? ACCOUNTS - 1 - random.nextInt(4) : random.nextInt(ACCOUNTS - 4);
            var at = OCTOBER.plusSeconds(random.nextLong(31 * 86_400));
            var product = tiny || random.nextInt(3) == 0 ? "image" : "audio";
            return "{\"id\":\"r%d\",\"account\":\"a%02d\",\"product\":\"%s\",\"quantity\":\"%d\",\"occurred_at\":\"%s\"}"
                    .formatted(n - (n % 100 == 42 ? 1 : 0), account, product, 1 + random.nextInt(60), at);
        });
    }
}
