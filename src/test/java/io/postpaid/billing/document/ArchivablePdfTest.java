package io.postpaid.billing.document;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.billing.document.InvoiceDocument.Customer;
import io.postpaid.billing.einvoice.EInvoiceValidators;
import io.postpaid.platform.template.TemplateFiles;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The files are what their metadata says, by veraPDF: PDF/A-3a, to be kept, and PDF/UA-1, to be read by everybody. */
class ArchivablePdfTest {
    private static final PdfRenderer RENDERER = PdfRenderer.load(TemplateFiles.builtIn());

    @ParameterizedTest
    @MethodSource("documents")
    void drawsFilesToKeepWithAndWithoutAnEInvoice(InvoiceDocument document) throws IOException {
        var xml = Files.readAllBytes(Path.of("src/test/resources/einvoice/invoice-cii.xml"));
        assertThat(EInvoiceValidators.archive(RENDERER.render(document))).isEmpty();
        assertThat(EInvoiceValidators.archive(
                        RENDERER.render(document, null, xml).pdf()))
                .isEmpty();
    }

    static Stream<InvoiceDocument> documents() {
        return Stream.of(
                Samples.typical(),
                Samples.covered(),
                Samples.german(),
                Samples.withLines(70),
                Samples.of("2026-1", customer("Ἀθηναϊκὴ Ἑταιρεία Α.Ε. «Єднання» Zażółć gęślą ẞ ₺ ✓")),
                Samples.of("2026-2", customer("Donaudampfschifffahrtsgesellschaft".repeat(8))),
                Samples.of("2026-3", customer("<&]]>\"' ‑ – „“ … \u00a0")));
    }

    @Test
    void drawsALogoToKeep(@TempDir Path folder) throws IOException {
        Files.createDirectories(folder.resolve("invoice"));
        var layout = TemplateFiles.builtIn().text("invoice/layout.yaml");
        Files.writeString(
                folder.resolve("invoice/layout.yaml"), layout.replace("file: \"\"", "file: invoice/logo.png"));
        var picture = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(80, 40, BufferedImage.TYPE_INT_RGB), "png", picture);
        Files.write(folder.resolve("invoice/logo.png"), picture.toByteArray());
        var renderer = PdfRenderer.load(TemplateFiles.in(folder));
        assertThat(EInvoiceValidators.archive(renderer.render(Samples.typical())))
                .isEmpty();
    }

    @Test
    void refusesWhatIsNotToKeep() {
        var text = new String(RENDERER.render(Samples.typical()), StandardCharsets.ISO_8859_1);
        var other = text.replace("<pdfaid:part>3<", "<pdfaid:part>1<").replace("<pdfuaid:part>1<", "<pdfuaid:part>2<");
        assertThat(EInvoiceValidators.archive(other.getBytes(StandardCharsets.ISO_8859_1)))
                .anySatisfy(error -> assertThat(error).startsWith("[3a 6.6.4-"))
                .anySatisfy(error -> assertThat(error).startsWith("[ua1 5-"));
    }

    private static Customer customer(String name) {
        return new Customer(name, List.of("1 Street"), "", "", "");
    }
}
