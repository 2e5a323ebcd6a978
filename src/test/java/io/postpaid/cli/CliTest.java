package io.postpaid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.support.CommandLine;
import io.postpaid.support.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import tools.jackson.databind.JsonNode;

class CliTest {
    @TempDir
    private Path folder;

    /** One whose use would be noticed: nothing can be reached where it points to. */
    private CommandLine withoutDatabase() {
        return new CommandLine(folder.resolve("home"))
                .with("spring.datasource.url", "jdbc:postgresql://127.0.0.1:1/none")
                .with("spring.datasource.hikari.connection-timeout", "1000");
    }

    private CommandLine postpaid() {
        return new CommandLine(folder.resolve("home")).at("2026-11-01T08:00:00Z");
    }

    @ParameterizedTest(name = "postpaid {0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            accountz                          | Unmatched argument at index 0: 'accountz'
            acounts list                      | Did you mean: postpaid accounts
            accounts                          | Missing required subcommand
            accounts show                     | Missing required parameter: 'ID'
            accounts list --jsom              | Unknown option: '--jsom'
            accounts limit acme much          | 'much' is not an amount such as 250.00
            accounts limit acme -5            | '-5' is not an amount such as 250.00
            keys create                       | Missing required argument
            keys create acme --operator       | mutually exclusive
            serve --port many                 | 'many' is not an int
            run nightly                       | Missing required option: '--date=D'
            run nightly --date 2026-02-30     | '2026-02-30' is not a day such as 2026-10-31
            run monthly --period 2026-13      | '2026-13' is not a period such as 2026-10
            runs show first                   | 'first' is not a number
            rerun                             | Missing required argument
            rerun 1 --failed                  | mutually exclusive
            ``                                | Missing required subcommand
            """)
    void wrongUseIsToldWithoutTheDatabase(String line, String message) {
        var answer = withoutDatabase().run(line.isEmpty() ? new String[0] : line.split(" "));

        assertThat(answer.exitCode()).isEqualTo(2);
        assertThat(answer.err()).contains(message);
        assertThat(answer.out()).isEmpty();
    }

    @Test
    void wrongUseIsOneJsonDocumentToo() {
        var answer = withoutDatabase().run("run", "monthly", "--period", "2026-13", "--json");

        assertThat(answer.exitCode()).isEqualTo(2);
        assertThat(answer.json().at("/error/code").asString()).isEqualTo("WRONG_USE");
        assertThat(answer.json().at("/error/message").asString())
                .isEqualTo("Invalid value for option '--period': '2026-13' is not a period such as 2026-10");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "--version", "accounts --help", "accounts import --help", "runs --help"})
    void helpNeedsNoDatabase(String line) {
        var answer = withoutDatabase().run(line.split(" "));

        assertThat(answer.exitCode()).isZero();
        assertThat(answer.out()).isNotBlank();
        assertThat(answer.err()).isEmpty();
    }

    @ParameterizedTest(name = "{0} = {1}")
    @CsvSource(delimiter = '|', textBlock = """
            spring.datasource.url      | jdbc:postgresql://127.0.0.1:1/none | No PostgreSQL answers: check that it runs and that SPRING_DATASOURCE_URL names it
            spring.datasource.url      | localhost:5432                     | SPRING_DATASOURCE_URL is not the address of a PostgreSQL: it must be such as jdbc:postgresql://
            POSTPAID_NOW               | tomorrow                           | POSTPAID_NOW is 'tomorrow': it must be an instant such as 2026-11-01T08:00:00Z
            """)
    void aSettingThatCannotBeUsedIsToldInOneSentence(String setting, String value, String sentence) {
        var answer = postpaid()
                .with("spring.datasource.hikari.connection-timeout", "1000")
                .with(setting, value)
                .run("accounts", "show", "acme");

        assertThat(answer.exitCode()).isEqualTo(1);
        assertThat(answer.err()).startsWith(sentence).hasLineCount(1);
        assertThat(answer.out()).isEmpty();
    }

    @Test
    void aUserWhomTheDatabaseRefusesIsTold() {
        var answer = postpaid()
                .with("spring.datasource.url", TestDatabase.create().replace("user=postgres", ""))
                .with("spring.datasource.username", "nobody")
                .with("spring.datasource.hikari.connection-timeout", "1000")
                .run("runs");

        assertThat(answer.exitCode()).isEqualTo(1);
        assertThat(answer.err())
                .startsWith("The database refuses this user: check SPRING_DATASOURCE_USERNAME and"
                        + " SPRING_DATASOURCE_PASSWORD (");
    }

    @Test
    void aMissingDatabaseIsTold() {
        var answer = postpaid()
                .with("spring.datasource.url", TestDatabase.create().replaceFirst("/test[0-9]+", "/missing"))
                .with("spring.datasource.hikari.connection-timeout", "1000")
                .run("runs");

        assertThat(answer.exitCode()).isEqualTo(1);
        assertThat(answer.err()).startsWith("There is no such database: create it, or check SPRING_DATASOURCE_URL");
    }

    @Test
    void aHomeThatIsAFileIsTold() throws IOException {
        var file = Files.writeString(folder.resolve("file"), "");
        var answer = postpaid()
                .with("POSTPAID_HOME", file.toString())
                .run("run", "nightly", "--date", "2026-11-01", "--json");

        assertThat(answer.exitCode()).isEqualTo(1);
        assertThat(answer.err()).startsWith("POSTPAID_HOME is " + file + ", where nothing can be written");
        assertThat(answer.json().at("/error/message").asString()).startsWith("POSTPAID_HOME is " + file);
    }

    @ParameterizedTest(name = "postpaid {0}")
    @CsvSource(delimiter = '|', textBlock = """
            accounts show nobody             | There is no account 'nobody': ./postpaid accounts list shows them
            accounts limit nobody 5          | There is no account 'nobody': ./postpaid accounts list shows them
            accounts import missing.csv      | There is no file missing.csv: check its name and folder
            prices import missing.yaml       | There is no file missing.yaml: check its name and folder
            runs show 7                      | There is no run 7: ./postpaid runs lists them
            rerun 7                          | There is no run 7: ./postpaid runs lists them
            run nightly --date 2026-11-02    | The nightly run for 2026-11-02 covers all usage before that day, which has not begun
            run monthly --period 2026-10     | The monthly run for 2026-10 must wait: the nightly run for 2026-11-01 is missing
            """)
    void aFailureIsOneSentence(String line, String sentence) {
        var answer = postpaid().run(line.split(" "));

        assertThat(answer.exitCode()).isEqualTo(1);
        assertThat(answer.err()
                        .lines()
                        .filter(said -> !said.startsWith("Sandbox mode") && !said.startsWith("nightly ")))
                .singleElement()
                .asString()
                .startsWith(sentence);
        assertThat(answer.out()).isEmpty();
    }

    @Test
    void answersHaveTheShapeOfTheContract() throws IOException {
        var postpaid = postpaid();
        var accounts = Files.writeString(
                folder.resolve("accounts.csv"), "id,name,email,monthly_limit\nacme,Acme,a@a.test,250\n");
        var prices = Files.writeString(folder.resolve("prices.yaml"), """
                currency: USD
                products: {audio: {unit: second, listed_per: 60, listed_unit: minute}}
                prices: [{product: audio, effective_from: 2026-01-01, amount: "0.0639", per: 60}]
                """);

        assertThat(postpaid.must("accounts", "import", accounts.toString(), "--json")
                        .json()
                        .toString())
                .isEqualTo("{\"file\":\"" + accounts + "\",\"added\":1,\"updated\":0,\"unchanged\":0}");
        assertThat(names(postpaid.must("prices", "import", prices.toString(), "--json")
                        .json()))
                .containsExactly("file", "added", "updated", "unchanged", "days_to_rate");
        assertThat(postpaid.must("prices", "list", "--json")
                        .json()
                        .at("/0/tiers/0/amount")
                        .asString())
                .isEqualTo("0.0639");
        var shown = postpaid.must("accounts", "show", "acme", "--json").json();
        assertThat(names(shown)).contains("id", "status", "access", "credit_balance", "month", "currency");
        assertThat(names(shown.get("access"))).containsExactly("allowed", "code");
        assertThat(names(shown.get("month"))).containsExactly("period", "cost", "credits", "accrued", "limit");
        assertThat(shown.at("/month/limit").asString()).isEqualTo("250.00");
        assertThat(postpaid.must("runs", "--json").json().toString()).isEqualTo("[]");
        assertThat(postpaid.must("accounts", "list").out()).contains("acme  Acme  a@a.test  ACTIVE  250.00 USD");
    }

    @Test
    void aRunIsToldWhileItWorksAndListedAfterwards() {
        var postpaid = postpaid();

        var ran = postpaid.must("run", "nightly", "--date", "2026-11-01", "--from", "2026-10-31", "--json");

        assertThat(ran.json().values())
                .extracting(run -> run.get("key").asString())
                .containsExactly("2026-10-31", "2026-11-01");
        assertThat(ran.err())
                .contains("nightly 2026-10-31", "nightly 2026-11-01")
                .doesNotContain("meter-and-rate");
        var listed = postpaid.must("runs", "--json").json();
        assertThat(names(listed.get(0)))
                .containsExactly("id", "job", "key", "status", "started_at", "ended_at", "steps");
        assertThat(names(listed.at("/0/steps/0"))).containsExactly("name", "status", "read", "written", "skipped");
        assertThat(listed.at("/0/job").asString()).isEqualTo("nightly");
        assertThat(listed.at("/0/started_at").asString()).isEqualTo("2026-11-01T08:00:00Z");
        assertThat(listed.at("/0/ended_at").asString()).startsWith("2026-11-01T08:0");
        assertThat(postpaid.must("runs", "--failed", "--json").json().toString())
                .isEqualTo("[]");
        assertThat(postpaid.must("runs", "show", listed.at("/0/id").asString()).out())
                .contains("nightly 2026-11-01 COMPLETED");
        assertThat(postpaid.run("run", "nightly", "--date", "2026-10-01", "--from", "2026-10-02")
                        .exitCode())
                .isEqualTo(2);
    }

    private static List<String> names(JsonNode object) {
        return List.copyOf(object.propertyNames());
    }

    @Test
    void aKeyIsShownOnceAndAnOpenRequestIsRejected() throws IOException {
        var postpaid = postpaid();
        var accounts = Files.writeString(folder.resolve("accounts.csv"), "id,name,email\nacme,Acme,a@acme.test\n");
        postpaid.must("accounts", "import", accounts.toString());

        var made = postpaid.must("keys", "create", "acme", "--name", "gateway", "--json")
                .json();
        assertThat(made.at("/key").asString())
                .matches("pp_live_" + made.at("/id").asString() + "_[0-9a-f]{64}");
        assertThat(made.at("/may")).isEmpty();
        assertThat(made.at("/role").isNull()).isTrue();
        var operators = postpaid.must("keys", "create", "--operator", "--json").json();
        assertThat(operators.at("/key").asString()).startsWith("pp_op_");
        assertThat(operators.at("/role").asString()).isEqualTo("operator");
        assertThat(postpaid.must("keys", "create", "acme", "--may", "usage", "--may", "gate", "--json")
                        .json()
                        .at("/may")
                        .toString())
                .isEqualTo("[\"gate\",\"usage\"]");
        assertThat(postpaid.must("keys", "create", "--operator", "--role", "service")
                        .out())
                .startsWith("pp_op_")
                .contains("of (operator), service");
        for (var wrong : List.of(
                List.of("acme", "--role", "operator"),
                List.of("--operator", "--may", "gate"),
                List.of("--operator", "--role", "king"),
                List.of("acme", "--may", "void"),
                List.of("acme", "--name", "a\0b"),
                List.of("a\ud800"),
                List.<String>of())) {
            var all = new ArrayList<>(List.of("keys", "create"));
            all.addAll(wrong);
            assertThat(postpaid.run(all.toArray(String[]::new)).exitCode())
                    .as("%s", wrong)
                    .isEqualTo(2);
        }
        assertThat(postpaid.run("run", "nightly", "--date", "+999999999-01-01").exitCode())
                .isEqualTo(2);
        assertThat(postpaid.run("invoices", "list", "--period", "-9999-01").exitCode())
                .isEqualTo(2);
        var id = made.at("/id").asString();
        assertThat(postpaid.must("keys", "list", "acme").out())
                .contains(id)
                .contains("gateway")
                .doesNotContain(made.at("/key").asString());
        assertThat(postpaid.must("keys", "revoke", id).out()).contains("is void since 2026-11-01T08:00:00Z");
        assertThat(postpaid.run("keys", "revoke", "nothing").err()).contains("There is no key 'nothing'");
        assertThat(postpaid.run("keys", "create", "nobody").exitCode()).isEqualTo(1);

        JdbcClient.create(new DriverManagerDataSource(postpaid.database(), "postgres", ""))
                .sql("insert into limit_request (account, amount, asked_at) values ('acme', 500, now())")
                .update();
        assertThat(postpaid.must("accounts", "limit-requests").out()).contains("acme", "500.00");
        assertThat(postpaid.must("accounts", "limit", "acme", "--reject", "--reason", "too soon.")
                        .out())
                .isEqualTo("The request of acme is rejected; its monthly limit stays at 100.00 USD\n");
        assertThat(postpaid.run("accounts", "limit", "acme").exitCode()).isEqualTo(2);
        assertThat(postpaid.run("accounts", "limit", "acme", "5", "--reject").exitCode())
                .isEqualTo(2);
        assertThat(postpaid.run("accounts", "limit", "acme", "--reject").err())
                .contains("Account 'acme' has no open request");
    }
}
