package io.postpaid.billing.einvoice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.postpaid.account.Address;
import io.postpaid.billing.invoicing.BilledTo;
import io.postpaid.billing.invoicing.CreditNote;
import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.billing.invoicing.InvoiceLine;
import io.postpaid.billing.invoicing.InvoiceStatus;
import io.postpaid.billing.invoicing.InvoiceTax;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.template.Seller;
import io.postpaid.platform.template.TemplateFiles;
import io.postpaid.pricing.pricebook.Price;
import io.postpaid.pricing.pricebook.PriceModel;
import io.postpaid.pricing.pricebook.Tier;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Whole files, byte for byte, of one invoice with everything on it and of its credit note. */
class EInvoicesTest {
    private static final BillingPeriod OCTOBER = BillingPeriod.parse("2026-10");
    private static final Price AUDIO = price(1, PriceModel.PER_UNIT, "60", "0.0639");
    private static final Price CALLS = price(2, PriceModel.PACKAGE, "1000", "2.00");
    private static final List<InvoiceTax> TAXES =
            List.of(tax(1, "S", "25.5", "45.18", "11.52"), tax(2, "S", "14", "2.00", "0.28"));

    @TempDir
    private Path templates;

    @ParameterizedTest
    @EnumSource
    void saysWhatThePaperSays(Format format) throws IOException {
        assertSaid("invoice", format, invoices().of(invoice(""), lines(), TAXES, words()));
    }

    @ParameterizedTest
    @EnumSource
    void saysWhatACreditNoteGivesBack(Format format) throws IOException {
        var returned = List.of(tax(1, "S", "25.5", "8.00", "2.04"), tax(2, "S", "14", "0.35", "0.05"));
        var note = new CreditNote(
                "CN-2026-000001",
                1,
                LocalDate.of(2026, 11, 12),
                number("10.44"),
                number("2.09"),
                number("10.44"),
                null,
                "Outage of 4 & 5 October");
        assertSaid("credit-note", format, invoices().of(note, returned, invoice(""), "Taken off the open amount."));
    }

