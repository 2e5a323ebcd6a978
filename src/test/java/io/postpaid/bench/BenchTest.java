package io.postpaid.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.support.CommandLine;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
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
                .contains("month, history, pdf, ingest-mapped, rehearse, month-end");
    }

    @Test
    void everyFigureIsThereAndPositiveAndNothingIsLeftBehind() throws IOException {
        var postpaid = new CommandLine(home);
        var answer = postpaid.run("bench", "--records", "2000", "--accounts", "20", "--json");

        assertThat(answer.exitCode()).as(answer.err()).isIn(0, 1);
        var report = answer.json();
        assertThat(report.at("/figures")).as(answer.out() + answer.err()).hasSize(28);
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
