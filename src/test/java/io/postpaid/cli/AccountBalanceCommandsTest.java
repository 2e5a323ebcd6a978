package io.postpaid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.support.CommandLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a credit note frees is money: it pays the next invoice after tax, and no tax is lost by it. */
@NullUnmarked
class AccountBalanceCommandsTest {
    private static final String FIRST = "2026-000001";
    private static final String NEXT = "2026-000002";

    @TempDir
    private Path folder;

    private CommandLine postpaid;

    private String run(String... arguments) {
        return postpaid.must(arguments).out().strip();
    }

    @Test
    void whatACreditNoteFreesPaysTheNextInvoiceAfterTax() throws IOException {
        var seller = Files.readString(Path.of("templates/seller.yaml"))
                .replace(
                        "taxes: []",
                        "taxes:\n  - {country: FI, name: VAT, percent: \"20\", reverse_charge_note: \"\"}");
        var templates = Files.createDirectory(folder.resolve("templates"));
        Files.writeString(templates.resolve("seller.yaml"), seller);
        postpaid = new CommandLine(folder.resolve("home"))
                .with("POSTPAID_TEMPLATES", templates.toString())
                .with("POSTPAID_TAX_CURRENCY", "none")
                .at("2026-11-01T09:00:00Z");
        run("accounts", "import", file("accounts.csv", """
                id,name,email,country,currency,free_credit,monthly_limit,purchase_order,business,buyer_reference,peppol_id,billing_emails,aliases
                alpha,Alpha,a@alpha.example,FI,USD,0,1000,PO-7,yes,Desk 4,0216:1,b@alpha.example c@alpha.example,sub-1 aws:7
                """));
        run("prices", "import", file("prices.yaml", """
                currency: USD
                products: {image: {unit: image}}
                prices: [{product: image, effective_from: 2026-01-01, amount: "0.01"}]
                """));
        bill("2026-10", "2026-11-01", 10_000);
        run("payments", "record", FIRST, "120.00", "--reference", "SEPA-1");
        run("invoices", "credit", FIRST, "120.00", "--reason", "Sorry");
        var account = postpaid.must("accounts", "show", "alpha", "--json").json();
        assertThat(account.path("account_balance").asString()).isEqualTo("120.00");
        assertThat(account.path("credit_balance").asString()).isEqualTo("0.00");
        assertThat(account.path("purchase_order").asString()).isEqualTo("PO-7");
        assertThat(account.path("billing_emails").toString()).isEqualTo("[\"b@alpha.example\",\"c@alpha.example\"]");
        assertThat(account.path("aliases").toString()).isEqualTo("[\"sub-1\",\"aws:7\"]");
        assertThat(account.path("spending_cap").isNull()).isTrue();
        assertThat(account.path("automatic_top_up").isNull()).isTrue();
        assertThat(run("accounts", "show", "alpha"))
                .containsPattern("mails also to +b@alpha.example, c@alpha.example")
                .containsPattern("business +yes")
                .containsPattern("buyer reference +Desk 4")
                .containsPattern("Peppol id +0216:1")
                .containsPattern("aliases +sub-1 aws:7")
                .containsPattern("customer's own cap +none")
                .containsPattern("automatic top-up +off");

        postpaid.at("2026-12-01T09:00:00Z");
        bill("2026-11", "2026-12-01", 12_000);

        var next = postpaid.must("invoices", "show", NEXT, "--json").json();
        assertThat(next.path("total").asString()).isEqualTo("144.00");
        assertThat(next.path("tax").asString()).isEqualTo("24.00");
        assertThat(next.path("credits").asString()).isEqualTo("0.00");
        assertThat(next.path("from_balance").asString()).isEqualTo("120.00");
        assertThat(next.path("amount_due").asString()).isEqualTo("24.00");
        assertThat(next.path("status").asString()).isEqualTo("OPEN");
        assertThat(run("explain", NEXT))
                .contains("from the account balance 120.00 USD: amount due 24.00", "Every sum is as printed");
        account = postpaid.must("accounts", "show", "alpha", "--json").json();
        assertThat(account.path("account_balance").asString()).isEqualTo("0.00");

        // What is more than open pays the next one whole, and nothing is charged.
        run("payments", "record", NEXT, "84.00", "--reference", "SEPA-2");
        postpaid.at("2027-01-01T09:00:00Z");
        bill("2026-12", "2027-01-01", 5_000);
        var last = postpaid.must("invoices", "show", "2027-000001", "--json").json();
        assertThat(last.path("from_balance").asString()).isEqualTo("60.00");
        assertThat(last.path("amount_due").asString()).isEqualTo("0.00");
        assertThat(last.path("status").asString()).isEqualTo("PAID");
        assertThat(run("verify")).contains("All ", " invariants hold");
        // The month once more changes nothing.
        run("run", "monthly", "--period", "2026-12");
        assertThat(run("verify")).contains("All ", " invariants hold");
    }

    private void bill(String period, String night, int images) throws IOException {
        run("usage", "ingest", file(period + ".ndjson", """
                {"id":"%1$s","account":"alpha","product":"image","quantity":"%2$d","occurred_at":"%1$s-03T12:00:00Z"}
                """.formatted(period, images)));
        run("run", "nightly", "--date", night);
        run("run", "monthly", "--period", period);
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }
}
