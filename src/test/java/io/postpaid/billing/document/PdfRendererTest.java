package io.postpaid.billing.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.postpaid.billing.document.InvoiceDocument.Customer;
import io.postpaid.platform.template.TemplateFiles;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openpdf.text.pdf.PdfName;
import org.openpdf.text.pdf.PdfReader;
import org.openpdf.text.pdf.parser.PdfTextExtractor;

class PdfRendererTest {
    private static final PdfRenderer RENDERER = PdfRenderer.load(TemplateFiles.builtIn());

    @Test
    void showsWhatAnInvoiceMustShow() throws IOException {
        assertThat(pages(RENDERER.render(Samples.typical())))
                .singleElement()
                .satisfies(page -> assertThat(page)
                        .contains("Invoice", "2026-000042", "1 November 2026", "8 November 2026", "1–31 October 2026")
                        .contains("Aurora Voice API Oy", "00160 Helsinki", "FI12345671")
                        .contains("Acme Podcasts LLC", "New York, NY 10012", "00-7654321", "Account acme")
                        .contains("61,204.5", "second", "0.0639 / minute", "65.18", "Late usage of September 2026")
                        .contains("Free credit", "−20.00", "Sales tax 8.5 % on 362.91", "30.85", "393.76")
                        .contains("Carried in from September 2026", "USD 394.07", "Visa ending 4242", "Page 1 of 1"));
    }

    @Test
    void speaksTheLanguageOfTheDocument() throws IOException {
        assertThat(pages(RENDERER.render(Samples.german())))
                .singleElement()
                .satisfies(page -> assertThat(page)
                        .contains(
                                "Rechnungskorrektur",
                                "Berichtigt Rechnung",
                                "2026-000042",
                                "Gutgeschrieben",
                                "Seite 1 von 1"));
    }

    @ParameterizedTest
    @CsvSource({
        "Ἀθηναϊκὴ Ἑταιρεία Α.Ε.",
        "Афинская компания «Єднання»",
        "Zażółć gęślą jaźń Sp. z o.o.",
        "Þór ðæ ẞ Ñandú Çağrı",
        "EU→EU ✓ 10 ₺"
    })
    void printsNamesOfTheWorld(String name) throws IOException {
        var customer = new Customer(name, List.of("1 Street"), "", "", "");
        var page = pages(RENDERER.render(Samples.of("2026-1", customer))).getFirst();
        assertThat(page.replace(" ", "")).contains(name.replace(" ", ""));
    }

    @Test
    void composesWhatArrivesDecomposed() throws IOException {
        var customer = new Customer("Cafe\u0301\u200b\tRene\u0301", List.of("1 Street"), "", "", "");
        assertThat(pages(RENDERER.render(Samples.of("2026-1", customer))).getFirst())
                .contains("Café René");
    }

