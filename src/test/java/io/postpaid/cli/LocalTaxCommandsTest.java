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

/** Taxes that are due in another currency than that of their invoice, from the rates of the central bank to the credit notes. */
class LocalTaxCommandsTest {
    private static final String TAXES = """
            rates:
              - {country: FI, percent: "25.5", name: VAT, effective_from: 2024-09-01}
              - {country: FI, category: books, percent: "14", name: VAT, effective_from: 2024-09-01}
              - {country: SE, percent: "25", name: Moms, effective_from: 2020-01-01}
              - {country: US, region: NY, percent: "8", name: Sales tax, effective_from: 2020-01-01}
            reverse_charge: {regions: [EU], seller: SE556677889901, note: "Reverse charge: the customer accounts for the VAT."}
            """;

    @TempDir
    private Path folder;

    private CommandLine postpaid;

    @BeforeEach
    void open() throws IOException {
        postpaid = new CommandLine(folder.resolve("home")).at("2026-11-01T09:00:00Z");
        postpaid.must("accounts", "import", file("accounts.csv", """
                id,name,email,country,state,tax_id,business,currency,free_credit,monthly_limit
                finn,Finn,finn@a.example,FI,,,no,USD,0,1000
                euro,Euro,euro@a.example,FI,,,no,EUR,0,1000
                sven,Sven,sven@a.example,SE,,,no,USD,0,1000
                gmbh,Gmbh,gmbh@a.example,DE,,DE129273398,yes,USD,0,1000
                york,York,york@a.example,US,NY,,no,USD,0,1000
                zero,Zero,zero@a.example,FI,,,no,USD,100,1000
                """));
        for (var currency : new String[] {"USD", "EUR"}) {
            postpaid.must("prices", "import", file("prices.yaml", """
                    currency: %1$s
                    products: {text%1$s: {unit: word}, novel%1$s: {unit: word, tax_category: books}}
                    prices:
                      - {product: text%1$s, effective_from: 2026-01-01, amount: "0.01"}
                      - {product: novel%1$s, effective_from: 2026-01-01, amount: "0.01"}
                    """.formatted(currency)));
        }
        postpaid.must("taxes", "import", file("taxes.yaml", TAXES));
    }

    private void bill() throws IOException {
        postpaid.must(
                "usage",
                "ingest",
                file(
                        "october.ndjson",
                        used("finn", "textUSD", 4015)
                                + used("finn", "novelUSD", 1000)
                                + used("euro", "textEUR", 1000)
                                + used("sven", "textUSD", 1000)
                                + used("gmbh", "textUSD", 1000)
                                + used("york", "textUSD", 1000)
                                + used("zero", "textUSD", 1000)));
        postpaid.must("run", "nightly", "--date", "2026-11-01");
        postpaid.must("run", "monthly", "--period", "2026-10");
    }

    @Test
    void eachTaxIsSaidInTheCurrencyOfItsCountry() throws IOException {
        postpaid.must("rates", "import", file("rates.csv", "Date,USD,SEK,\n2026-10-30,1.1712,10.9540,\n"));
        bill();

        assertThat(taxes("finn")).isEqualTo("14 on 10.00 = 1.40 USD, 1.20 EUR; 25.5 on 40.15 = 10.24 USD, 8.74 EUR");
        assertThat(taxes("euro")).isEqualTo("25.5 on 10.00 = 2.55 EUR");
        assertThat(taxes("sven")).isEqualTo("25 on 10.00 = 2.50 USD, 23.38 SEK");
        assertThat(taxes("gmbh")).isEqualTo("0 on 10.00 = 0.00 USD");
        assertThat(taxes("york")).isEqualTo("8 on 10.00 = 0.80 USD");
        assertThat(taxes("zero")).isEqualTo("25.5 on 0.00 = 0.00 USD");
        assertThat(shown("finn").at("/tax_point").asString()).isEqualTo("2026-10-31");
        assertThat(shown("sven").at("/taxes/0/exchange_rate").toString())
                .isEqualTo(
                        "{\"day\":\"2026-10-30\",\"currency_per_euro\":\"1.1712\",\"tax_currency_per_euro\":\"10.9540\"}");
        assertThat(postpaid.must("invoices", "show", number("finn")).out())
                .contains("tax point 2026-10-31", "EUR 8.74");

        // A credit note by the rate of its invoice, whatever rates there are by then; in parts to the cent what was
        // charged.
        postpaid.at("2026-11-20T09:00:00Z");
        postpaid.must("rates", "import", file("rates.csv", "Date,USD,SEK,\n2026-11-19,1.3,12,\n"));
        for (var amount : new String[] {"10.00", "10.00", "41.79"}) {
            postpaid.must("invoices", "credit", number("finn"), amount, "--reason", "an outage");
        }
        assertThat(postpaid.must("verify").out())
                .contains("All ", "EUR: 9.94 charged, 9.94 returned; SEK: 23.38 charged, 0 returned");
    }

