package io.postpaid.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.support.CommandLine;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class BenchTest {
    @TempDir
    private Path home;

    @Test
    void aStageIsMeasuredByItselfAndHelpNamesAll() throws IOException {
        var postpaid = new CommandLine(home);
        assertThat(postpaid.run("bench", "--help").out()).contains(Bench.STAGES);
        var answer = postpaid.run("bench", "--records", "300", "--accounts", "2", "--stage", "pdf", "--json");
        assertThat(answer.json().at("/figures")).as(answer.err()).hasSize(2);
        assertThat(postpaid.run("bench", "--stage", "speed").err())
                .contains("month, history, pdf, ingest-mapped, rehearse, month-end, gate");
    }

    @Test
    void theGateIsCalledOverHttpAndComparedWithAnEarlierRun() throws IOException {
        var postpaid = new CommandLine(home);
        var earlier = home.resolve("earlier.json");
        Files.writeString(earlier, """
                {"records": 300, "accounts": 2, "figures": [{"figure": "gate, 64 clients, beside the database", "value": "0.5"},
                                                            {"figure": "of another time", "value": "1"}]}""");
        var answer = postpaid.run(
                "bench",
                "--records",
                "300",
                "--accounts",
                "2",
                "--stage",
                "gate",
                "--json",
                "--against",
                earlier.toString());

        var report = answer.json();
        assertThat(report.at("/figures")).as(answer.err()).hasSize(5);
        var first = report.at("/figures/0");
        assertThat(first.at("/earlier").asString()).isEqualTo("0.5");
        assertThat(new BigDecimal(first.at("/change_percent").asString())).isPositive();
        assertThat(new BigDecimal(first.at("/postpaid_cores").asString())).isPositive();
        assertThat(report.at("/figures/1/earlier").isNull()).isTrue();
        assertThat(report.at("/only_now")).hasSize(4);
        assertThat(report.at("/only_earlier/0").asString()).isEqualTo("of another time");
    }

    @Test
    void whatIsNotAnEarlierRunIsRefused() throws IOException {
        var postpaid = new CommandLine(home);
        var file = home.resolve("foreign.json");
        for (var foreign : List.of(
                "", "{", "[]", "{}", "{\"figures\": []}", "{\"figures\": [{\"figure\": \"a\", \"value\": \"1e9\"}]}")) {
            Files.writeString(file, foreign);
            var answer = postpaid.run("bench", "--against", file.toString());
            assertThat(answer.exitCode()).as(foreign).isEqualTo(2);
            assertThat(answer.err()).contains("'" + file + "' is not what bench answers with --json");
        }
        assertThat(postpaid.run("bench", "--against", home.resolve("none").toString())
                        .err())
                .contains("none' cannot be read");
    }

    @Test
    void everyFigureIsThereAndPositiveAndNothingIsLeftBehind() throws IOException {
        var postpaid = new CommandLine(home);
        var answer = postpaid.run("bench", "--records", "2000", "--accounts", "20", "--json");

        assertThat(answer.exitCode()).as(answer.err()).isIn(0, 1);
        var report = answer.json();
        assertThat(report.at("/figures")).as(answer.out() + answer.err()).hasSize(33);
        for (var figure : report.at("/figures")) {
            assertThat(new BigDecimal(figure.at("/value").asString())).isPositive();
            if (!figure.at("/ratio").isNull()) {
                assertThat(new BigDecimal(figure.at("/ratio").asString())).isPositive();
                assertThat(new BigDecimal(figure.at("/bare").asString())).isPositive();
            }
        }
        assertThat(report.at("/holds").asBoolean()).isEqualTo(answer.exitCode() == 0);
        try (var left = Files.list(home)) {
            assertThat(left).isEmpty();
        }
        var jdbc = JdbcClient.create(new DriverManagerDataSource(postpaid.database(), "postgres", ""));
        assertThat(jdbc.sql("select datname from pg_database where datname like 'postpaid_bench%'")
                        .query(String.class)
                        .list())
                .isEmpty();
        assertThat(jdbc.sql("select count(*) from account").query(Long.class).single())
                .isZero();
    }
}
