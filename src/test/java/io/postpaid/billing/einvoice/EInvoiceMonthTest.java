package io.postpaid.billing.einvoice;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.account.Accounts;
import io.postpaid.billing.document.ElectronicDocuments;
import io.postpaid.billing.invoicing.CreditNotes;
import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.credit.CreditLedger;
import io.postpaid.payments.settlement.Adjustments;
import io.postpaid.payments.settlement.Freely;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.home.Home;
import io.postpaid.pricing.pricebook.PriceBooks;
import io.postpaid.pricing.tax.Taxes;
import io.postpaid.support.TestApplication;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two months of customers in several countries, billed by the product's own steps: every file is what receivers accept. */
class EInvoiceMonthTest {
    private static final String ACCOUNTS = """
            id,name,email,line1,city,postal_code,country,tax_id,business,currency,free_credit,monthly_limit,payment_method,purchase_order,buyer_reference,peppol_id
            finn,Finn & Söner,finn@a.example,Esplanadi 1,Helsinki,00100,FI,,no,EUR,5.00,1000,pm_card_visa,,,
            gmbh,Gmbh,gmbh@a.example,Hauptstr. 1,Berlin,10115,DE,DE136695976,yes,EUR,0,1000,,PO-7,04011000-12345-34,9930:DE136695976
            jean,Jean,jean@a.example,Rue 1,Paris,75001,FR,,no,EUR,0,1000,,,,
            school,School,school@a.example,Esplanadi 2,Helsinki,00100,FI,FI20774740,yes,EUR,0,1000,,,,0216:003720774740
            urs,Urs,urs@a.example,Gasse 1,Zürich,8001,CH,,,EUR,0,1000,,,,
            free,Free,free@a.example,Esplanadi 3,Helsinki,00100,FI,,no,EUR,100,1000,,,,
            mini,Mini,mini@a.example,Esplanadi 4,Helsinki,00100,FI,,no,EUR,0,1000,,,,
            """;

    private static final String TAXES = """
            rates:
              - {country: FI, percent: "25.5", name: VAT, effective_from: 2024-09-01}
              - {country: FI, category: books, percent: "14", name: VAT, effective_from: 2024-09-01}
              - {country: FR, percent: "20", name: TVA, effective_from: 2026-01-01}
            reverse_charge: {regions: [EU], seller: FI12345671, note: "Reverse charge: the customer accounts for the VAT."}
            exempt: [{account: school, reason: "Certificate 7"}]
            """;

    private static final String PRICES = """
            currency: EUR
            products: {text: {unit: word}, novel: {unit: word, tax_category: books}, calls: {unit: call}}
            prices:
              - {product: text, effective_from: 2026-01-01, amount: "0.0123", per: 60}
              - {product: novel, effective_from: 2026-01-01, amount: "0.01"}
              - {product: calls, effective_from: 2026-01-01, model: package, amount: "2.50", per: 1000}
            """;

    private static final BillingPeriod OCTOBER = BillingPeriod.parse("2026-10");
    private static final BillingPeriod NOVEMBER = BillingPeriod.parse("2026-11");

    private TestApplication application;
    private Path folder;

    @BeforeEach
    void start(@TempDir Path temporary) throws IOException {
        folder = temporary;
        application = new TestApplication(folder.resolve("home"), Instant.parse("2026-10-01T08:00:00Z"));
        application.get(PriceBooks.class).importFile(file("prices.yaml", PRICES));
        application.get(Accounts.class).importFile(file("accounts.csv", ACCOUNTS));
        application.get(Taxes.class).importFile(file("taxes.yaml", TAXES));
        application.get(CreditLedger.class).grantAllowances();
    }

    @AfterEach
    void stop() {
        application.close();
    }

    @Test
    void everyFileIsValid() throws IOException {
        used(
                used("finn", "text", "61204.123456789", 10),
                used("finn", "novel", "2003", 10),
                used("gmbh", "text", "1000000", 10),
                used("gmbh", "calls", "1001", 10),
                used("jean", "text", "100000", 10),
                used("school", "novel", "1000", 10),
                used("urs", "text", "90000", 10),
                used("free", "calls", "1", 10),
                used("mini", "text", "600", 10));
        bill(OCTOBER);
        application.moveTo(Instant.parse("2026-11-02T12:00:00Z"));
        var finn = invoice("finn", OCTOBER);
        for (var amount : List.of("3.00", "10.00")) {
            application
                    .get(Adjustments.class)
                    .credit(finn.issuedNumber(), new BigDecimal(amount), "An outage of <4 & 5> October", Freely.GIVEN);
        }
        used(
                used("finn", "text", "70000", 11),
                used("gmbh", "text", "5000", 10),
                used("mini", "text", "90000", 11),
                """
                {"id":"void","type":"void","voids":"gmbh-calls-1001","account":"gmbh","occurred_at":"2026-10-03T12:00:00Z"}
                """);
        bill(NOVEMBER);

        assertThat(files()).hasSize(12).allSatisfy(pdf -> {
            assertThat(EInvoiceValidators.hybrid(pdf)).isEmpty();
            assertThat(EInvoiceValidators.archive(Files.readAllBytes(pdf))).isEmpty();
        });
        var documents = application.get(ElectronicDocuments.class);
        for (var invoice : List.of(finn, invoice("gmbh", OCTOBER), invoice("gmbh", NOVEMBER))) {
            assertThat(EInvoiceValidators.xrechnung(documents.xml(invoice, Format.XRECHNUNG)))
                    .isEmpty();
        }
        for (var invoice : List.of(invoice("gmbh", OCTOBER), invoice("school", OCTOBER))) {
            assertThat(EInvoiceValidators.ubl(documents.xml(invoice, Format.PEPPOL)))
                    .isEmpty();
        }
        for (var note : application.get(CreditNotes.class).of(finn.id())) {
            assertThat(EInvoiceValidators.cii(documents.xml(note, Format.CII))).isEmpty();
            assertThat(EInvoiceValidators.xrechnung(documents.xml(note, Format.XRECHNUNG)))
                    .isEmpty();
        }
    }

    private void bill(BillingPeriod period) {
        var day = period.issuedOn();
        application.moveTo(Instant.parse(day + "T08:00:00Z"));
        application.nightly(day);
        application.monthly(period);
    }

    private Invoice invoice(String account, BillingPeriod period) {
        return application.get(Invoices.class).ofAccount(account).stream()
                .filter(invoice -> invoice.period().equals(period))
                .findFirst()
                .orElseThrow();
    }

    private List<Path> files() throws IOException {
        try (var files = Files.walk(application.get(Home.class).documents())) {
            return files.filter(file -> file.toString().endsWith(".pdf")).toList();
        }
    }

    private void used(String... records) throws IOException {
        var inbox = application.get(Home.class).inbox();
        Files.writeString(inbox.resolve("usage-" + records.length + ".ndjson"), String.join("", records));
    }

    private static String used(String account, String product, String quantity, int month) {
        return """
                {"id":"%1$s-%2$s-%3$s","account":"%1$s","product":"%2$s","quantity":"%3$s","occurred_at":"2026-%4$d-03T12:00:00Z"}
                """.formatted(account, product, quantity, month);
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }
}
