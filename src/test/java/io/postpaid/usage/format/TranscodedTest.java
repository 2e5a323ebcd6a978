package io.postpaid.usage.format;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.usage.record.ParsedLine.Malformed;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class TranscodedTest {
    private static List<String> lines(InputStream stream, @Nullable Charset charset) {
        var found = new ArrayList<String>();
        try (var lines = new RawLines(stream, charset)) {
            for (var batch = lines.next(100); batch != null; batch = lines.next(100)) {
                for (int i = 0; i < batch.size(); i++) {
                    var parsed = batch.parse(i, (_, _, _, _, _) -> Malformed.because("read"));
                    boolean read = ((Malformed) parsed).detail().equals("read");
                    found.add((read ? "" : "unreadable: ") + batch.text(i));
                }
            }
        }
        return found;
    }

    /** In hexadecimal, with spaces. */
    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    @ParameterizedTest
    @CsvSource({
        "windows-1252, Zoë € 1½",
        "ISO-8859-15, Zoë €",
        "IBM437, Zoë ½",
        "Shift_JIS, 表ソ能",
        "EUC-JP, 表ソ能",
        "ISO-2022-JP, a表ソ能b",
        "ISO-2022-KR, a한국b",
        "GB18030, 中文😀é",
        "Big5, 功能",
        "EUC-KR, 한국",
        "IBM1047, Zoe",
        "IBM930, a表b",
        "UTF-16, 中文😀é",
        "UTF-16LE, 中文😀é",
        "UTF-32BE, 中文😀é",
        "CESU-8, 中文😀é"
    })
    void everyCharsetIsRead(String charset, String text) {
        String file = (text + "\n").repeat(5_000) + text;
        byte[] bytes = file.getBytes(Charset.forName(charset));
        assertThat(lines(new ByteArrayInputStream(bytes), Charset.forName(charset)))
                .hasSize(5_001)
                .containsOnly(text);
        // As a network cuts it.
        assertThat(lines(new Pieces(bytes, 3), Charset.forName(charset)))
                .hasSize(5_001)
                .containsOnly(text);
    }

    @ParameterizedTest
    @CsvSource({
        // A character that windows-1252 lacks.
        "windows-1252, 61 0a 62 81 63 0a 64 0a",
        // Half of a pair, with the line feed or with a comma behind it; the second half alone.
        "UTF-16LE, 6100 0a00 00d8 0a00 6400 0a00",
        "UTF-16LE, 6100 0a00 00d8 2c00 0a00 6400 0a00",
        "UTF-16LE, 6100 0a00 00dc 2c00 0a00 6400 0a00",
        "UTF-16BE, 0061 000a d800 000a 0064 000a",
        "UTF-32LE, 61000000 0a000000 00d80000 0a000000 64000000 0a000000",
        "CESU-8, 61 0a eda080 0a 64 0a",
        // Half of a character before the line feed.
        "Shift_JIS, 61 0a 81 0a 64 0a",
        "GB18030, 61 0a 8130 0a 64 0a",
        "EUC-JP, 61 0a 8fa1 0a 64 0a",
        "EUC-TW, 61 0a 8ea2 0a 64 0a",
        "Big5, 61 0a 81 0a 64 0a",
        // A line that does not go back to ASCII in the middle of a character, and an escape that there is not.
        "ISO-2022-JP, 61 0a 1b2442 24 0a 64 0a",
        "ISO-2022-JP, 61 0a 1b245a 0a 64 0a",
        "ISO-2022-JP, 61 0a 1b 0a 64 0a",
        "ISO-2022-JP, 61 0a 62ff 0a 64 0a"
    })
    void whatIsNoTextCostsItsOwnLine(String charset, String hex) {
        assertThat(lines(new ByteArrayInputStream(bytes(hex)), Charset.forName(charset)))
                .hasSize(3)
                .startsWith("a")
                .endsWith("d")
                .element(1)
                .asString()
                .startsWith("unreadable: ")
                .contains("\\xff");
    }

    /** Each line of a stateful charset begins as the file does, whatever the one before left. */
    @Test
    void aLineThatDoesNotGoBackToAsciiChangesNoOther() {
        assertThat(lines(
                        new ByteArrayInputStream(bytes("61 1b2442 2422 0a 62 63 0a 64")),
                        Charset.forName("ISO-2022-JP")))
                .containsExactly("aあ", "bc", "d");
    }

    @ParameterizedTest
    @CsvSource({
        "UTF-16LE, 6100 0a00 6200 63",
        "UTF-16BE, 0061 000a 0062 00",
        "UTF-32LE, 61000000 0a000000 62000000 63",
        "Shift_JIS, 61 0a 62 81"
    })
    void halfACharacterAtTheEndIsNotPassedOver(String charset, String hex) {
        assertThat(lines(new ByteArrayInputStream(bytes(hex)), Charset.forName(charset)))
                .containsExactly("a", "unreadable: b\\xff");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE"})
    void aMarkIsNoText(String charset) {
        byte[] marked = "\ufeffa\nb".getBytes(Charset.forName(charset));
        assertThat(lines(new ByteArrayInputStream(marked), null)).containsExactly("a", "b");
        assertThat(lines(new ByteArrayInputStream(marked), Charset.forName(charset)))
                .containsExactly("a", "b");
        assertThat(Transcoded.byMark(marked)).isEqualTo(Charset.forName(charset));
    }

    @Test
    void withoutAMarkItIsUtf8() {
        for (String hex : new String[] {"", "ff", "fe", "61", "efbb", "0000fe", "61006200"}) {
            assertThat(Transcoded.byMark(bytes(hex))).as(hex).isNull();
        }
        assertThat(lines(new ByteArrayInputStream("Zoë\n".getBytes(UTF_8)), null))
                .containsExactly("Zoë");
        assertThat(lines(new ByteArrayInputStream(bytes("fffe")), null)).isEmpty();
    }

    @Test
    void whatIsWholeBeforeABreakIsGivenOut() {
        byte[] text = ("line\n".repeat(9_999) + "half").getBytes(Charset.forName("UTF-16LE"));
        var torn = new SequenceInputStream(new ByteArrayInputStream(text), new InputStream() {
            @Override
            public int read() throws IOException {
                throw new EOFException("torn");
            }
        });
        assertThat(lines(torn, Charset.forName("UTF-16LE"))).hasSize(9_999).containsOnly("line");
    }

    @Test
    void packedTextMayHaveAnotherCharset() {
        byte[] packed = UnpackedTest.Packing.ZSTD.pack("\ufeffZoë\nb".getBytes(Charset.forName("UTF-16BE")));
        assertThat(lines(new ByteArrayInputStream(packed), null)).containsExactly("Zoë", "b");
    }

    /** Whatever the bytes are and however they are cut; line feeds are counted where they are one byte. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "windows-1252",
                "Shift_JIS",
                "EUC-JP",
                "ISO-2022-JP",
                "ISO-2022-KR",
                "GB18030",
                "Big5-HKSCS",
                "IBM930",
                "UTF-16",
                "UTF-16LE",
                "UTF-32",
                "x-ISO-2022-CN-GB"
            })
    void anyBytesAreRead(String name) throws IOException {
        if (!Charset.isSupported(name)) return;
        Charset charset = Charset.forName(name);
        var random = new Random(3);
        for (int round = 0; round < 20; round++) {
            var bytes = new byte[random.nextInt(40_000)];
            random.nextBytes(bytes);
            if (round % 2 == 0) for (int i = 0; i < bytes.length; i++) if (bytes[i] == '\n') bytes[i] = 0;
            var whole = new ByteArrayOutputStream();
            new Transcoded(new ByteArrayInputStream(bytes), charset).transferTo(whole);
            var cut = new ByteArrayOutputStream();
            new Transcoded(new Pieces(bytes, 7), charset).transferTo(cut);
            assertThat(cut.toByteArray()).isEqualTo(whole.toByteArray());
            if (!name.startsWith("UTF") && !name.startsWith("IBM")) {
                assertThat(lineFeeds(whole.toByteArray())).isEqualTo(lineFeeds(bytes));
            }
        }
    }

    private static long lineFeeds(byte[] bytes) {
        return new String(bytes, ISO_8859_1).chars().filter(one -> one == '\n').count();
    }

    private static final class Pieces extends InputStream {
        private final InputStream in;
        private final int most;

        Pieces(byte[] bytes, int most) {
            this.in = new ByteArrayInputStream(bytes);
            this.most = most;
        }

        @Override
        public int read() throws IOException {
            return in.read();
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            return in.read(into, from, Math.min(length, most));
        }
    }
}
