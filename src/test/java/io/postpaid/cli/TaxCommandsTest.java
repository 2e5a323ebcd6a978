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
import org.openpdf.text.pdf.PdfReader;
import org.openpdf.text.pdf.parser.PdfTextExtractor;
import tools.jackson.databind.JsonNode;

/** A month of customers in several countries, from the tax file to their invoices and credit notes. */
class TaxCommandsTest {
    private static final String TAXES = """
            rates:
              - {country: SE, percent: "25", name: Moms, effective_from: 2020-01-01}
              - {country: FI, percent: "25.5", name: VAT, effective_from: 2024-09-01}
              - {country: FI, category: books, percent: "14", name: VAT, effective_from: 2024-09-01}
            reverse_charge: {regions: [EU], seller: SE556677889901, note: "Reverse charge: the customer accounts for the VAT."}
            exempt: [{account: school, reason: "Certificate 7"}]
            """;

    @TempDir
    private Path folder;

    private CommandLine postpaid;

    @BeforeEach
    void open() {
        postpaid = new CommandLine(folder.resolve("home")).at("2026-11-01T09:00:00Z");
    }

    @Test
    void eachCustomerIsTaxedAsTheFileSays() throws IOException {
        postpaid.must("accounts", "import", file("accounts.csv", """
                id,name,email,country,tax_id,business,currency,free_credit,monthly_limit
                finn,Finn,finn@a.example,FI,,no,EUR,5.00,1000
                gmbh,Gmbh,gmbh@a.example,DE,DE129273398,yes,EUR,0,1000
                jean,Jean,jean@a.example,FR,,no,EUR,0,1000
                school,School,school@a.example,SE,,yes,EUR,0,1000
                urs,Urs,urs@a.example,CH,,,EUR,0,1000
                """));
        postpaid.must("prices", "import", file("prices.yaml", """
                currency: EUR
                products: {text: {unit: word}, novel: {unit: word, tax_category: books}}
                prices:
                  - {product: text, effective_from: 2026-01-01, amount: "0.01"}
                  - {product: novel, effective_from: 2026-01-01, amount: "0.01"}
                """));
        assertThat(postpaid.must("taxes", "list").out()).contains("the percentages of templates/seller.yaml hold");
        assertThat(postpaid.must("taxes", "import", file("taxes.yaml", TAXES)).out())
                .contains("5 added, 0 updated");
        assertThat(postpaid.must("taxes", "list", "--json")
                        .json()
                        .at("/rates/1/percent")
                        .asString())
                .isEqualTo("25.5");
        assertThat(postpaid.must("taxes", "list").out()).contains("SE556677889901", "Certificate 7", "Moms");

        postpaid.must(
                "usage",
                "ingest",
                file(
                        "october.ndjson",
                        used("finn", "text", 1001)
                                + used("finn", "novel", 2003)
                                + used("gmbh", "text", 1000)
                                + used("jean", "text", 1000)
                                + used("school", "text", 1000)
                                + used("urs", "text", 1000)));
        postpaid.must("run", "nightly", "--date", "2026-11-01");
        postpaid.must("run", "monthly", "--period", "2026-10");

        assertThat(taxes("finn")).isEqualTo("S standard VAT 14 on 16.70 = 2.34; S standard VAT 25.5 on 8.34 = 2.13");
        assertThat(taxes("gmbh")).isEqualTo("AE reverse charge  0 on 10.00 = 0.00");
        assertThat(taxes("school")).isEqualTo("E exempt  0 on 10.00 = 0.00");
        assertThat(taxes("urs")).isEqualTo("G export  0 on 10.00 = 0.00");
        var finn = number("finn");
        assertThat(postpaid.must("invoices", "show", finn).out()).containsPattern("VAT 25.5 % +standard +8.34 +2.13");
        assertThat(postpaid.must("explain", finn).out())
                .contains("VAT 14 % on 16.70 EUR: 2.34 EUR (standard)", "Every sum is as printed");
        assertThat(printed(finn)).contains("VAT 25.5 % on 8.34", "VAT 14 % on 16.70");
        assertThat(printed(number("gmbh"))).contains("Reverse charge on 10.00", "the customer accounts for the VAT");
        assertThat(printed(number("urs"))).contains("Export: no tax is charged on 10.00");

        // France is taxed, and nobody has said how: its customer waits.
        assertThat(postpaid.must("held").out())
                .contains(
                        "NO_TAX_RATE",
                        "no tax rate of FR fits standard for a consumer on 2026-10-31: ./postpaid taxes import");
        postpaid.at("2026-11-02T09:00:00Z");
        postpaid.must("taxes", "import", file("france.yaml", """
                rates: [{country: FR, percent: "20", name: TVA, effective_from: 2026-01-01, registration: OSS}]
                """));
        postpaid.must("run", "nightly", "--date", "2026-11-02");
        assertThat(taxes("jean")).isEqualTo("S standard TVA 20 on 10.00 = 2.00");
        assertThat(postpaid.run("taxes", "import", file("finland.yaml", TAXES.replace("25.5", "24")))
                        .err())
                .contains("rates[1]: the rate of FI for standard from 2024-09-01 would change what invoice " + finn);

        // In three parts, and together to the cent what was charged.
        assertThat(credited(finn, "10.00")).isEqualTo("1.51");
        assertThat(credited(finn, "10.00")).isEqualTo("1.52");
        assertThat(credited(finn, "9.51")).isEqualTo("1.44");
        assertThat(printed("CN-2026-000001")).contains("VAT 25.5 % on 2.83", "0.72", "VAT 14 % on 5.66", "0.79");
        assertThat(postpaid.must("verify").out()).contains("All ", "EUR: 6.47 charged, 4.47 returned");
    }

    private String credited(String invoice, String amount) {
        return postpaid.must("invoices", "credit", invoice, amount, "--reason", "an outage", "--json")
                .json()
                .path("tax")
                .asString();
    }

    private String taxes(String account) {
        var taxes = postpaid.must("invoices", "show", number(account), "--json")
                .json()
                .path("taxes");
        return taxes.valueStream().map(TaxCommandsTest::said).collect(Collectors.joining("; "));
    }

    private static String said(JsonNode tax) {
        return "%s %s %s %s on %s = %s"
                .formatted(
                        tax.path("category").asString(),
                        tax.path("reason").asString(),
                        tax.path("name").asString(),
                        tax.path("percent").asString(),
                        tax.path("base").asString(),
                        tax.path("tax").asString());
    }

    private String number(String account) {
        return postpaid.must("invoices", "list", "--period", "2026-10", "--json")
                .json()
                .valueStream()
                .filter(invoice -> invoice.path("account").asString().equals(account))
                .findFirst()
                .orElseThrow()
                .path("number")
                .asString();
    }

    private String printed(String number) throws IOException {
        try (var pdf = new PdfReader(postpaid.must("invoices", "pdf", number, "--json")
                .json()
                .path("file")
                .asString())) {
            return new PdfTextExtractor(pdf).getTextFromPage(1).replaceAll("\\s+", " ");
        }
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    private static String used(String account, String product, int words) {
        return """
                {"id":"%1$s-%2$s","account":"%1$s","product":"%2$s","quantity":"%3$d","occurred_at":"2026-10-03T12:00:00Z"}
                """.formatted(account, product, words);
    }
}
