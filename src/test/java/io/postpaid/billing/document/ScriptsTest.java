package io.postpaid.billing.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.postpaid.billing.document.InvoiceDocument.Customer;
import io.postpaid.billing.einvoice.EInvoiceValidators;
import io.postpaid.platform.template.TemplateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names of the world, printed with the fonts of the machine. */
class ScriptsTest {
    private static final Path FONTS = Path.of("/usr/share/fonts");
    private static final List<Path> INSTALLED = installed();
    private static final PdfRenderer RENDERER = PdfRenderer.load(TemplateFiles.builtIn(), List.of(FONTS));

    private static final String ARABIC = "NotoSansArabic";
    private static final String HEBREW = "NotoSansHebrew";
    private static final String DEVANAGARI = "NotoSansDevanagari";
    private static final String THAI = "NotoSansThai";

    private static List<Path> installed() {
        if (!Files.isDirectory(FONTS)) return List.of();
        try (var files = Files.walk(FONTS)) {
            return files.filter(Files::isRegularFile).toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** Without these fonts there is nothing to look at; .ci/run installs them where it may. */
    private static void needs(String font) {
        assumeTrue(
                INSTALLED.stream()
                        .anyMatch(file -> file.getFileName().toString().matches("(" + font + ")[-_.].*")),
                "needs the fonts of the Debian packages fonts-noto-core, fonts-droid-fallback and fonts-symbola (for Korean fonts-noto-cjk): "
                        + font);
    }

    @Test
    void drawsTheSameBytesWhateverWasDrawnBefore() {
        needs(ARABIC);
        var arabic = invoice("شركة Żubr", "");
        RENDERER.render(invoice("Ελληνική", ""));
        assertThat(PdfRenderer.load(TemplateFiles.builtIn(), List.of(FONTS)).render(arabic))
                .isEqualTo(RENDERER.render(arabic));
    }

    private static InvoiceDocument invoice(String name, String country) {
        return Samples.of("2026-1", new Customer(name, List.of("1 Street " + name), "", "", "", country, "", ""));
    }

    private static DrawnText drawn(String name) throws IOException {
        return DrawnText.of(RENDERER.render(invoice(name, "")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            NotoSansCJK,DroidSansFallbackFull | 株式会社さくら商事
            NotoSansCJK,DroidSansFallbackFull | 北京直通科技有限公司、第2号
            NotoSansCJK        | 주식회사 한빛소프트
            NotoSansArabic     | شركة النور للتجارة
            NotoSansArabic     | الشركة (ABC) 2019
            NotoSansHebrew     | חברת אור בע״מ 12
            NotoSansDevanagari | क्षितिज प्रौद्योगिकी लिमिटेड
            NotoSansThai       | บริษัท กี่น้ำใจ จำกัด
            NotoSansBengali    | বাংলা লিমিটেড
            NotoSansTamil      | தமிழ் நிறுவனம்
            NotoSansArmenian   | Հայաստան ՍՊԸ
            NotoSansGeorgian   | შპს საქართველო
            Symbola            | Rocket 🚀 Café 😀
            DejaVuSans         | Z̤ x̌ and ❄ once
            NotoSansHebrew     | Aurora נור Аврора Sakura
            """)
    void everyNamePrints(String fonts, String name) throws IOException {
        needs(fonts.replace(',', '|'));
        var pdf = RENDERER.render(invoice(name, ""));
        var drawn = DrawnText.of(pdf);
        assertThat(drawn.text()).contains(name);
        assertThat(drawn.glyphs()).filteredOn(glyph -> glyph.id() == 0).isEmpty();
        assertThat(EInvoiceValidators.archive(pdf)).isEmpty();
    }

    @Test
    void arabicLettersAreJoined() throws IOException {
        needs(ARABIC);
        var alone = Set.copyOf(drawn("ش ر ك ة").ids(ARABIC));
        var joined = drawn("شركة").ids(ARABIC);
        // Twice, in the name and in the address; the letter behind one that does not join stays as it is.
        assertThat(joined).hasSize(8);
        assertThat(joined.subList(0, 4)).filteredOn(alone::contains).isEmpty();
        assertThat(drawn("لا").ids(ARABIC)).as("lam and alef are one glyph").hasSize(2);
    }

    @Test
    void whatIsReadFromRightToLeftStandsSo() throws IOException {
        needs(HEBREW);
        var drawn = drawn("אבג 12");
        var letters = drawn.in(HEBREW).stream().limit(3).toList();
        assertThat(letters).extracting(DrawnText.Glyph::x).isSortedAccordingTo((a, b) -> Float.compare(b, a));
        var number = drawn.glyphs().stream()
                .filter(glyph -> glyph.line() == letters.getFirst().line()
                        && !glyph.font().contains(HEBREW))
                .toList();
        assertThat(number)
                .hasSize(3)
                .allMatch(glyph -> glyph.x() < letters.getLast().x());
    }

    @Test
    void linesFromRightToLeftEndTogether() throws IOException {
        needs(HEBREW);
        var customer = new Customer("חברת אור ותשתיות", List.of("רחוב הרצל", "תל אביב"), "", "", "");
        var drawn = DrawnText.of(RENDERER.render(Samples.of("2026-1", customer)));
        var rightmost = drawn.in(HEBREW).stream()
                .collect(Collectors.groupingBy(
                        DrawnText.Glyph::line, Collectors.reducing(0f, DrawnText.Glyph::x, Float::max)));
        // The letters at the right end have different widths, hence not quite the same place.
        assertThat(rightmost).hasSize(3);
        assertThat(rightmost.values())
                .allSatisfy(x -> assertThat(x)
                        .isBetween(
                                rightmost.values().iterator().next() - 4,
                                rightmost.values().iterator().next() + 4));
    }

    @Test
    void devanagariConjunctsAreOneGlyph() throws IOException {
        needs(DEVANAGARI);
        assertThat(drawn("क ष").ids(DEVANAGARI)).hasSize(4);
        assertThat(drawn("क्ष").ids(DEVANAGARI))
                .hasSize(2)
                .doesNotContainAnyElementsOf(drawn("क ष").ids(DEVANAGARI));
        // The vowel is written behind its consonant and stands before it.
        var word = drawn("कि").in(DEVANAGARI).subList(0, 2);
        assertThat(word).extracting(DrawnText.Glyph::x).doesNotHaveDuplicates();
    }

    @Test
    void thaiMarksStandAboveOneAnother() throws IOException {
        needs(THAI);
        var marks = drawn("กี่").in(THAI).subList(0, 3);
        assertThat(marks).extracting(DrawnText.Glyph::id).doesNotHaveDuplicates();
        assertThat(marks.get(2)).isNotEqualTo(marks.get(1));
        // A tone mark above a vowel is another form, or stands higher, than one above a consonant.
        var low = drawn("ก่").in(THAI).get(1);
        assertThat(marks.get(2).id() != low.id() || marks.get(2).y() > low.y()).isTrue();
    }

    @Test
    void aCountryHasItsFormsOfChineseCharacters() throws IOException {
        needs("NotoSansCJK");
        var japanese = RENDERER.render(invoice("直通", "JP"), null, null);
        var chinese = RENDERER.render(invoice("直通", "CN"), null, null);
        assertThat(japanese.fonts()).allMatch(font -> font.contains("CJK JP"));
        assertThat(chinese.fonts()).allMatch(font -> font.contains("CJK SC"));
        assertThat(RENDERER.render(invoice("さくら直通", "US"), null, null).fonts())
                .allMatch(font -> font.contains("CJK JP"));
        assertThat(DrawnText.of(japanese.pdf()).ids("CJK"))
                .isNotEqualTo(DrawnText.of(chinese.pdf()).ids("CJK"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"株式会社", "北京直通科技", "شركة النور للتجارة", "חברת אור", "क्षितिज", "บริษัทน้ำใจ", "한빛소프트"})
    void longTextsStayInTheirColumn(String word) throws IOException {
        // Droid's font has Han, and no Hangul.
        needs(word.startsWith("한") ? "NotoSansCJK" : "NotoSansCJK|DroidSansFallbackFull");
        needs(ARABIC);
        var name = (word + " ").repeat(12).strip();
        var unbroken = word.replace(" ", "").repeat(20);
        var customer = new Customer(name, List.of(unbroken), "", "", "");
        var drawn = DrawnText.of(RENDERER.render(Samples.of("2026-1", customer)));
        // The page ends at 595 points, its margin is 44; a letter is at most some 12 wide.
        assertThat(drawn.glyphs())
                .filteredOn(glyph -> glyph.x() < 43 || glyph.x() > 551)
                .isEmpty();
        var printed = drawn.text().replaceAll("\\s", "");
        assertThat(printed).contains(name.replace(" ", ""));
        assertThat(printed).contains(unbroken);
    }

    @Test
    void givesTheSameBytesInAnyThreadAndFromAnyRenderer() throws Exception {
        needs(ARABIC);
        needs("NotoSansCJK|DroidSansFallbackFull");
        var document = invoice("شركة النور 株式会社さくら क्षितिज 😀", "JP");
        var expected = RENDERER.render(document);
        var other = PdfRenderer.load(TemplateFiles.builtIn(), List.of(FONTS));
        try (var threads = Executors.newFixedThreadPool(4)) {
            var work = new ArrayList<Callable<byte[]>>();
            for (int i = 0; i < 8; i++) {
                work.add(() -> other.render(document));
                work.add(() -> RENDERER.render(document));
            }
            for (var done : threads.invokeAll(work)) assertThat(done.get()).isEqualTo(expected);
        }
    }

    @Test
    void whatWasPrintedBeforeIsPrintedWithTheSameFontsOrNotAtAll() {
        needs(ARABIC);
        var document = invoice("شركة النور", "");
        var first = RENDERER.render(document, null, null);
        assertThat(first.fonts())
                .hasSize(2)
                .allSatisfy(font -> assertThat(font).matches("[0-9a-f]{64} Noto Sans Arabic (Bold|Regular)"));
        assertThat(RENDERER.render(document, Set.copyOf(first.fonts()), null).pdf())
                .isEqualTo(first.pdf());
        var elsewhere = PdfRenderer.load(TemplateFiles.builtIn());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> elsewhere.render(document, Set.copyOf(first.fonts()), null))
                .withMessageContaining("is not on this machine")
                .withMessageContaining("Noto Sans Arabic Bold (SHA-256 ");
        // Another version of the font has another SHA-256: other bytes are not taken for the same.
        var changed = Set.of("0".repeat(64) + " Noto Sans Arabic Bold", "0".repeat(64) + " Noto Sans Arabic Regular");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RENDERER.render(document, changed, null))
                .withMessageContaining("is not on this machine");
    }

    @Test
    void findsAFontThatIsInstalledWhileItRuns(@TempDir Path folder) throws IOException {
        needs(HEBREW);
        var renderer = PdfRenderer.load(TemplateFiles.builtIn(), List.of(folder));
        var document = invoice("אור", "");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> renderer.render(document))
                .withMessageContaining("customer.name")
                .withMessageContaining("'א' (U+05D0, HEBREW LETTER ALEF)")
                .withMessageContaining("script Hebrew")
                .withMessageContaining("fonts-noto-core");
        for (var file : INSTALLED) {
            if (file.getFileName().toString().equals("NotoSansHebrew-Regular.ttf")) {
                Files.copy(file, folder.resolve("Hebrew.ttf"));
            }
        }
        Files.writeString(folder.resolve("broken.ttf"), "this is not a font");
        assertThat(renderer.render(document, null, null).fonts())
                .singleElement()
                .asString()
                .endsWith("Noto Sans Hebrew Regular");
    }

    @ParameterizedTest
    @CsvSource({
        "東京,fonts-noto-cjk,Han",
        "서울,fonts-noto-cjk,Hangul",
        "שלום,fonts-noto-core,Hebrew",
        "ไทย,fonts-noto-core,Thai",
        "😀,fonts-symbola,Common"
    })
    void saysWhatToInstall(String name, String debian, String script) {
        var bare = PdfRenderer.load(TemplateFiles.builtIn());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> bare.render(invoice(name, "")))
                .withMessageContaining("customer.name")
                .withMessageContaining(debian)
                .withMessageContaining("script " + script);
    }

    @ParameterizedTest
    @ValueSource(ints = {0x7, 0xd800, 0xe000, 0x378, 0xfffff})
    void aCharacterThatIsNoneIsNotLookedFor(int character) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RENDERER.render(invoice("a" + Character.toString(character) + "b", "")))
                .withMessageContaining("not a character that can be printed");
    }
}
