package io.postpaid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.support.CommandLine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RehearseCommandTest {
    @TempDir
    private Path folder;

    private CommandLine postpaid;

    @BeforeEach
    void october() {
        postpaid = new CommandLine(folder.resolve("home")).at("2026-11-01T09:00:00Z");
        postpaid.must("prices", "import", prices("0.10"));
        postpaid.must("accounts", "import", file("accounts.csv", """
                id,name,email,country,monthly_limit,free_credit
                acme,Acme,a@a.example,US,1000,0
                beta,Beta,b@a.example,US,1000,5
                """));
        postpaid.must("usage", "ingest", file("usage.ndjson", """
                {"id":"1","account":"acme","product":"calls","quantity":"100","occurred_at":"2026-10-05T00:00:00Z"}
                {"id":"2","account":"beta","product":"calls","quantity":"70","occurred_at":"2026-10-05T00:00:00Z"}
                """));
    }

    private String prices(String amount) {
        return file("prices-" + amount + ".yaml", """
                currency: USD
                products: {calls: {unit: call}}
                prices: [{product: calls, effective_from: 2026-01-01, amount: "%s"}]
                """.formatted(amount));
    }

    private String file(String name, String text) {
        try {
            return Files.writeString(folder.resolve(name), text).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aMonthIsRehearsedBeforeAndAfterItIsIssuedAndWithLateUsage() {
        assertThat(postpaid.must("rehearse", "--period", "2026-10").out())
                .contains("Nothing was used in 2026-10: there is nothing to rehearse");
        postpaid.must("run", "nightly", "--date", "2026-11-01");
        var open = postpaid.must("rehearse", "--period", "2026-10", "--prices", prices("0.11"), "--json")
                .json();
        assertThat(open).hasToString(answer());
        postpaid.must("run", "monthly", "--period", "2026-10");
        assertThat(postpaid.must("rehearse", "--period", "2026-10").out())
                .contains("Rehearsed 2026-10: 0 of 2 accounts change; difference USD 0.00. Nothing was stored");

        var out = folder.resolve("out");
        var text =
                postpaid.must("rehearse", "--period", "2026-10", "--prices", prices("0.11"), "--out", out.toString());
        assertThat(plain(text))
                .contains("price 2 USD 1.70", "acme USD 10.00 USD 11.00 USD 1.00 price")
                .contains("2 of 2 accounts change; difference USD 1.70. All accounts: " + out);
        assertThat(out.resolve("rehearsal-2026-10.csv"))
                .content()
                .contains("acme,USD,10.00,11.00,1.00,price,10.00,11.00,0.00,0.00,0.00,0.00,,\r\n")
                .contains("beta,USD,2.00,2.70,0.70,price,7.00,7.70,5.00,5.00,0.00,0.00,,\r\n");

        postpaid.at("2026-11-02T09:00:00Z").must("usage", "ingest", file("late.ndjson", """
                {"id":"3","account":"acme","product":"calls","quantity":"7","occurred_at":"2026-10-31T00:00:00Z"}
                {"id":"v","type":"void","voids":"2","account":"beta","occurred_at":"2026-10-05T00:00:00Z"}
                """));
        postpaid.must("run", "nightly", "--date", "2026-11-02");
        assertThat(plain(postpaid.must("rehearse", "--period", "2026-10", "--late")))
                .contains("acme USD 10.00 USD 10.70 USD 0.70 late usage")
                .contains("beta USD 2.00 USD 0.00 USD -2.00 correction")
                .contains("difference USD -1.30");
        assertThat(postpaid.must("rehearse", "--period", "2026-10").out()).contains("0 of 2 accounts change");

        var refused = postpaid.run(
                "rehearse", "--period", "2026-10", "--prices", file("odd.yaml", "currency: USD\nodd: 1\n"));
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err()).contains("odd");
        assertThat(postpaid.run("rehearse").exitCode()).isEqualTo(2);
    }

    private static String plain(CommandLine.Result result) {
        return result.out().replaceAll(" +", " ");
    }

    private static String answer() {
        return """
                {"period":"2026-10","accounts":2,"accounts_changed":2,"difference":[{"currency":"USD","amount":"1.70"}],\
                "causes":[{"why":"price","accounts":2,"currency":"USD","amount":"1.70"}],\
                "changed":[{"account":"acme","currency":"USD","before":"10.00","after":"11.00","why":"price"},\
                {"account":"beta","currency":"USD","before":"2.00","after":"2.70","why":"price"}]}""";
    }
}
