package io.postpaid.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postpaid.support.CommandLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A month is closed when everything in it is proved; then nothing is written into it any more. */
@NullUnmarked
class CloseCommandsTest {
    @TempDir
    private Path folder;

    private CommandLine postpaid;

    @BeforeEach
    void october() throws IOException {
        postpaid = new CommandLine(folder.resolve("home")).at("2026-10-01T09:00:00Z");
        run("accounts", "import", file("accounts.csv", """
                id,name,email,country,currency,free_credit,monthly_limit
                alpha,Alpha,a@alpha.example,US,USD,5,1000
                beta,Beta,b@beta.example,US,USD,0,1000
                """));
        run("prices", "import", file("prices.yaml", """
                currency: USD
                products: {image: {unit: image}}
                prices: [{product: image, effective_from: 2026-01-01, amount: "0.0125"}]
                """));
        postpaid.at("2026-11-01T08:00:00Z");
        run("usage", "ingest", file("october.ndjson", """
                {"id":"1","account":"alpha","product":"image","quantity":"1001","occurred_at":"2026-10-03T12:00:00Z"}
                {"id":"2","account":"beta","product":"image","quantity":"333","occurred_at":"2026-10-31T23:59:59Z"}
                """));
        run("run", "nightly", "--date", "2026-11-01");
    }

    @Test
    void aMonthIsClosedOnceItIsProvedAndTakesNothingMore() throws IOException {
        var early = postpaid.run("run", "close", "--period", "2026-11");
        assertThat(early.exitCode()).isEqualTo(1);
        assertThat(early.out()).contains("The month has not been billed", "./postpaid run monthly --period 2026-11");
        var blocked = postpaid.run("run", "close", "--period", "2026-10", "--json");
        assertThat(blocked.exitCode()).isEqualTo(1);
        assertThat(blocked.json().path("closed").asBoolean()).isFalse();
        assertThat(blocked.json().path("blockers").get(0).path("command").asString())
                .isEqualTo("./postpaid run monthly --period 2026-10");

        run("run", "monthly", "--period", "2026-10");
        postpaid.at("2026-11-03T10:00:00Z");
        run("bank", "import", statement("a.sta", "2610311031C12,00NTRFX"));
        var unknown = postpaid.run("run", "close", "--period", "2026-10");
        assertThat(unknown.exitCode()).isEqualTo(1);
        assertThat(unknown.out()).contains("lines of bank statements", "./postpaid bank list --open");
        run("bank", "match", "1", "--ignore", "--reason", "a loan");
        assertThat(run("run", "close", "--period", "2026-10"))
                .containsPattern("Revenue of usage +USD +16.675 +rated usage +0.00\n")
                .containsPattern("Credit used +USD +5 +credit that covers the month's cost +0.00\n")
                .containsPattern("Unbilled receivables +USD +11.675 +accrued in months without an invoice +0.00\n")
                .doesNotContain("\nReceivables ")
                .contains("2026-10 is closed, by ", " at 2026-11-03T10:00:00Z");
        assertThat(run("run", "close", "--period", "2026-10")).contains("2026-10 is closed", "already");
        var closed =
                postpaid.must("run", "close", "--period", "2026-10", "--json").json();
        assertThat(closed.path("version").asInt()).isEqualTo(1);
        assertThat(closed.path("files").toString()).contains("trial-balance.csv");
        var kept = folder.resolve("home/reports/2026-10/trial-balance.csv");
        var bytes = Files.readAllBytes(kept);
        Files.writeString(kept, "changed");
        assertThat(postpaid.run("verify").out())
                .contains("BROKEN closed-reports", "trial-balance.csv of a closed month has the SHA-256");
        run("report", "--period", "2026-10");
        assertThat(Files.readAllBytes(kept)).isEqualTo(bytes);
        var page = folder.resolve("home/reports/2026-10/month.html");
        var printed = Files.readString(page);
        var templates = Files.createDirectory(folder.resolve("templates"));
        Files.writeString(
                templates.resolve("seller.yaml"),
                Files.readString(Path.of("templates/seller.yaml")).replace("Aurora Voice API Oy", "Borealis Oy"));
        postpaid.with("POSTPAID_TEMPLATES", templates.toString());
        run("report", "--period", "2026-10");
        assertThat(page).content().isEqualTo(printed);
        assertThat(postpaid.run("run", "close", "--period", "2026-09").out())
                .contains("It is closed with a later month")
                .doesNotContain("has not been billed");

        assertThat(run("journal", "export", "--period", "2026-10", "--format", "csv"))
                .startsWith("entry,date,account,name,debit,credit,currency,reference,description")
                .contains(",16.68,USD,", ",5.00,USD,");

        assertRefused("insert into posting (at, account, kind, debit, credit, amount, currency)"
                + " values ('2026-10-31T23:00Z', 'alpha', 'x', 'CASH', 'BALANCE', 1, 'USD')");
        assertRefused("insert into company_posting (at, kind, debit, credit, amount, currency, reference)"
                + " values ('2026-10-31T23:00Z', 'fee', 'PROVIDER_FEES', 'PROVIDER_CLEARING', 1, 'USD', 'x')");
        assertRefused(
                "insert into usage_journal (period, account, product, lines) values ('2026-10-01', 'alpha', 'image',"
                        + " array[row('2026-10-03', null, null, 0, null, 0, 0, 0)::journal_line])");

        // What came in October and is heard of later is in November's books.
        run("bank", "import", statement("b.sta", "2610311031D2,50NCHGX"));
        assertThat(sql().sql("select posted_on || ' ' || kind from company_posting")
                        .query(String.class)
                        .list())
                .containsExactly("2026-11-01 bank");
        run("payments", "record", "alpha", "7.00", "--reference", "SEPA-1", "--at", "2026-10-20");
        assertThat(sql().sql("select posted_on::text from posting where reference = 'ACCOUNT/SEPA-1'")
                        .query(String.class)
                        .single())
                .isEqualTo("2026-11-01");
        assertThat(run("verify")).contains("All ", " invariants hold");
    }

