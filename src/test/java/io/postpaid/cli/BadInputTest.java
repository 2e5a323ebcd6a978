package io.postpaid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.support.CommandLine;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What people and the outside get wrong: it is told in one sentence, and nothing is lost or half done. */
class BadInputTest {
    private static final String CLOSED_PORT = "1";

    @TempDir
    private Path folder;

    private CommandLine postpaid() {
        return new CommandLine(folder.resolve("home")).at("2026-11-01T08:30:00Z");
    }

    @ParameterizedTest(name = "postpaid {0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            acounts list                    | Did you mean: postpaid accounts
            run nigthly --date 2026-11-01   | Did you mean: run nightly?
            run nightly --date 2026-02-30   | '2026-02-30' is not a day such as 2026-10-31
            run nightly --date 01.11.2026   | '01.11.2026' is not a day such as 2026-10-31
            mail resend ٣              | '٣' is not a number
            explain 2026-000001 --records ٣ | '٣' is not a number
            run nightly --date ٢٠٢٦-11-01 | is not a day such as 2026-10-31
            payments record 2026-000001 ٢٥ --reference r | is not an amount such as 250.00
            run monthly --period 2026-13    | '2026-13' is not a period such as 2026-10
            """)
    void wrongUseIsToldWithTheRightOne(String line, String told) {
        var answer = postpaid().run(line.split(" "));

        assertThat(answer.exitCode()).isEqualTo(2);
        assertThat(answer.err().lines()).hasSizeLessThanOrEqualTo(2);
        assertThat(answer.err()).contains(told).doesNotContain("\tat ", "Exception");
    }

    @ParameterizedTest(name = "postpaid {0}")
    @CsvSource(delimiter = '|', textBlock = """
            accounts import FOLDER          | is a directory: name a file
            prices import FOLDER            | is a directory: name a file
            usage ingest FOLDER             | directory
            accounts import FOLDER/none.csv | There is no file
            usage ingest FOLDER/none.ndjson | none.ndjson
            usage ingest --mapping FOLDER/none.yaml FOLDER/usage.ndjson | none.yaml
            usage ingest FOLDER/zip.gz      | zip.gz
            accounts import FOLDER/latin    | is not UTF-8 text: convert it to UTF-8
            accounts import FOLDER/nul      | it has a NUL character, and so is not text
            prices import FOLDER/nul        | it has a NUL character, and so is not text
            """)
    void aFileThatCannotBeReadIsNamed(String line, String told) throws IOException {
        Files.writeString(folder.resolve("zip.gz"), "this was never compressed");
        Files.write(folder.resolve("latin"), new byte[] {'i', 'd', ',', (byte) 0xfc, '\n'});
        Files.writeString(folder.resolve("nul"), "id,name,email\nac\0me,Acme,a@a.test\n");
        Files.writeString(folder.resolve("usage.ndjson"), "{}\n");
        var postpaid = postpaid();
        var answer = postpaid.run(line.replace("FOLDER", folder.toString()).split(" "));

        assertFailedInOneSentence(answer);
        assertThat(answer.err()).contains(told);
        assertThat(postpaid.must("accounts", "list", "--json").out()).isEqualToIgnoringWhitespace("[]");
    }

    @Test
    void aFileThatThisUserMayNotReadIsNamed() throws IOException {
        var file = Files.writeString(folder.resolve("accounts.csv"), "id,name,email\nacme,Acme,a@a.test\n");
        assertThat(file.toFile().setReadable(false)).isTrue();
        // Nothing is forbidden to root.
        if (Files.isReadable(file)) return;

        var answer = postpaid().run("accounts", "import", file.toString());
        assertFailedInOneSentence(answer);
        assertThat(answer.err()).contains(file + " cannot be read by this user");
    }

    @Test
    void aHomeThatIsAFileIsTold() throws IOException {
        var file = Files.writeString(folder.resolve("file"), "");

        var answer = postpaid().with("POSTPAID_HOME", file.toString()).run("run", "nightly", "--date", "2026-11-01");
        assertFailedInOneSentence(answer);
        assertThat(answer.err()).startsWith("POSTPAID_HOME is " + file + ", where nothing can be written");
    }

    @Test
    void aWrongPasswordIsToldWhereItIsSet() throws IOException, SQLException {
        try (var server =
                EmbeddedPostgres.builder().setServerConfig("fsync", "off").start()) {
            try (var connection = server.getPostgresDatabase().getConnection()) {
                execute(connection, "create role biller superuser login password 'right'");
                var rules = Path.of(ask(connection, "show hba_file"));
                Files.writeString(rules, "host all biller all scram-sha-256\n" + Files.readString(rules));
                execute(connection, "select pg_reload_conf()");
            }
            var postpaid = postpaid()
                    .with("spring.datasource.url", "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/postgres")
                    .with("spring.datasource.username", "biller")
                    .with("spring.datasource.hikari.connection-timeout", "1000");

            for (var password : List.of("wrong", "")) {
                var answer = postpaid.with("spring.datasource.password", password)
                        .run("run", "nightly", "--date", "2026-11-01");
                assertFailedInOneSentence(answer);
                assertThat(answer.err())
                        .contains("check SPRING_DATASOURCE_USERNAME and SPRING_DATASOURCE_PASSWORD")
                        .doesNotContain("wrong");
            }
            postpaid.with("spring.datasource.password", "right").must("run", "nightly", "--date", "2026-11-01");
        }
    }

    @Test
    void aMalformedAccountFileImportsNothing() throws IOException {
        var file = Files.writeString(folder.resolve("accounts.csv"), """
                id,name,email,monthly_limit,country
                acme,Acme,a@a.test,250,US
                beta,Beta,not an address,250,US
                acme,Acme again,c@c.test,many,US
                delta,Delta,d@d.test,250,Narnia
                """);
        var postpaid = postpaid();

        var answer = postpaid.run("accounts", "import", file.toString());
        assertThat(answer.exitCode()).isEqualTo(1);
        assertThat(answer.out()).isEmpty();
        var told = answer.err().lines().toList();
        assertThat(told.getFirst()).isEqualTo("Nothing was imported from " + file + ": 4 problems");
        assertThat(told).hasSize(5);
        assertThat(told.get(1)).contains("line 3", "email", "not an address");
        assertThat(told.subList(2, 4)).anyMatch(line -> line.contains("line 4") && line.contains("monthly_limit"));
        assertThat(told.subList(2, 4)).anyMatch(line -> line.contains("line 4") && line.contains("acme"));
        assertThat(told.get(4)).contains("line 5", "country", "Narnia");
        assertThat(postpaid.must("accounts", "list", "--json").out()).isEqualToIgnoringWhitespace("[]");
    }

    /** What is foreseen is one line of the log; a name of whatever bytes is one line of a table, and no wide one. */
    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void aHeldFileIsALineOfTheLogAndOfTheTable(CapturedOutput log) throws IOException {
        var inbox = Files.createDirectories(folder.resolve("home/inbox"));
        Files.writeString(inbox.resolve("broken\u0007\n" + "x".repeat(150) + ".gz"), "this was never compressed");
        var postpaid = postpaid();

        postpaid.must("run", "nightly", "--date", "2026-11-01");
        assertThat(log.getErr().lines().filter(line -> line.contains("is held")))
                .hasSize(1);
        assertThat(log.getErr()).doesNotContain("\tat ");

        var held = postpaid.must("held").out().lines().toList();
        assertThat(held).hasSize(2);
        assertThat(held.get(1)).contains("file broken··xxx", "x…  ").hasSizeLessThan(400);
        assertThat(postpaid.must("held", "--json").json().at("/0/item").asString())
                .endsWith("x".repeat(150) + ".gz");
    }

    @Test
    void aMonthlyRunThatCannotReachStripeGoesOnLater() throws IOException {
        var postpaid = rated();
        postpaid.with("STRIPE_API_KEY", "sk_test_x").with("STRIPE_API_BASE", "http://127.0.0.1:" + CLOSED_PORT);

        var answer = postpaid.run("run", "monthly", "--period", "2026-10");
        assertThat(answer.exitCode()).isEqualTo(1);
        assertThat(lastLine(answer))
                .contains("The monthly run 2026-10 failed", "does not answer", "./postpaid rerun ")
                .doesNotContain("Exception");
        assertFailedAndThenCompletes(postpaid.with("STRIPE_API_KEY", "").with("STRIPE_API_BASE", ""));
    }

    @Test
    void aMonthlyRunThatCannotMailGoesOnLater() throws IOException {
        var postpaid = rated();
        postpaid.with("spring.mail.host", "127.0.0.1").with("spring.mail.port", CLOSED_PORT);

        var answer = postpaid.run("run", "monthly", "--period", "2026-10");
        assertThat(answer.exitCode()).isEqualTo(1);
        assertThat(lastLine(answer))
                .contains(
                        "The monthly run 2026-10 failed",
                        "The mail server at 127.0.0.1:1 does not answer",
                        "3 mails stay queued",
                        "./postpaid rerun ")
                .doesNotContain("Exception");
        assertFailedAndThenCompletes(postpaid.with("spring.mail.host", "").with("spring.mail.port", "587"));
    }

    /** Three accounts with cards, each with USD 20.40 to be charged. */
    private CommandLine rated() throws IOException {
        var postpaid = postpaid();
        var prices = Files.writeString(folder.resolve("prices.yaml"), """
                currency: USD
                products: {image: {unit: image}}
                prices: [{product: image, effective_from: 2026-01-01, amount: "0.00204"}]
                """);
        var accounts = Files.writeString(folder.resolve("accounts.csv"), """
                id,name,email,free_credit,payment_method
                acme,Acme,a@a.test,0,pm_card_visa
                beta,Beta,b@b.test,0,pm_card_visa
                gamma,Gamma,c@c.test,0,pm_card_visa
                """);
        var usage = Files.writeString(folder.resolve("usage.csv"), """
                id,account,product,quantity,occurred_at
                1,acme,image,10000,2026-10-05T00:00:00Z
                2,beta,image,10000,2026-10-05T00:00:00Z
                3,gamma,image,10000,2026-10-05T00:00:00Z
                """);
        postpaid.must("prices", "import", prices.toString());
        postpaid.must("accounts", "import", accounts.toString());
        postpaid.must("usage", "ingest", usage.toString());
        postpaid.must("run", "nightly", "--date", "2026-11-01");
        return postpaid;
    }

    private void assertFailedAndThenCompletes(CommandLine postpaid) throws IOException {
        var failed = postpaid.must("runs", "--failed", "--json").json();
        assertThat(failed.size()).isEqualTo(1);
        assertThat(failed.at("/0/status").asString()).isEqualTo("FAILED");
        // By the clock that was given, as everything else.
        assertThat(failed.at("/0/started_at").asString()).isEqualTo("2026-11-01T08:30:00Z");

        assertThat(postpaid.must("rerun", "--failed", "--json")
                        .json()
                        .at("/0/status")
                        .asString())
                .isEqualTo("COMPLETED");
        var invoices = postpaid.must("invoices", "list", "--period", "2026-10", "--json")
                .json();
        assertThat(StreamSupport.stream(invoices.spliterator(), false)
                        .map(invoice -> invoice.get("number").asString() + " "
                                + invoice.get("status").asString() + " "
                                + invoice.get("total").asString()))
                .containsExactlyInAnyOrder(
                        "2026-000001 PAID 20.40", "2026-000002 PAID 20.40", "2026-000003 PAID 20.40");
        for (var invoice : invoices) {
            var shown = postpaid.must("invoices", "show", invoice.get("number").asString(), "--json")
                    .json();
            assertThat(StreamSupport.stream(shown.get("attempts").spliterator(), false)
                            .filter(attempt -> attempt.get("status").asString().equals("SUCCEEDED")))
                    .hasSize(1);
        }
        var journal = Files.readString(folder.resolve("home/sandbox/stripe.journal"));
        assertThat(journal.lines().filter(line -> line.contains("\"charge.succeeded\"")))
                .hasSize(3);
        try (var mails = Files.list(folder.resolve("home/sandbox/mail"))) {
            assertThat(mails.map(mail -> mail.getFileName().toString()))
                    .hasSize(3)
                    .noneMatch(name -> name.contains("~"));
        }
        postpaid.must("verify");
    }

    private static void assertFailedInOneSentence(CommandLine.Result answer) {
        assertThat(answer.exitCode()).isEqualTo(1);
        assertThat(answer.err()
                        .lines()
                        .filter(line -> !line.startsWith("Sandbox mode") && !line.startsWith("nightly ")))
                .hasSize(1)
                .noneMatch(line -> line.contains("This should not have happened"));
    }

    private static String lastLine(CommandLine.Result answer) {
        assertThat(answer.err()).doesNotContain("\tat ");
        return answer.err().lines().toList().getLast();
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String ask(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement();
                var result = statement.executeQuery(sql)) {
            assertThat(result.next()).isTrue();
            return result.getString(1);
        }
    }
}
