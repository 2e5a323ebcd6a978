package io.postpaid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.support.CommandLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator settles by hand, in one story over two invoices: one is paid by card, one has none. */
@NullUnmarked
class SettlementCommandsTest {
    private static final String CARD = "2026-000001";
    private static final String NONE = "2026-000002";

    @TempDir
    private Path folder;

    private CommandLine postpaid;

    private String run(String... arguments) {
        return postpaid.must(arguments).out().strip();
    }

    private String refused(String... arguments) {
        var result = postpaid.run(arguments);
        assertThat(result.exitCode()).isEqualTo(1);
        return result.err();
    }

    @Test
    void moneyInAndOut() throws IOException {
        billOctober();
        postpaid.at("2026-11-02T09:00:00Z");

        assertThat(run("payments", "record", NONE, "4.00", "--reference", "SEPA-1", "--at", "2026-11-02"))
                .isEqualTo("Recorded USD 4.00 for invoice " + NONE + ", which is OPEN with 6.00 open");
        assertThat(run("payments", "record", NONE, "4.00", "--reference", "SEPA-1"))
                .isEqualTo("The payment SEPA-1 of USD 4.00 was recorded before: nothing was done");
        assertThat(refused("payments", "record", NONE, "6.00", "--reference", "SEPA-1"))
                .contains("The reference 'SEPA-1' stands for another payment already");
        assertThat(refused("payments", "record", NONE, "6.001", "--reference", "SEPA-2"))
                .contains("6.001 USD has more than 2 decimals: give an amount such as 25.00");
        assertThat(refused("payments", "record", NONE, "6.00", "--reference", "SEPA-2", "--at", "2026-11-03"))
                .contains("cannot have been made on 2026-11-03: invoice " + NONE
                        + " is issued on 2026-11-01, and today is 2026-11-02");
        assertThat(run("payments", "record", NONE, "7.00", "--reference", "SEPA-2"))
                .isEqualTo(
                        "Recorded USD 7.00 for invoice " + NONE
                                + ", which is PAID with 0.00 open; USD 1.00 more than was open went to the account balance of beta");

        var refund = postpaid.must("payments", "refund", CARD, "2.50", "--json").json();
        assertThat(refund.path("status").asString()).isEqualTo("SUCCEEDED");
        assertThat(refund.path("amount").asString()).isEqualTo("2.50");
        assertThat(refused("payments", "refund", CARD, "7.51")).contains("7.51 cannot be refunded");
        assertThat(refused("payments", "refund", NONE, "1.00")).contains("0.00 USD is paid by card and not given back");
        assertThat(refused("payments", "write-off", CARD, "--reason", "x"))
                .contains("is PAID: only an OPEN one can be written off");

        var note = postpaid.must("invoices", "credit", CARD, "1.50", "--reason", "Outage on 12 October", "--json")
                .json();
        assertThat(note.path("number").asString()).isEqualTo("CN-2026-000002");
        assertThat(note.path("balance").asString()).isEqualTo("1.50");
        assertThat(Path.of(note.path("pdf").asString())).isRegularFile();
        assertThat(run("invoices", "pdf", "CN-2026-000001")).endsWith("2026-11/CN-2026-000001.pdf");

        assertThat(run("payments", "list", CARD))
                .contains("CARD         10.00 USD", "REFUND       -2.50 USD", "CREDIT_NOTE   2.50 USD");
        assertThat(run("invoices", "show", CARD)).contains("SETTLED BY", "CARD");

        // The night sends the mails, with the credit notes, and finds nothing in Stripe's events that is not known.
        run("run", "nightly", "--date", "2026-11-02");
        assertThat(run("mail", "list", "--account", "alpha", "--status", "sent"))
                .contains("payment-succeeded", "payment-refunded", "credit-note");
        var sent = postpaid.must("mail", "list", "--account", "beta", "--json").json();
        assertThat(sent.get(0).path("kind").asString()).isEqualTo("payment-succeeded");
        assertThat(run("mail", "resend", Long.toString(sent.get(0).path("id").longValue())))
                .contains("to b@beta.example: the next nightly or monthly run sends it");
        assertThat(refused("mail", "resend", "4711")).contains("There is no notice 4711: ./postpaid mail list");
        assertThat(mails()).contains("credit note CN-2026-000001 is attached", "We received your transfer of USD 7.00");

        assertThat(run("reconcile", "--date", "2026-11-01")).endsWith("Unexplained: 0.00");
        var reconciled =
                postpaid.must("reconcile", "--period", "2026-11", "--json").json();
        assertThat(reconciled.path("unexplained").asString()).isEqualTo("0.00");
        assertThat(reconciled.path("lines").toString()).contains("\"at_stripe\":\"-2.50\"");
        assertThat(reconciled.path("clearing").get(0).path("unexplained").asString())
                .isEqualTo("0.00");
        assertThat(postpaid.run("reconcile").exitCode()).isEqualTo(2);
        assertThat(run("verify")).contains("All ", " invariants hold");

        var mail = postpaid.must("accounts", "show", "beta", "--json").json();
        assertThat(mail.path("email_refused").isNull()).isTrue();
        assertThat(mail.path("account_balance").asString()).isEqualTo("1.00");
        assertThat(mail.path("owed").asString()).isEqualTo("0.00");

        for (var amount : new String[] {"0", "-1.00", "0.001", "1e13", "1e999999999", "1e-999999999"}) {
            for (var command : new String[][] {
                {"credits", "grant", "beta", "--kind=TOP_UP", "--", amount},
                {"credits", "top-up", "beta", "--", amount},
                {"payments", "record", NONE, "--reference=R", "--", amount},
                {"payments", "record", "beta", "--reference=R", "--", amount},
                {"payments", "refund", CARD, "--", amount},
                {"invoices", "credit", CARD, "--reason=x", "--", amount},
            }) {
                assertThat(postpaid.run(command).exitCode())
                        .as(String.join(" ", command))
                        .isIn(1, 2);
            }
        }
        for (var amount : new String[] {"-1.00", "0.001", "1e13", "1e999999999"}) {
            assertThat(postpaid.run("accounts", "limit", "beta", "--", amount).exitCode())
                    .as(amount)
                    .isIn(1, 2);
        }
        assertThat(run("verify")).contains("All ", " invariants hold");
    }