    /** What each tax is called where the seller has a VAT id, and where it has none. */
    @ParameterizedTest
    @CsvSource({
        "S,  FI12345678, S, ''",
        "AE, FI12345678, AE, VATEX-EU-AE",
        "G,  FI12345678, G, VATEX-EU-G",
        "G,  00-1234567, O, VATEX-EU-O",
        "O,  FI12345678, O, VATEX-EU-O",
        "E,  FI12345678, E, ''",
        "Z,  FI12345678, Z, ''"
    })
    void namesTheCategory(String category, String taxId, String code, String reason) throws IOException {
        var percent = category.equals("S") ? "20" : "0";
        var taxes = List.of(tax(1, category, percent, "65.18", "0.00"));
        var line = lines().subList(0, 1);
        var made = invoices(taxId).of(invoice(""), line, taxes, words());
        assertThat(made.taxes())
                .extracting(tax -> tax.category().code(), EInvoice.Tax::reasonCode)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(code, reason));
        // Outside of the scope of VAT no VAT id may stand on it.
        assertThat(made.seller().vatId()).isEqualTo(code.equals("O") ? "" : taxId);
    }

    @Test
    void saysWhatIsMissing() throws IOException {
        Files.writeString(
                templates.resolve("e-invoice.yaml"),
                TemplateFiles.builtIn().text("e-invoice.yaml").replaceAll("(?m)^([a-z_]+): .*$", "$1: \"\""));
        var plain = new EInvoices(seller("FI12345678"), TemplateFiles.in(templates));
        var made = plain.of(invoice(""), lines(), TAXES, words());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Format.PEPPOL.write(made))
                .withMessage("2026-000042 cannot be written as peppol, which asks for: peppol_id of"
                        + " templates/e-invoice.yaml");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Format.XRECHNUNG.write(made))
                .withMessage("2026-000042 cannot be written as xrechnung, which asks for: city of"
                        + " templates/e-invoice.yaml; postal_code of templates/e-invoice.yaml; contact of"
                        + " templates/e-invoice.yaml; phone of templates/e-invoice.yaml");
        assertThat(Format.CII.missing(made)).isEmpty();
    }

    private static void assertSaid(String name, Format format, EInvoice invoice) throws IOException {
        var expected = Path.of("src/test/resources/einvoice", name + "." + format + ".xml");
        var said = new String(format.write(invoice), StandardCharsets.UTF_8);
        // One element a line, to be read and compared.
        var readable = Pattern.compile("(<[^/?!][^>]*>(?=<)|</[^>]*>|\\?>)")
                .matcher(said)
                .replaceAll("$1\n");
        if (System.getProperty("write") != null) Files.writeString(expected, readable);
        assertThat(readable).isEqualTo(Files.readString(expected));
        assertThat(refusals(format, said.getBytes(StandardCharsets.UTF_8))).isEmpty();
    }

    private static List<String> refusals(Format format, byte[] xml) {
        return switch (format) {
            case CII -> EInvoiceValidators.cii(xml);
            case XRECHNUNG -> EInvoiceValidators.xrechnung(xml);
            case PEPPOL -> EInvoiceValidators.ubl(xml);
        };
    }

    private EInvoices invoices() throws IOException {
        return invoices("FI12345678");
    }

    private EInvoices invoices(String taxId) throws IOException {
        Files.writeString(templates.resolve("e-invoice.yaml"), """
                street: Satamakatu 5
                city: Helsinki
                postal_code: "00160"
                region: ""
                legal_id: "1234567-8"
                peppol_id: "0216:003712345678"
                contact: Billing
                phone: "+358 9 000000"
                iban: FI21 1234 5600 0007 85
                bic: NDEAFIHH
                units: {second: SEC, call: H87}
                """);
        return new EInvoices(seller(taxId), TemplateFiles.in(templates));
    }

    private static Seller seller(String taxId) {
        return new Seller(
                "Aurora Voice Oy",
                List.of("Satamakatu 5", "00160 Helsinki"),
                "FI",
                taxId,
                "billing@aurora.example",
                "https://aurora.example",
                "https://aurora.example/pay/{number}",
                List.of(),
                List.of());
    }

    private static Invoice invoice(String card) {
        return new Invoice(
                1,
                "acme",
                OCTOBER,
                "EUR",
                InvoiceStatus.OPEN,
                "2026-000042",
                new BilledTo(
                        "Müller & Söhne <GmbH>",
                        "ap@mueller.example",
                        new Address("Hauptstr. 1", "2. Stock", "Berlin", "", "10115", "DE"),
                        "DE123456789",
                        card,
                        "PO-7",
                        "04011000-12345-34",
                        "yes",
                        "DE",
                        "0204:04011000-12345-34",
                        "de"),
                LocalDate.of(2026, 11, 1),
                LocalDate.of(2026, 11, 8),
                LocalDate.of(2026, 10, 31),
                number("67.18"),
                number("20.00"),
                number("11.80"),
                number("58.98"),
                number("0.30"),
                number("0.00"),
                number("5.00"),
                number("54.28"),
                null);
    }

    private static List<EInvoices.Printed> lines() {
        return List.of(
                new EInvoices.Printed(
                        new InvoiceLine(
                                1,
                                "audio",
                                OCTOBER,
                                1,
                                1,
                                number("61204.5"),
                                "second",
                                number("0.0639"),
                                "minute",
                                number("65.18"),
                                1),
                        "Audio",
                        "",
                        AUDIO),
                new EInvoices.Printed(
                        new InvoiceLine(
                                2,
                                "calls",
                                BillingPeriod.parse("2026-09"),
                                2,
                                1,
                                number("1200"),
                                "call",
                                number("2.00"),
                                "1000 call",
                                number("4.00"),
                                2),
                        "Calls",
                        "Usage of September 2026",
                        CALLS),
                new EInvoices.Printed(
                        new InvoiceLine(
                                3,
                                "calls",
                                BillingPeriod.parse("2026-08"),
                                2,
                                1,
                                number("-1000"),
                                "call",
                                number("2.00"),
                                "1000 call",
                                number("-2.00"),
                                2),
                        "Calls",
                        "Correction of August 2026",
                        CALLS));
    }

    private static EInvoices.Words words() {
        return new EInvoices.Words("Credit used", List.of("Carried over: 0.30"), "Please pay by 8 November 2026");
    }

    private static InvoiceTax tax(int position, String category, String percent, String base, String tax) {
        return new InvoiceTax(
                position, category, null, "VAT", number(percent), number(base), number(tax), "", "", null);
    }

    private static Price price(long id, PriceModel model, String per, String amount) {
        return new Price(
                id,
                "any",
                null,
                "EUR",
                LocalDate.of(2026, 1, 1),
                model,
                number(per),
                List.of(new Tier(1, null, number(amount))));
    }

    private static BigDecimal number(String text) {
        return new BigDecimal(text);
    }
}
