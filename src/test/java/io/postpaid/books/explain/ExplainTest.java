package io.postpaid.books.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.support.CommandLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import tools.jackson.databind.JsonNode;

/** A month with everything that an explanation must tell: tiers, failed calls, a correction, credit, late usage; then its archive. */
class ExplainTest {
    private static final String ACCOUNTS = """
            id,name,email,line1,line2,city,state,postal_code,country,tax_id,currency,monthly_limit,free_credit,payment_method,created_on
            acme,Acme Ltd,books@acme.test,1 Road,,Town,,12345,US,,USD,,1.00,pm_card_visa,2026-01-01
            """;
    private static final String PRICES = """
            currency: USD
            products:
              audio: {unit: second, listed_per: 60, listed_unit: minute}
              calls: {unit: call}
              feed:  {unit: call, billable: false}
            prices:
              - {product: audio, effective_from: 2026-01-01, amount: "0.0639", per: 60}
              - product: calls
                effective_from: 2026-01-01
                model: graduated
                tiers: [{up_to: 100, amount: "0.10"}, {amount: "0.05"}]
            """;

    @TempDir
    private Path folder;

    private CommandLine postpaid;
    private int files;

    private void usage(String... lines) throws IOException {
        var file = folder.resolve("usage-" + ++files + ".ndjson");
        postpaid.must("usage", "ingest", Files.write(file, List.of(lines)).toString());
    }

    private static String line(String id, String product, String quantity, String at, String more) {
        return """
                {"id":"%s","account":"acme","product":"%s","quantity":"%s","occurred_at":"%s"%s}""".formatted(id, product, quantity, at, more);
    }

    @BeforeEach
    void october() throws IOException {
        postpaid = new CommandLine(folder.resolve("home")).at("2026-11-01T08:00:00Z");
        postpaid.must(
                "accounts",
                "import",
                Files.writeString(folder.resolve("a.csv"), ACCOUNTS).toString());
        postpaid.must(
                "prices",
                "import",
                Files.writeString(folder.resolve("p.yaml"), PRICES).toString());
        usage(
                line("a1", "audio", "61.5", "2026-10-03T12:00:00Z", ""),
                line("a2", "audio", "1000", "2026-10-03T13:00:00Z", ",\"outcome\":\"failed\""),
                line("a3", "audio", "10", "2026-10-03T14:00:00Z", ""),
                line("a4", "audio", "7", "2026-10-04T14:00:00Z", ""),
                line("c1", "calls", "90", "2026-10-05T14:00:00Z", ""),
                line("c2", "calls", "30", "2026-10-06T14:00:00Z", ""),
                line("f1", "feed", "3", "2026-10-06T14:00:00Z", ""),
                """
                {"id":"v1","type":"void","voids":"a3","account":"acme","occurred_at":"2026-10-05T00:00:00Z"}""");
        postpaid.must("run", "nightly", "--date", "2026-11-01");
        postpaid.must("run", "monthly", "--period", "2026-10");
        postpaid.at("2026-12-01T08:00:00Z");
        usage(
                line("a5", "audio", "60", "2026-10-03T15:00:00Z", ""),
                line("a6", "audio", "600", "2026-11-03T15:00:00Z", ""));
        postpaid.must("run", "nightly", "--date", "2026-12-01");
        postpaid.must("run", "monthly", "--period", "2026-11");
    }

    @Test
    void everyAmountIsTracedToRecordsAndStaysSoWhenTheyAreArchived() throws IOException {
        var told = postpaid.must("explain", "2026-000001").out();
        assertThat(told)
                .contains("Line 1  audio 2026-10: 68.5 second at 0.0639 / minute = 0.07 USD")
                .contains("exact 0.0729525, rounded once, half up, to 0.07 USD; its 2 days were rated at 0.0729525")
                .contains("Line 3  calls 2026-10: 20 call at 0.05 / call = 1.00 USD")
                .contains("tier 2 (above 100 in the month)")
                .contains("2026-10-06 calls: 30 in 1 record; line 2: 10 = 1 USD; line 3: 20 = 1 USD")
                .contains("2026-10-03T13:00:00Z  default/a2  1000 (failed, costs 0)  usage-1.ndjson line 2")
                .contains("default/a3  10 (taken back)")
                .contains("2026-10-06 feed: 0 in 0 records, free of charge 3 in 1 record")
                .contains("of the same day on another invoice or not metered yet: 60 in 1 record")
                .contains("credit from grant 1 (FREE of")
                .contains("Every sum is as printed");
        var late = postpaid.must("explain", "2026-000002", "--records", "1").out();
        assertThat(late).contains("… and 3 more: 121.5 in 2 records billed").contains("Every sum is as printed");

        var before = explained("2026-000001");
        assertThat(before.at("/ties").asBoolean()).isTrue();
        assertThat(before.at("/lines/0/exact").asString()).isEqualTo("0.0729525");
        assertThat(before.at("/days/0/records/0/id").asString()).isEqualTo("a1");

        postpaid.at("2027-02-15T08:00:00Z");
        var archived = postpaid.must("usage", "archive", "--before", "2026-12", "--json")
                .json();
        assertThat(archived.at("/archived/0/month").asString()).isEqualTo("2026-10");
        assertThat(archived.at("/archived/0/records").asInt()).isEqualTo(8);
        assertThat(archived.at("/kept/0/reason").asString())
                .startsWith("usage of it may still arrive, until 2027-03-01");
        assertThat(explained("2026-000001")).isEqualTo(before);
        postpaid.must("verify");

        // Its key stays: what is archived is not billed again. And it can be taken back.
        var again = postpaid.must(
                        "usage", "ingest", folder.resolve("usage-1.ndjson").toString(), "--json")
                .json();
        assertThat(again.at("/0/accepted").asInt()).isZero();
        usage("""
                {"id":"v2","type":"void","voids":"a4","account":"acme","occurred_at":"2026-10-05T00:00:00Z"}""");
        postpaid.must("run", "nightly", "--date", "2027-02-15");
        postpaid.must("verify");
        assertThat(postpaid.must("explain", "2026-000001").out())
                .contains("default/a4  7 (taken back)")
                .contains("not metered yet: -7 in -1 records");
    }

    @Test
    void aDifferenceIsTold() throws IOException {
        var database = new DriverManagerDataSource(postpaid.database(), "postgres", "");
        JdbcClient.create(database)
                .sql("update usage_record set quantity = 8 where id = 'a4'")
                .update();
        var answer = postpaid.run("explain", "2026-000001");
        assertThat(answer.exitCode()).isEqualTo(1);
        assertThat(answer.out())
                .contains("DIFFERENCE: The records of audio on 2026-10-04 are 1 with 8, but 1 with 7 were metered");
        assertThat(postpaid.run("explain", "2026-000001", "--json").json().at("/differences"))
                .hasSize(1);
    }

    private JsonNode explained(String number) {
        return postpaid.must("explain", number, "--all", "--json").json();
    }
}
