package io.postpaid.billing.einvoice;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.validation.Schema;
import org.apache.pdfbox.Loader;
import org.mustangproject.validator.ESeverity;
import org.mustangproject.validator.ZUGFeRDValidator;
import org.verapdf.core.EncryptedPdfException;
import org.verapdf.core.ModelParsingException;
import org.verapdf.core.ValidationException;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.flavours.PDFAFlavour;

/**
 * What others say of our electronic invoices: the rules of EN 16931, Peppol and XRechnung, Mustang, veraPDF.
 *
 * <p>Each answers with what it refuses, nothing when the file is valid. All of it lies in the jars of the tests: no host is asked.
 */
public final class EInvoiceValidators {
    private static final String EN_16931 = "external/schematron/1.3.16/";
    private static final String PEPPOL = "external/schematron/openpeppol/2026.5/xslt/";

    private EInvoiceValidators() {}

    /** EN 16931 as CII. */
    public static List<String> cii(byte[] xml) {
        return Cii.RULES.check(xml).errors();
    }

    /** Peppol BIS Billing 3, an invoice or a credit note. */
    public static List<String> ubl(byte[] xml) {
        return (isCreditNote(xml) ? Peppol.CREDIT_NOTE : Peppol.INVOICE)
                .check(xml)
                .errors();
    }

    /** XRechnung 3.0 as UBL, an invoice or a credit note. */
    public static List<String> xrechnung(byte[] xml) {
        return findings(xml).errors();
    }

    /** What XRechnung advises against. */
    public static List<String> xrechnungWarnings(byte[] xml) {
        return findings(xml).warnings();
    }

    /** EN 16931 of what is embedded in each PDF file below a folder; that nothing is embedded is refused, too. */
    public static Map<Path, List<String>> embedded(Path folder) {
        var refused = new TreeMap<Path, List<String>>();
        try (var files = Files.walk(folder)) {
            for (var file : files.filter(one -> one.toString().endsWith(".pdf")).toList()) {
                try (var pdf = Loader.loadPDF(file.toFile())) {
                    var names = pdf.getDocumentCatalog().getNames();
                    var errors = names == null || names.getEmbeddedFiles() == null
                            ? List.of("nothing is embedded")
                            : cii(names.getEmbeddedFiles()
                                    .getNames()
                                    .values()
                                    .iterator()
                                    .next()
                                    .getEmbeddedFile()
                                    .toByteArray());
                    if (!errors.isEmpty()) refused.put(file, errors);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return refused;
    }

    /** The file and its embedded XML as Factur-X, by Mustang. */
    public static List<String> hybrid(Path pdf) {
        var validator = new ZUGFeRDValidator();
        validator.disableNotices();
        var report = validator.validate(pdf.toString());
        var errors = validator.getContext().getResults().stream()
                .filter(item -> item.getSeverity() != ESeverity.notice && item.getSeverity() != ESeverity.warning)
                .map(item -> item.getSeverity() + " " + item.getSection() + ": " + item.getMessage())
                .toList();
        return errors.isEmpty() && !validator.wasCompletelyValid() ? List.of(report) : errors;
    }

    /** PDF/A-3a and PDF/UA-1, by veraPDF. */
    public static List<String> archive(byte[] pdf) {
        VeraGreenfieldFoundryProvider.initialise();
        var flavours = List.of(PDFAFlavour.PDFA_3_A, PDFAFlavour.PDFUA_1);
        try (var parser = Foundries.defaultInstance().createParser(new ByteArrayInputStream(pdf), flavours.getFirst());
                var validator = Foundries.defaultInstance().createValidator(flavours)) {
            return validator.validateAll(parser).stream()
                    .flatMap(result -> result.getTestAssertions().stream()
                            .map(failed -> "[" + result.getPDFAFlavour().getId() + " "
                                    + failed.getRuleId().getClause() + "-"
                                    + failed.getRuleId().getTestNumber() + "] " + failed.getMessage() + " at "
                                    + failed.getLocation().getContext()))
                    .toList();
        } catch (ModelParsingException | EncryptedPdfException | ValidationException e) {
            return List.of("[PDF] " + e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RuleSet.Findings findings(byte[] xml) {
        return (isCreditNote(xml) ? XRechnung.CREDIT_NOTE : XRechnung.INVOICE).check(xml);
    }

    private static boolean isCreditNote(byte[] ubl) {
        return new String(ubl, 0, Math.min(ubl.length, 2_000), StandardCharsets.UTF_8).contains("CreditNote-2");
    }

    // Compiled when first asked for, once in a process: half a second each.

    private static final class Cii {
        static final RuleSet RULES = RuleSet.of(
                RuleSet.schema("external/schemas/d16b/data/standard/CrossIndustryInvoice_100pD16B.xsd"),
                EN_16931 + "cii/EN16931-CII-validation.xslt");
    }

    private static final class Peppol {
        private static final String[] STYLE = {PEPPOL + "CEN-EN16931-UBL.xslt", PEPPOL + "PEPPOL-EN16931-UBL.xslt"};
        static final RuleSet INVOICE = RuleSet.of(Ubl.INVOICE, STYLE);
        static final RuleSet CREDIT_NOTE = RuleSet.of(Ubl.CREDIT_NOTE, STYLE);
    }

    private static final class XRechnung {
        private static final String[] STYLE = {
            EN_16931 + "ubl/EN16931-UBL-validation.xslt", "external/schematron/3.0.2/XRechnung-UBL-validation.xslt"
        };
        static final RuleSet INVOICE = RuleSet.of(Ubl.INVOICE, STYLE);
        static final RuleSet CREDIT_NOTE = RuleSet.of(Ubl.CREDIT_NOTE, STYLE);
    }

    private static final class Ubl {
        static final Schema INVOICE = schema("Invoice");
        static final Schema CREDIT_NOTE = schema("CreditNote");

        private static Schema schema(String document) {
            return RuleSet.schema(
                    "schemas/CCTS_CCT_SchemaModule.xsd",
                    "schemas/xmldsig-core-schema.xsd",
                    "schemas/XAdES01903v132-201601.xsd",
                    "schemas/XAdES01903v141-201601.xsd",
                    "external/schemas/ubl21/maindoc/UBL-" + document + "-2.1.xsd");
        }
    }
}