    @ParameterizedTest
    @CsvSource({"東京株式会社,U+6771", "שלום,U+05E9", "Smile \uD83D\uDE00,U+1F600", "be\u0007ll,U+0007"})
    void refusesWhatNoFontPrints(String name, String character) {
        var customer = new Customer(name, List.of("1 Street"), "", "", "");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RENDERER.render(Samples.of("2026-1", customer)))
                .withMessageContaining("customer.name")
                .withMessageContaining(character);
    }

    @Test
    void repeatsTheHeadOfTheTableOnEveryPage() throws IOException {
        var pages = pages(RENDERER.render(Samples.withLines(300)));
        assertThat(pages).hasSizeBetween(8, 14);
        for (int i = 0; i < pages.size(); i++) {
            assertThat(pages.get(i)).contains("Page " + (i + 1) + " of " + pages.size());
            if (pages.get(i).contains("Project ")) {
                assertThat(pages.get(i)).contains("Description", "Unit price", "Amount (USD)");
            }
        }
        assertThat(String.join("\n", pages)).contains("Project 1:", "Project 150:", "Project 300:");
    }

    @Test
    void neverLeavesTheTotalsAlone() throws IOException {
        for (int lines = 1; lines <= 70; lines++) {
            var totals = pages(RENDERER.render(Samples.withLines(lines))).stream()
                    .filter(page -> page.contains("Subtotal"))
                    .toList();
            assertThat(totals)
                    .as("%d lines", lines)
                    .singleElement()
                    .satisfies(page ->
                            assertThat(page).contains("Project ", "7,268.40", "USD 7,264.56", "No card on file"));
        }
    }

    @Test
    void wrapsWhateverIsTooLong() throws IOException {
        var word = "Donaudampfschifffahrtsgesellschaft".repeat(8);
        var customer = new Customer(word, List.of(word, "x@" + word), word, word, word);
        var text = String.join("", pages(RENDERER.render(Samples.of("2026-1", customer))));
        assertThat(text.replaceAll("\\s", "")).contains(word);
    }

    @Test
    void refusesAPartThatIsTallerThanAPage() {
        var customer = new Customer("Acme", List.of("much too much ".repeat(2_000)), "", "", "");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RENDERER.render(Samples.of("2026-1", customer)))
                .withMessageContaining("taller than a page");
    }

    @Test
    void givesTheSameBytesInAnyThreadAndFromAnyRenderer() throws Exception {
        Set<String> hashes = ConcurrentHashMap.newKeySet();
        var other = PdfRenderer.load(TemplateFiles.builtIn());
        hashes.add(sha256(other.render(Samples.typical())));
        try (var threads = Executors.newFixedThreadPool(4)) {
            var work = new ArrayList<Callable<Void>>();
            for (int i = 0; i < 4 * 50; i++) {
                var number = i;
                work.add(() -> {
                    RENDERER.render(Samples.of("2026-" + number, Samples.ACME));
                    hashes.add(sha256(RENDERER.render(Samples.typical())));
                    return null;
                });
            }
            for (var done : threads.invokeAll(work)) {
                done.get();
            }
        }
        assertThat(hashes).hasSize(1);
    }

    @Test
    void sharesTheLettersOfFontsWithoutRememberingWhatWasDrawnBefore() throws IOException {
        var greek = Samples.of("2026-1", new Customer("Ελληνική & Żubr", List.of("1 Street"), "", "", ""));
        RENDERER.render(Samples.german());
        var pdf = RENDERER.render(greek);
        assertThat(PdfRenderer.load(TemplateFiles.builtIn()).render(greek)).isEqualTo(pdf);
        assertThat(pages(pdf).getFirst()).contains("Ελληνική & Żubr");
        try (var reader = new PdfReader(pdf)) {
            var fonts = reader.getPageN(1).getAsDict(PdfName.RESOURCES).getAsDict(PdfName.FONT);
            assertThat(fonts.getKeys().stream()
                            .map(name -> fonts.getAsDict(name).getAsName(PdfName.BASEFONT)))
                    .as("Latin, Greek and Polish parts, each with letters of its own")
                    .doesNotHaveDuplicates()
                    .hasSizeBetween(4, 6);
        }
    }

    @Test
    void namesItselfAnArchivableTaggedFile() throws IOException {
        try (var reader = new PdfReader(RENDERER.render(Samples.typical()))) {
            assertThat(new String(reader.getMetadata(), StandardCharsets.UTF_8))
                    .contains("<pdfaid:part>3<", "<pdfuaid:part>1<", "Invoice 2026-000042");
            assertThat(reader.getCatalog().getKeys().toString()).contains("/StructTreeRoot", "/Lang", "/MarkInfo");
        }
    }

    @Test
    void drawsAnOpaquePictureAsLogo(@TempDir Path folder) throws Exception {
        Files.createDirectories(folder.resolve("invoice"));
        var layout = TemplateFiles.builtIn().text("invoice/layout.yaml");
        Files.writeString(
                folder.resolve("invoice/layout.yaml"), layout.replace("file: \"\"", "file: invoice/logo.png"));
        Files.write(folder.resolve("invoice/logo.png"), picture(BufferedImage.TYPE_INT_RGB));
        var renderer = PdfRenderer.load(TemplateFiles.in(folder));
        assertThat(renderer.render(Samples.typical())).isEqualTo(renderer.render(Samples.typical()));
        try (var reader = new PdfReader(renderer.render(Samples.typical()))) {
            assertThat(reader.getPageN(1).getAsDict(PdfName.RESOURCES).getKeys())
                    .contains(PdfName.XOBJECT);
        }
        Files.write(folder.resolve("invoice/logo.png"), picture(BufferedImage.TYPE_INT_ARGB));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PdfRenderer.load(TemplateFiles.in(folder)).render(Samples.typical()))
                .withMessageContaining("opaque");
    }

    /** Nobody who pays by transfer has to think of what to write on it. */
    @Test
    void printsAPaymentReferenceBesideTheBank(@TempDir Path folder) throws IOException {
        var seller = TemplateFiles.builtIn().text("seller.yaml");
        Files.writeString(
                folder.resolve("seller.yaml"),
                seller.replace("bank: []", "bank: [\"Nordea, IBAN FI21 1234 5600 0007 85\"]"));
        var text = String.join(
                "\n", pages(PdfRenderer.load(TemplateFiles.in(folder)).render(Samples.typical())));
        assertThat(text).contains("FI21 1234 5600 0007 85", "Payment reference RF02 2026 0000 42");
        assertThat(String.join("\n", pages(RENDERER.render(Samples.typical())))).doesNotContain("Payment reference");
    }

    @Test
    void namesTheKeyOfATypoInTheLayout(@TempDir Path folder) throws IOException {
        Files.createDirectories(folder.resolve("invoice"));
        var layout = TemplateFiles.builtIn().text("invoice/layout.yaml");
        Files.writeString(folder.resolve("invoice/layout.yaml"), layout + "\nzebrra: true\n");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PdfRenderer.load(TemplateFiles.in(folder)))
                .withMessageContaining("templates/invoice/layout.yaml")
                .withMessageContaining("unknown key 'zebrra'");
    }

    private static byte[] picture(int type) throws IOException {
        var bytes = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(80, 40, type), "png", bytes);
        return bytes.toByteArray();
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    static List<String> pages(byte[] pdf) throws IOException {
        try (var reader = new PdfReader(pdf)) {
            var extractor = new PdfTextExtractor(reader);
            var pages = new ArrayList<String>();
            for (int page = 1; page <= reader.getNumberOfPages(); page++) {
                // The extractor leaves out what a screen reader does not read; repeated heads are to be seen here too.
                var content = new String(reader.getPageContent(page), StandardCharsets.ISO_8859_1);
                reader.setPageContent(
                        page, content.replace("/Artifact BMC", "/Span BMC").getBytes(StandardCharsets.ISO_8859_1));
                pages.add(extractor.getTextFromPage(page));
            }
            return pages;
        }
    }
}