    private String mails() throws IOException {
        var all = new StringBuilder();
        try (var files = Files.list(folder.resolve("home/sandbox/mail"))) {
            for (var file :
                    files.filter(path -> path.toString().endsWith(".eml")).toList()) {
                all.append(Files.readString(file).replace("=\r\n", "").replaceAll("\\s+", " "));
            }
        }
        return all.toString();
    }

    private void billOctober() throws IOException {
        postpaid = new CommandLine(folder.resolve("home")).at("2026-11-01T09:00:00Z");
        var accounts = Files.writeString(folder.resolve("accounts.csv"), """
                id,name,email,currency,free_credit,payment_method
                alpha,Alpha,a@alpha.example,USD,0,pm_card_visa
                beta,Beta,b@beta.example,USD,0,
                """);
        var prices = Files.writeString(folder.resolve("prices.yaml"), """
                currency: USD
                products:
                  image: {unit: image}
                prices:
                  - {product: image, effective_from: 2026-01-01, amount: "0.01"}
                """);
        var usage = Files.writeString(folder.resolve("usage.ndjson"), """
                {"id":"1","account":"alpha","product":"image","quantity":"1000","occurred_at":"2026-10-03T12:00:00Z"}
                {"id":"2","account":"beta","product":"image","quantity":"1000","occurred_at":"2026-10-03T12:00:00Z"}
                """);
        run("accounts", "import", accounts.toString());
        run("prices", "import", prices.toString());
        run("usage", "ingest", usage.toString());
        run("run", "nightly", "--date", "2026-11-01");
        run("run", "monthly", "--period", "2026-10");
    }
}
