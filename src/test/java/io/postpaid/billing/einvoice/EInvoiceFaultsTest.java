package io.postpaid.billing.einvoice;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Faults planted in what we write, in each document of some seeds: every one is refused by its rule. */
class EInvoiceFaultsTest {
    private static final int DOCUMENTS = 12;
    private static final BigDecimal CENT = new BigDecimal("0.01");
    private static final List<String> CII = documents(Format.CII);
    private static final List<String> UBL = documents(Format.PEPPOL);

    @ParameterizedTest
    @CsvSource({
        "ram:LineTotalAmount, BR-CO-10",
        "ram:AllowanceTotalAmount, BR-CO-11",
        "ram:ChargeTotalAmount, BR-CO-12",
        "ram:TaxBasisTotalAmount, BR-CO-13",
        "ram:TaxTotalAmount, BR-CO-14",
        "ram:GrandTotalAmount, BR-CO-15",
        "ram:TotalPrepaidAmount, BR-CO-16",
        "ram:DuePayableAmount, BR-CO-16",
        "ram:CalculatedAmount, BR-CO-14"
    })
    void refusesACentOffInCii(String element, String rule) {
        refused(EInvoiceValidators::cii, CII, xml -> cent(xml, element), rule);
    }

    @ParameterizedTest
    @CsvSource({
        "cbc:AllowanceTotalAmount, BR-CO-11",
        "cbc:ChargeTotalAmount, BR-CO-12",
        "cbc:TaxExclusiveAmount, BR-CO-13",
        "cbc:TaxInclusiveAmount, BR-CO-15",
        "cbc:PrepaidAmount, BR-CO-16",
        "cbc:PayableAmount, BR-CO-16",
        "cbc:LineExtensionAmount, BR-CO-10"
    })
    void refusesACentOffInUbl(String element, String rule) {
        refused(EInvoiceValidators::ubl, UBL, xml -> cent(xml, element), rule);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "<ram:ID>([A-Z]+-)?2026-[0-9]+</ram:ID>; XSD",
                "<ram:Name>Aurora[^/]*</ram:Name>; BR-06",
                "<ram:InvoiceCurrencyCode>[A-Z]+</ram:InvoiceCurrencyCode>; BR-05",
                "<ram:CountryID>[A-Z]+</ram:CountryID>; BR-09",
                "<ram:LineID>1</ram:LineID>; BR-21",
                "(?s)<ram:ApplicableTradeTax><ram:CalculatedAmount>.*</ram:ApplicableTradeTax>; BR-CO-18",
                "(?s)<ram:IncludedSupplyChainTradeLineItem>.*</ram:IncludedSupplyChainTradeLineItem>; BR-16"
            })
    void refusesWhatIsMissing(String element, String rule) {
        refused(EInvoiceValidators::cii, CII, xml -> xml.replaceFirst(element, ""), rule);
    }

    /** The first line bears another tax than it did. */
    @ParameterizedTest
    @CsvSource({"S, E, BR-E-05", "S, Z, BR-Z-05", "S, AE, BR-AE-05", "AE, S, BR-S-05", "G, S, BR-S-05", "Z, S, BR-S-05"
    })
    void refusesAWrongCategory(String right, String wrong, String rule) {
        var from = "<ram:CategoryCode>" + right + "</";
        Predicate<String> fits = xml -> xml.indexOf("<ram:CategoryCode>") == xml.indexOf(from);
        var documents = documents(Format.CII, fits);
        refused(
                EInvoiceValidators::cii,
                documents,
                xml -> xml.replaceFirst(from, "<ram:CategoryCode>" + wrong + "</"),
                rule);
    }

    private static void refused(
            Function<byte[], List<String>> validator,
            List<String> documents,
            Function<String, String> fault,
            String rule) {
        assertThat(documents.size()).isEqualTo(DOCUMENTS);
        for (var xml : documents) {
            var wrong = fault.apply(xml);
            assertThat(wrong.equals(xml)).as("without a fault").isFalse();
            assertThat(validator.apply(wrong.getBytes(StandardCharsets.UTF_8)))
                    .anySatisfy(error -> assertThat(error).startsWith("[" + rule + "]"));
        }
    }

    /** One more in the last element of this name, which is the total where lines have it too. */
    private static String cent(String xml, String element) {
        int from = xml.indexOf('>', xml.lastIndexOf("<" + element)) + 1;
        int to = xml.indexOf('<', from);
        var more = new BigDecimal(xml.substring(from, to)).add(CENT);
        return xml.substring(0, from) + more + xml.substring(to);
    }

    private static List<String> documents(Format format) {
        return documents(format, xml -> true);
    }

    private static List<String> documents(Format format, Predicate<String> fits) {
        return LongStream.range(0, 10_000)
                .boxed()
                .flatMap(seed -> SeededEInvoices.of(seed).stream())
                .filter(document -> format.missing(document).isEmpty())
                .map(document -> new String(format.write(document), StandardCharsets.UTF_8))
                .filter(fits)
                .limit(DOCUMENTS)
                .toList();
    }
}
