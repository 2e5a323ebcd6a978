package io.postpaid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.support.CommandLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is taken back of an invoiced month returns the tax that was charged for it, whatever the customer has become. */
class CorrectionTaxTest {
    private static final String ACCOUNTS = """
            id,name,email,line1,city,postal_code,country,tax_id,currency,free_credit,monthly_limit
            lost,Lost GmbH,lost@a.example,Weg 1,Berlin,10115,DE,%s,EUR,0,1000
            got,Got GmbH,got@a.example,Weg 2,Berlin,10115,DE,%s,EUR,0,1000
            freed,Freed,freed@a.example,Road 1,Dublin,D01,IE,,EUR,0,1000
            """;

    private static final String TAXES = """
            rates:
              - {country: FI, percent: "25.5", name: VAT, effective_from: 2026-01-01}
              - {country: DE, percent: "19", name: VAT, effective_from: 2026-01-01}
              - {country: IE, percent: "23", name: VAT, effective_from: 2026-01-01}
            reverse_charge: {regions: [EU], seller: FI12345671, note: The customer accounts for the VAT.}
            """;

    @TempDir
    private Path folder;

    private CommandLine postpaid;

    @BeforeEach
    void open() {
        postpaid = new CommandLine(folder.resolve("home")).at("2026-11-01T09:00:00Z");
    }

    @Test
    void takesBackWhatWasCharged() throws IOException {
        postpaid.must("accounts", "import", file("accounts.csv", ACCOUNTS.formatted("DE129273398", "")));
        postpaid.must("taxes", "import", file("taxes.yaml", TAXES));
        postpaid.must("prices", "import", file("prices.yaml", """
                currency: EUR
                products: {text: {unit: word}}
                prices: [{product: text, effective_from: 2026-01-01, amount: "0.01"}]
                """));
        bill("2026-10", used("lost", 4100) + used("got", 4100) + used("freed", 4100));
        assertThat(taxes("lost", "2026-10")).isEqualTo("AE  0 on 41.00 = 0.00");
        assertThat(taxes("got", "2026-10")).isEqualTo("S VAT 19 on 41.00 = 7.79");
        assertThat(taxes("freed", "2026-10")).isEqualTo("S VAT 23 on 41.00 = 9.43");

        postpaid.must("accounts", "import", file("accounts.csv", ACCOUNTS.formatted("", "DE129273398")));
        postpaid.must("taxes", "import", file("taxes.yaml", TAXES + """
                exempt: [{account: freed, reason: A certificate}]
                """));
        postpaid.at("2026-12-01T09:00:00Z");
        bill("2026-11", voided("lost") + voided("got") + voided("freed"));
        assertThat(taxes("lost", "2026-11")).isEqualTo("AE  0 on -41.00 = 0.00");
        assertThat(taxes("got", "2026-11")).isEqualTo("S VAT 19 on -41.00 = -7.79");
        assertThat(taxes("freed", "2026-11")).isEqualTo("S VAT 23 on -41.00 = -9.43");
        postpaid.must("verify");
    }

    private void bill(String month, String usage) throws IOException {
        postpaid.must("usage", "ingest", file(month + ".ndjson", usage));
        postpaid.must("run", "nightly", "--date", month.equals("2026-10") ? "2026-11-01" : "2026-12-01");
        postpaid.must("run", "monthly", "--period", month);
    }

    private String taxes(String account, String period) {
        var number = postpaid.must("invoices", "list", "--period", period, "--json")
                .json()
                .valueStream()
                .filter(invoice -> invoice.path("account").asString().equals(account))
                .map(invoice -> invoice.path("number").asString())
                .findFirst()
                .orElseThrow();
        return postpaid.must("invoices", "show", number, "--json")
                .json()
                .path("taxes")
                .valueStream()
                .map(tax -> "%s %s %s on %s = %s"
                        .formatted(
                                tax.path("category").asString(),
                                tax.path("name").asString(),
                                tax.path("percent").asString(),
                                tax.path("base").asString(),
                                tax.path("tax").asString()))
                .collect(Collectors.joining("; "));
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    private static String used(String account, int words) {
        return """
                {"id":"%1$s","account":"%1$s","product":"text","quantity":"%2$d","occurred_at":"2026-10-03T12:00:00Z"}
                """.formatted(account, words);
    }

    private static String voided(String account) {
        return """
                {"id":"%1$s-void","type":"void","voids":"%1$s","account":"%1$s","occurred_at":"2026-11-03T12:00:00Z"}
                """.formatted(account);
    }
}
