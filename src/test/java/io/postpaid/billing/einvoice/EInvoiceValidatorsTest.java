package io.postpaid.billing.einvoice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether the validators bite: valid samples pass, each planted fault is refused by the rule that is meant for it. */
class EInvoiceValidatorsTest {
    private static final String CII = sample("invoice-cii.xml");
    private static final String INVOICE = sample("invoice-ubl.xml");
    private static final String CREDIT_NOTE = sample("credit-note-ubl.xml");

    @Test
    void acceptsValidSamples() {
        assertThat(EInvoiceValidators.cii(bytes(CII))).isEmpty();
        assertThat(EInvoiceValidators.ubl(bytes(INVOICE))).isEmpty();
        assertThat(EInvoiceValidators.ubl(bytes(CREDIT_NOTE))).isEmpty();
        assertThat(EInvoiceValidators.xrechnung(bytes(german(INVOICE)))).isEmpty();
        assertThat(EInvoiceValidators.xrechnung(bytes(german(CREDIT_NOTE)))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '\0',
            value = {
                // A cent off, in each total.
                "GrandTotalAmount>160.60; GrandTotalAmount>160.61; BR-CO-15",
                "DuePayableAmount>100.00; DuePayableAmount>100.01; BR-CO-16",
                "TaxTotalAmount currencyID=\"EUR\">20.60; TaxTotalAmount currencyID=\"EUR\">20.61; BR-CO-14",
                "TaxBasisTotalAmount>140.00; TaxBasisTotalAmount>140.01; BR-CO-13",
                "AllowanceTotalAmount>10.00; AllowanceTotalAmount>10.01; BR-CO-11",
                "LineTotalAmount>150.00; LineTotalAmount>150.01; BR-CO-10",
                "BasisAmount>90.00; BasisAmount>90.01; BR-S-08",
                "TotalPrepaidAmount>60.60; TotalPrepaidAmount>60.61; BR-CO-16",
                // A wrong category: reverse charge that bears tax, a rate of nothing, one that no code names.
                "<ram:CategoryCode>S; <ram:CategoryCode>AE; BR-AE-05",
                "RateApplicablePercent>7<; RateApplicablePercent>0<; BR-S-05",
                "<ram:CategoryCode>S; <ram:CategoryCode>Q; BR-CL-18",
                // What is missing.
                "<ram:ID>2026-000042</ram:ID>; <ram:ID/>; BR-02",
                "<ram:SpecifiedTaxRegistration><ram:ID schemeID=\"VA\">DE123456789</ram:ID></ram:SpecifiedTaxRegistration>; ; BR-S-02",
                "<ram:Name>Acme Podcasts GmbH</ram:Name>; ; BR-07",
                "<ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>; ; BR-05",
                "<ram:TypeCode>380; <ram:TypeCode>999; BR-CL-01",
                "<rsm:ExchangedDocument>; <!-- ; XML"
            })
    void refusesAFaultInCii(String right, String wrong, String rule) {
        refused(EInvoiceValidators::cii, CII, right, wrong, rule);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '\0',
            value = {
                "TaxInclusiveAmount currencyID=\"EUR\">107.10; TaxInclusiveAmount currencyID=\"EUR\">107.11; BR-CO-15",
                "PayableAmount currencyID=\"EUR\">100.00; PayableAmount currencyID=\"EUR\">100.01; BR-CO-16",
                "TaxExclusiveAmount currencyID=\"EUR\">90.00; TaxExclusiveAmount currencyID=\"EUR\">90.01; BR-CO-13",
                "TaxAmount currencyID=\"EUR\">17.10; TaxAmount currencyID=\"EUR\">17.11; BR-CO-15",
                // The rules let pass less than a unit between base, rate and tax of a category.
                "TaxableAmount currencyID=\"EUR\">90.00; TaxableAmount currencyID=\"EUR\">91.00; BR-S-08",
                "TaxAmount currencyID=\"EUR\">17.10; TaxAmount currencyID=\"EUR\">18.10; BR-S-09",
                "PriceAmount currencyID=\"EUR\">0.05; PriceAmount currencyID=\"EUR\">0.06; PEPPOL-EN16931-R120",
                "<cbc:ID>S</cbc:ID>; <cbc:ID>AE</cbc:ID>; BR-AE-05",
                "<cbc:Percent>19; <cbc:Percent>0; BR-S-05",
                "<cbc:CompanyID>DE123456788; <cbc:CompanyID>12; BR-CO-09",
                "<cbc:EndpointID schemeID=\"9930\">DE987654321</cbc:EndpointID>; ; PEPPOL-EN16931-R010",
                "<cbc:BuyerReference>04011000-12345-03</cbc:BuyerReference>; ; PEPPOL-EN16931-R003",
                "<cbc:ID>2026-000042</cbc:ID>; ; XSD"
            })
    void refusesAFaultInUbl(String right, String wrong, String rule) {
        refused(EInvoiceValidators::ubl, INVOICE, right, wrong, rule);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '\0',
            value = {
                "TaxInclusiveAmount currencyID=\"EUR\">119.00; TaxInclusiveAmount currencyID=\"EUR\">119.01; BR-CO-15",
                "<cbc:CreditNoteTypeCode>381; <cbc:CreditNoteTypeCode>380; PEPPOL-EN16931-P0101",
                "<cbc:CityName>Berlin</cbc:CityName>; ; DE-R-003"
            })
    void refusesAFaultInACreditNote(String right, String wrong, String rule) {
        refused(EInvoiceValidators::ubl, CREDIT_NOTE, right, wrong, rule);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '\0',
            value = {
                "<cbc:BuyerReference>04011000-12345-03</cbc:BuyerReference>; ; BR-DE-15",
                "<cbc:Telephone>+49 30 1234567</cbc:Telephone>; ; BR-DE-6",
                "<cbc:PostalZone>50667</cbc:PostalZone>; ; BR-DE-9",
                "TaxInclusiveAmount currencyID=\"EUR\">107.10; TaxInclusiveAmount currencyID=\"EUR\">107.11; BR-CO-15"
            })
    void refusesAFaultInXRechnung(String right, String wrong, String rule) {
        refused(EInvoiceValidators::xrechnung, german(INVOICE), right, wrong, rule);
    }

    @Test
    void keepsAdviceApart() {
        var other = german(INVOICE).replace("+49 30 1234567", "12");
        assertThat(EInvoiceValidators.xrechnung(bytes(other))).isEmpty();
        assertThat(EInvoiceValidators.xrechnungWarnings(bytes(other)))
                .singleElement()
                .asString()
                .startsWith("[BR-DE-27]");
    }

    @Test
    void refusesReverseChargeWithoutTheCustomersId() {
        var reverse =
                CII.replace("<ram:CategoryCode>S", "<ram:CategoryCode>AE").replaceAll("Percent>(19|7)<", "Percent>0<");
        assertThat(EInvoiceValidators.cii(bytes(reverse))).noneMatch(error -> error.startsWith("[BR-AE-02]"));
        refused(EInvoiceValidators::cii, reverse, "<ram:ID schemeID=\"VA\">DE987654321</ram:ID>", "", "BR-AE-02");
    }

    @Test
    void mustangSaysTheSame(@TempDir Path folder) throws IOException {
        var file = folder.resolve("invoice.xml");
        Files.writeString(file, CII);
        assertThat(EInvoiceValidators.hybrid(file)).isEmpty();
        Files.writeString(file, CII.replace("GrandTotalAmount>160.60", "GrandTotalAmount>160.61"));
        assertThat(EInvoiceValidators.hybrid(file))
                .anySatisfy(error -> assertThat(error).contains("BR-CO-15"));
    }

    /** Whoever opens an address asks for a proxy first. */
    @Test
    void asksNoHost(@TempDir Path folder) throws IOException {
        var before = ProxySelector.getDefault();
        var asked = new CopyOnWriteArrayList<URI>();
        ProxySelector.setDefault(new ProxySelector() {
            @Override
            public List<Proxy> select(URI address) {
                asked.add(address);
                return List.of(Proxy.NO_PROXY);
            }

            @Override
            public void connectFailed(URI address, SocketAddress socket, IOException e) {}
        });
        try {
            acceptsValidSamples();
            mustangSaysTheSame(folder);
        } finally {
            ProxySelector.setDefault(before);
        }
        assertThat(asked).isEmpty();
    }

    @Test
    void answersAllThreadsAlike() throws Exception {
        var wrong = bytes(CII.replace("GrandTotalAmount>160.60", "GrandTotalAmount>160.61"));
        try (var threads = Executors.newFixedThreadPool(4)) {
            Callable<List<String>> check = () -> EInvoiceValidators.cii(wrong);
            for (var answer : threads.invokeAll(Collections.nCopies(40, check))) {
                assertThat(answer.get()).isEqualTo(check.call()).isNotEmpty();
            }
        }
    }

    private static void refused(
            Function<byte[], List<String>> validator, String sample, String right, String wrong, String rule) {
        assertThat(sample).contains(right);
        assertThat(validator.apply(bytes(sample.replace(right, wrong == null ? "" : wrong))))
                .anySatisfy(error -> assertThat(error).startsWith("[" + rule + "]"));
    }

    private static String german(String ubl) {
        return ubl.replace("urn:fdc:peppol.eu:2017:poacc:billing:3.0<", "urn:xeinkauf.de:kosit:xrechnung_3.0<");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String sample(String name) {
        try (var file = EInvoiceValidatorsTest.class.getResourceAsStream("/einvoice/" + name)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