    @Test
    void aClosedMonthIsOpenedAgainForAReasonAndClosedOnceMore() {
        run("run", "monthly", "--period", "2026-10");
        run("run", "close", "--period", "2026-10");
        assertThat(postpaid.run("run", "close", "--period", "2026-10", "--reopen")
                        .exitCode())
                .isEqualTo(2);
        assertThat(postpaid.run("run", "close", "--period", "2026-09", "--reopen", "--reason", "x")
                        .err())
                .contains("2026-09 is not closed");

        postpaid.at("2026-11-02T10:00:00Z");
        assertThat(run("run", "close", "--period", "2026-10", "--reopen", "--reason", "A transfer was forgotten"))
                .contains("2026-10 is open again");
        run("payments", "record", "beta", "3.00", "--reference", "SEPA-2", "--at", "2026-10-20");
        assertThat(run("run", "close", "--period", "2026-10")).contains("2026-10 is closed (version 2)");
        assertThat(run("audit")).containsPattern("ledger_close .*2026-10-01").contains("A transfer was forgotten");
        assertThat(sql().sql("select posted_on::text from posting where reference = 'ACCOUNT/SEPA-2'")
                        .query(String.class)
                        .single())
                .isEqualTo("2026-10-20");
    }

    private void assertRefused(String insert) {
        assertThatThrownBy(() -> sql().sql(insert).update())
                .hasMessageContaining("the books of 2026-10 are closed: nothing is posted into them");
    }

    private JdbcClient sql() {
        return JdbcClient.create(new DriverManagerDataSource(postpaid.database(), "postgres", ""));
    }

    private String run(String... arguments) {
        return postpaid.must(arguments).out().strip();
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    private String statement(String name, String line) throws IOException {
        return file(name, ":20:A\n:25:FI21\n:60F:C261031USD100,00\n:61:" + line + "\n-\n");
    }
}
