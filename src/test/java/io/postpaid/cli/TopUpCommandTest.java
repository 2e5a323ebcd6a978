package io.postpaid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.support.CommandLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** Credit bought by card as an operator does it: charged, declined, without a card, asked again, and lost on the way. */
@NullUnmarked
class TopUpCommandTest {
    @TempDir
    private Path folder;

    private CommandLine postpaid;

    private String run(String... arguments) {
        return postpaid.must(arguments).out().strip();
    }

    private String refused(String... arguments) {
        var result = postpaid.run(arguments);
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        return result.err().lines().toList().getLast();
    }

    private String failed(String... arguments) {
        var result = postpaid.run(arguments);
        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(1);
        return result.out().strip();
    }

    @Test
    void creditIsBoughtOnce() throws IOException {
        postpaid = new CommandLine(folder.resolve("home")).at("2026-11-01T09:00:00Z");
        run(
                "accounts",
                "import",
                Files.writeString(folder.resolve("accounts.csv"), """
                id,name,email,currency,free_credit,payment_method
                alpha,Alpha,a@alpha.example,USD,5,pm_card_visa
                beta,Beta,b@beta.example,USD,0,
                poor,Poor,p@poor.example,EUR,0,pm_card_visa_chargeDeclinedInsufficientFunds
                lost,Lost,l@lost.example,USD,0,pm_card_visa
                """).toString());

        var bought = postpaid.must("credits", "top-up", "alpha", "25.00", "--reference", "A-1", "--json")
                .json();
        assertThat(bought).isEqualTo(JsonMapper.shared().readTree("""
                        {"account":"alpha","reference":"A-1","status":"SUCCEEDED","amount":"25.00","net":"25.00","tax":"0.00",
                         "total":"25.00","currency":"USD","invoice":"TU-2026-000001","known":false,"grant":%d,"stripe_id":"%s","decline_code":null,"message":null,"balance":"30.00"}""".formatted(
                bought.path("grant").longValue(), bought.path("stripe_id").asString())));
        assertThat(run("credits", "top-up", "alpha", "25", "--reference", "A-1"))
                .isEqualTo(
                        "The top-up A-1 was charged before, once: USD 25.00 of credit for alpha, whose credit is USD 30.00"
                                + " now");
        assertThat(refused("credits", "top-up", "alpha", "26", "--reference", "A-1"))
                .isEqualTo(
                        "The reference 'A-1' stands for a top-up of USD 25.00 already: give another top-up a reference"
                                + " of its own. Nothing was charged");
        assertThat(run("invoices", "show", "TU-2026-000001"))
                .isEqualTo("The invoice TU-2026-000001 of alpha for the top-up A-1, issued on 2026-11-01: 25.00 + not"
                        + " registered 0.00 = USD 25.00");
        assertThat(Path.of(run("invoices", "pdf", "TU-2026-000001"))).isNotEmptyFile();
        assertThat(run("credits", "top-up", "alpha", "0.50"))
                .startsWith("Charged USD 0.50 to the card of alpha, whose credit is USD 30.50 now (reference ");
        assertThat(refused("credits", "top-up", "alpha", "0.49"))
                .isEqualTo("0.49 USD cannot be charged for a top-up: give an amount from 0.50 to 10000.00");
        assertThat(refused("credits", "top-up", "beta", "25.00"))
                .isEqualTo("Account 'beta' has no card on file that could be charged: give it one first");
        assertThat(refused("credits", "top-up", "nobody", "25.00")).contains("nobody");
        assertThat(postpaid.run("credits", "top-up", "alpha").exitCode()).isEqualTo(2);
        assertThat(failed("credits", "top-up", "poor", "12.00", "--reference", "P-1"))
                .isEqualTo("Nothing was charged to the card of poor: There was not enough money available on the card."
                        + " The top-up P-1 is over; another try is another reference");

        // Much goes wrong in the sandbox; by night it is well again.
        run("accounts", "card", "lost", "pm_card_visa");
        postpaid.with("POSTPAID_SANDBOX_FAULTS", "4:60");
        assertThat(failed("credits", "top-up", "lost", "40.00", "--reference", "L-1"))
                .startsWith("It is not known whether USD 40.00 was charged (")
                .endsWith(
                        "): run the command again with --reference 'L-1' to find out, or leave it to the next nightly or"
                                + " monthly run. It is charged once at most");
        // Here Stripe keeps a failure for as long as it keeps the key, so that a look a day later is what ends it.
        postpaid.with("POSTPAID_SANDBOX_FAULTS", "7:60");
        assertThat(failed("credits", "top-up", "lost", "50.00", "--reference", "L-2"))
                .contains("repeats a failure");
        postpaid.with("POSTPAID_SANDBOX_FAULTS", "");
        run("run", "nightly", "--date", "2026-11-01");
        assertThat(run("credits", "top-up", "lost", "40.00", "--reference", "L-1"))
                .isEqualTo(
                        "The top-up L-1 was charged before, once: USD 40.00 of credit for lost, whose credit is USD 40.00"
                                + " now");
        postpaid.at("2026-11-02T09:00:00Z");
        run("run", "nightly", "--date", "2026-11-02");
        assertThat(failed("credits", "top-up", "lost", "50.00", "--reference", "L-2"))
                .isEqualTo(
                        "The card of lost was never tried, and nothing was charged. The top-up L-2 is over; another try is"
                                + " another reference");

        var mails = run("mail", "list", "--status", "sent");
        assertThat(mails.lines().filter(line -> line.contains("top-up-succeeded")))
                .hasSize(3);
        assertThat(mails).doesNotContain("poor@");
        assertThat(run("reconcile", "--date", "2026-11-01"))
                .containsPattern("CARD +3 +65.50 USD +65.50 USD")
                .endsWith("Unexplained: 0.00");
        assertThat(run("verify"))
                .contains(
                        "3 top-ups: charged 65.50 = credit 65.50 + tax 0.00",
                        "CASH 65.5 = paid for invoices 0 + topped up 65.5");
    }
}