    @Test
    void anAccountWaitsForTheRateThatItsTaxNeeds() throws IOException {
        postpaid.must("rates", "import", file("rates.csv", "Date,USD,SEK,\n2026-10-23,1.2,N/A,\n2026-10-29,N/A,11,\n"));
        bill();
        assertThat(postpaid.must("held").out())
                .contains(
                        "NO_EXCHANGE_RATE",
                        "its tax is due in EUR, and there is no rate from USD to EUR of the week up to 2026-10-31:",
                        "./postpaid rates import",
                        "USD and SEK");
        assertThat(postpaid.must("invoices", "list", "--period", "2026-10", "--json")
                        .json()
                        .valueStream()
                        .map(invoice -> invoice.path("account").asString()))
                .containsExactlyInAnyOrder("euro", "gmbh", "york", "zero");

        postpaid.at("2026-11-02T09:00:00Z");
        postpaid.must("rates", "import", file("rates.csv", "Date,USD,SEK,\n2026-10-29,1.16,11,\n"));
        postpaid.must("run", "nightly", "--date", "2026-11-02");
        assertThat(taxes("sven")).isEqualTo("25 on 10.00 = 2.50 USD, 23.71 SEK");
        assertThat(taxes("finn")).contains("10.24 USD, 8.83 EUR");
        assertThat(postpaid.must("verify").out()).contains("All ");
    }

    @Test
    void theDayOfIssueMayBeTheTaxPoint() throws IOException {
        postpaid.with("POSTPAID_TAX_POINT", "issue");
        postpaid.must("rates", "import", file("rates.csv", "Date,USD,SEK,\n2026-10-30,1.1712,10.9540,\n"));
        postpaid.must("taxes", "import", file("november.yaml", """
                rates: [{country: FI, percent: "20", name: VAT, effective_from: 2026-11-01}]
                """));
        bill();
        assertThat(taxes("finn")).isEqualTo("14 on 10.00 = 1.40 USD, 1.20 EUR; 20 on 40.15 = 8.03 USD, 6.86 EUR");
        assertThat(shown("finn").at("/tax_point").asString()).isEqualTo("2026-11-01");
        assertThat(postpaid.run("taxes", "import", file("later.yaml", """
                rates: [{country: FI, percent: "21", name: VAT, effective_from: 2026-11-01}]
                """)).err())
                .contains("would change what invoice 2026-000001 for 2026-10 charged");
        assertThat(postpaid.must("verify").out()).contains("All ");
        assertThat(postpaid.with("POSTPAID_TAX_POINT", "never")
                        .run("run", "monthly", "--period", "2026-10")
                        .err())
                .contains("POSTPAID_TAX_POINT must be service or issue, not 'never'");
    }

    private JsonNode shown(String account) {
        return postpaid.must("invoices", "show", number(account), "--json").json();
    }

    private String taxes(String account) {
        var invoice = shown(account);
        return invoice.path("taxes")
                .valueStream()
                .map(tax -> tax.path("percent").asString() + " on "
                        + tax.path("base").asString() + " = "
                        + tax.path("tax").asString() + " "
                        + invoice.path("currency").asString()
                        + (tax.has("tax_currency")
                                ? ", " + tax.path("tax_in_currency").asString() + " "
                                        + tax.path("tax_currency").asString()
                                : ""))
                .collect(Collectors.joining("; "));
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
