package io.postpaid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.support.CommandLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On the command line a person is the user of the machine; two of them give what is more than one may. */
@NullUnmarked
class ApprovalCommandsTest {
    @TempDir
    private Path folder;

    @Test
    void twoPeopleGiveWhatIsMoreThanOneMay() throws IOException {
        var postpaid = new CommandLine(folder.resolve("home")).at("2026-11-01T09:00:00Z");
        var accounts = Files.writeString(folder.resolve("accounts.csv"), """
                id,name,email,currency,free_credit
                alpha,Alpha,a@alpha.example,USD,0
                """);
        postpaid.must("accounts", "import", accounts.toString());
        var grant =
                new String[] {"credits", "grant", "alpha", "120", "--kind", "GOODWILL", "--reason", "Sorry", "--json"};
        assertThat(postpaid.must(grant).json().path("amount").asString()).isEqualTo("120.00");

        postpaid.at("2026-11-02T09:00:00Z")
                .with("POSTPAID_APPROVE_ABOVE", "100 USD, 90 EUR")
                .with(Cli.PERSON, "anna");
        var waits = postpaid.must(grant).json().path("approval");
        assertThat(waits.toString())
                .isEqualTo("{\"id\":2,\"status\":\"WAITING\",\"verb\":\"GRANT\",\"arguments\":{\"account\":\"alpha\","
                        + "\"kind\":\"GOODWILL\",\"expires_on\":null},\"account\":\"alpha\",\"amount\":\"120.00\","
                        + "\"currency\":\"USD\",\"reason\":\"Sorry\",\"asked_by\":\"anna\","
                        + "\"asked_at\":\"2026-11-02T09:00:00Z\",\"decided_by\":null,\"decided_at\":null,"
                        + "\"decided_because\":null,\"item\":null}");
        assertThat(postpaid.must("credits", "grant", "alpha", "130", "--kind", "PROMO")
                        .out())
                .isEqualToIgnoringNewLines("Nothing was done yet: USD 130.00 of PROMO credit for alpha, with what the"
                        + " account was given today, is more than one person may give. It waits as approval 3: another"
                        + " person runs ./postpaid approve 3, or ./postpaid reject 3");
        assertThat(postpaid.must("approvals").out())
                .contains("USD 120.00 of GOODWILL credit for alpha", "USD 130.00 of PROMO credit", "WAITING", "anna");
        var own = postpaid.run("approve", "2");
        assertThat(own.exitCode()).isEqualTo(1);
        assertThat(own.err()).contains("anna asked for approval 2 himself: another person has to decide it");
        assertThat(postpaid.run("approve", "x").exitCode()).isEqualTo(2);

        postpaid.with(Cli.PERSON, "bob");
        assertThat(postpaid.must("approve", "2").out())
                .isEqualToIgnoringNewLines(
                        "Approved, and done: USD 120.00 of GOODWILL credit for alpha. anna had asked for it");
        assertThat(postpaid.run("approve", "2").err()).contains("was approved by bob on 2026-11-02T09:00:00Z");
        var rejected =
                postpaid.must("reject", "3", "--reason", "Enough", "--json").json();
        assertThat(rejected.path("approval").path("decided_because").asString()).isEqualTo("Enough");
        assertThat(postpaid.must("approvals").out()).isEqualToIgnoringNewLines("Nothing waits");
        assertThat(postpaid.must("approvals", "--all", "--json").json()).hasSize(2);
        assertThat(postpaid.must("credits", "list", "alpha").out()).contains("Balance: USD 240.00");
        assertThat(postpaid.must("audit", "--account", "alpha", "--from", "2026-11-02")
                        .out())
                .contains("anna", "bob", "postpaid approve 2, approval 2 that anna asked for");
        assertThat(postpaid.must("verify").out()).contains("All ", " invariants hold");

        postpaid.with("POSTPAID_APPROVE_ABOVE", "many");
        var start = postpaid.run("accounts", "list");
        assertThat(start.exitCode()).isEqualTo(1);
        assertThat(start.err()).contains("POSTPAID_APPROVE_ABOVE is 'many': 'many' is not an amount");
    }
}
