package io.postpaid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.support.CommandLine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openpdf.text.pdf.PdfReader;
import org.openpdf.text.pdf.parser.PdfTextExtractor;

/** What a tax office wants to read on an invoice, from a seller in the EU to customers within it and beyond, each in their language. */
class PrintedTaxesTest {
    private static final String TAXES = """
            rates:
              - {country: SE, percent: "25", name: Moms, effective_from: 2020-01-01}
              - {country: FI, percent: "25.5", name: VAT, effective_from: 2024-09-01}
              - {country: FI, category: books, percent: "14", name: VAT, effective_from: 2024-09-01}
              - {country: FI, category: papers, percent: "10", name: VAT, effective_from: 2024-09-01}
            reverse_charge: {regions: [EU], seller: FI12345671, note: "Reverse charge: the customer accounts for the VAT."}
            exempt: [{account: school, reason: "Exempt: certificate 7 of the tax office"}]
            """;

    @TempDir
    private Path folder;

    private CommandLine postpaid;

    @BeforeEach
    void open() throws IOException {
        postpaid = new CommandLine(folder.resolve("home")).at("2026-11-01T09:00:00Z");
        postpaid.must("accounts", "import", file("accounts.csv", """
                id,name,email,line1,city,postal_code,country,tax_id,business,currency,free_credit,monthly_limit,payment_method,language
                finn,Finn Virtanen,finn@a.example,Mannerheimintie 12 B 4,Helsinki,00100,FI,,no,USD,5.00,1000,,en
                oy,Nordlys Oy,oy@a.example,Aleksanterinkatu 1,Helsinki,00100,FI,,no,EUR,0,1000,pm_card_visa,
                gmbh,Müller & Söhne GmbH,gmbh@a.example,Straße des 17. Juni 135,Berlin,10623,DE,DE129273398,yes,EUR,0,1000,,de-AT
                school,Skolan,school@a.example,Storgatan 3,Uppsala,75310,SE,,yes,SEK,0,1000,,xx
                urs,Urs Keller AG,urs@a.example,Bahnhofstrasse 1,Zürich,8001,CH,CHE-116.281.710,yes,USD,0,1000,,de
                dubai,شركة الصوت العربي,dubai@a.example,شارع الشيخ زايد ١٢,دبي,,AE,,yes,USD,0,1000,,ar
                """));
        for (var currency : new String[] {"USD", "EUR", "SEK"}) {
            postpaid.must("prices", "import", file("prices.yaml", """
                    currency: %1$s
                    products:
                      text%1$s: {unit: word}
                      novel%1$s: {unit: word, tax_category: books}
                      paper%1$s: {unit: page, tax_category: papers}
                    prices:
                      - {product: text%1$s, effective_from: 2026-01-01, amount: "0.01"}
                      - {product: novel%1$s, effective_from: 2026-01-01, amount: "0.01"}
                      - {product: paper%1$s, effective_from: 2026-01-01, amount: "0.15"}
                    """.formatted(currency)));
        }
        postpaid.must("taxes", "import", file("taxes.yaml", TAXES));
        postpaid.must("rates", "import", file("rates.csv", "Date,USD,SEK,\n2026-10-30,1.1712,10.9540,\n"));
        postpaid.must(
                "usage",
                "ingest",
                file(
                        "october.ndjson",
                        used("finn", "textUSD", 4515)
                                + used("finn", "novelUSD", 12003)
                                + used("finn", "paperUSD", 77)
                                + used("oy", "textEUR", 10250)
                                + used("gmbh", "textEUR", 123456)
                                + used("school", "textSEK", 100000)
                                + used("urs", "textUSD", 34510)
                                + used("dubai", "textUSD", 20000)));
        postpaid.must("run", "nightly", "--date", "2026-11-01");
        postpaid.must("run", "monthly", "--period", "2026-10");
    }

    @Test
    void eachDocumentSaysWhyItChargesWhat() throws IOException {
        assertThat(printed(number("finn")))
                .contains(
                        "Date of supply",
                        "31 October 2026",
                        "14 %",
                        "25.5 %",
                        "10 %",
                        "VAT 25.5 % on",
                        "VAT 14 % on",
                        "VAT 10 % on",
                        "(1 EUR = 1.1712 USD, ECB 30 October 2026)",
                        "Tax ID FI12345671");
        assertThat(printed(number("oy"))).contains("VAT 25.5 % on 102.50").doesNotContain("ECB", "Outside the scope");
        assertThat(printed(number("gmbh")))
                .contains(
                        "Rechnung",
                        "Leistungsdatum",
                        "31. Oktober 2026",
                        "Steuerschuldnerschaft des Leistungsempfängers auf",
                        "Reverse charge: the customer accounts for the VAT.",
                        "USt-IdNr. DE129273398",
                        "USt-IdNr. FI12345671");
        // A language that nobody has written is the seller's.
        assertThat(printed(number("school")))
                .contains("Exempt from tax on 1,000.00", "Exempt: certificate 7 of the tax office");
        assertThat(printed(number("urs")))
                .contains("Ausfuhr: ohne Steuer auf 345,10", "Artikel 44 und 59 der Richtlinie 2006/112/EG");
        assertThat(printed(number("dubai")))
                .contains("Export: no tax is charged on 200.00", "Articles 44 and 59 of Directive 2006/112/EC");

        // A document stays in the language that it was written in.
        postpaid.must(
                "accounts",
                "import",
                file("more.csv", "id,name,email,language\ngmbh,Müller & Söhne GmbH,gmbh@a.example,en\n"));
        postpaid.must("invoices", "credit", number("gmbh"), "100", "--reason", "Ausfall am 12. Oktober");
        assertThat(printed("CN-2026-000001"))
                .contains("Rechnungskorrektur", "Berichtigt Rechnung", "Steuerschuldnerschaft des Leistungsempfängers");
        postpaid.must("invoices", "credit", number("finn"), "60", "--reason", "An outage on 12 October");
        assertThat(printed("CN-2026-000002"))
                .contains("Credit note", "VAT 14 % on", "VAT in EUR")
                .doesNotContain("Date of supply");
        postpaid.must("invoices", "credit", number("urs"), "45.10", "--reason", "Ausfall am 12. Oktober");
        postpaid.at("2026-11-02T09:00:00Z").must("run", "nightly", "--date", "2026-11-02");
        assertThat(mails())
                .contains("Subject: Rechnungskorrektur CN-2026-000003 zur Rechnung " + number("urs"))
                .contains("Subject: Credit note CN-2026-000002 for invoice " + number("finn"));
        assertThat(postpaid.must("verify").out()).contains("All ");
    }

    private String mails() throws IOException {
        var mails = new StringBuilder();
        try (var files = Files.list(folder.resolve("home/sandbox/mail"))) {
            for (var mail : files.toList()) mails.append(Files.readString(mail, StandardCharsets.ISO_8859_1));
        }
        return mails.toString().replace("\r\n ", " ");
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
        var file = postpaid.must("invoices", "pdf", number, "--json")
                .json()
                .path("file")
                .asString();
        try (var pdf = new PdfReader(file)) {
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
