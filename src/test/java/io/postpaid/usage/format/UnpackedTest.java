package io.postpaid.usage.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class UnpackedTest {
    enum Packing {
        GZIP,
        ZSTD;

        byte[] pack(byte[] bytes) {
            if (this == ZSTD) return Zstd.compress(bytes);
            var packed = new ByteArrayOutputStream();
            try (var gzip = new GZIPOutputStream(packed)) {
                gzip.write(bytes);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return packed.toByteArray();
        }
    }

    private record Read(long lines, @Nullable String torn) {}

    private static final byte[] SKIPPABLE = {0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 'x', '\n', 'y'};

    private static Read read(byte[] file) {
        return read(new ByteArrayInputStream(file));
    }

    private static Read read(InputStream stream) {
        try (var lines = new RawLines(stream)) {
            long count = 0;
            for (var batch = lines.next(1_000); batch != null; batch = lines.next(1_000)) {
                for (int i = 0; i < batch.size(); i++) {
                    assertThat(batch.text(i)).startsWith("line " + count++ + " ");
                }
            }
            IOException torn = lines.torn();
            return new Read(count, torn == null ? null : String.valueOf(torn.getMessage()));
        }
    }

    private static byte[] lines(int from, int to) {
        var text = new StringBuilder();
        var random = new Random(from);
        for (int i = from; i < to; i++) text.append("line %d %x\n".formatted(i, random.nextLong()));
        return text.toString().getBytes(UTF_8);
    }

    private static byte[] joined(byte[]... parts) {
        var all = new ByteArrayOutputStream();
        for (byte[] part : parts) all.writeBytes(part);
        return all.toByteArray();
    }

    @ParameterizedTest
    @EnumSource(Packing.class)
    void everyPartIsRead(Packing packing) {
        byte[] file = joined(
                packing.pack(lines(0, 5_000)), packing.pack(lines(5_000, 5_001)), packing.pack(lines(5_001, 9_000)));
        assertThat(read(file)).isEqualTo(new Read(9_000, null));
        assertThat(read(new Slow(file))).isEqualTo(new Read(9_000, null));
        assertThat(read(packing.pack(new byte[0]))).isEqualTo(new Read(0, null));
    }

    @ParameterizedTest
    @EnumSource(Packing.class)
    void whatIsWholeBeforeABreakIsGivenOut(Packing packing) {
        byte[] file = packing.pack(lines(0, 50_000));
        for (int cut : new int[] {5, 9, file.length / 3, file.length / 2, file.length - 1}) {
            var read = read(Arrays.copyOf(file, cut));
            assertThat(read.torn()).as("%d bytes", cut).isNotNull();
            assertThat(read.lines()).isBetween(cut < 10 ? 0L : 50_000L * cut / file.length - 9_000, 50_000L);
        }
    }

    @ParameterizedTest
    @EnumSource(Packing.class)
    void nothingBehindAPartIsPassedOver(Packing packing) {
        byte[] first = packing.pack(lines(0, 100));
        byte[] second = packing.pack(lines(100, 200));
        second[0] ^= 1;
        var read = read(joined(first, second));
        assertThat(read.lines()).isEqualTo(100);
        assertThat(read.torn()).isNotNull();
        assertThat(read(joined(first, "line 100 as plain text\n".getBytes(UTF_8)))
                        .torn())
                .isNotNull();
    }

    @Test
    void gzipMayBeFilledUpWithZeros() {
        assertThat(read(joined(Packing.GZIP.pack(lines(0, 100)), new byte[512])))
                .isEqualTo(new Read(100, null));
    }

    @Test
    void whatIsPackedIsToldByItsFirstBytes() {
        assertThat(Unpacked.isPacked(Packing.GZIP.pack(lines(0, 1)))).isTrue();
        assertThat(Unpacked.isPacked(Packing.ZSTD.pack(lines(0, 1)))).isTrue();
        assertThat(Unpacked.isPacked(SKIPPABLE)).isTrue();
        assertThat(Unpacked.isPacked(lines(0, 1))).isFalse();
        assertThat(Unpacked.isPacked(new byte[] {0x1f})).isFalse();
    }

    @Test
    void partsOfZstdThatAreToBeSkippedAre() {
        byte[] file = joined(
                SKIPPABLE, Zstd.compress(lines(0, 10)), SKIPPABLE, SKIPPABLE, Zstd.compress(lines(10, 20)), SKIPPABLE);
        assertThat(read(file)).isEqualTo(new Read(20, null));
        assertThat(read(SKIPPABLE)).isEqualTo(new Read(0, null));
    }

    @Test
    void zstdThatAsksForMuchMemoryIsRefused() {
        assertThat(read(windowOf(27))).isEqualTo(new Read(1, null));
        for (int log : new int[] {28, 31, 41}) {
            assertThat(read(joined(windowOf(27), windowOf(log))))
                    .isEqualTo(new Read(
                            1, "its zstd needs more than 128 MB of memory: pack it without --long or --ultra"));
        }
    }

    /** A frame with one block that is not packed. */
    private static byte[] windowOf(int log) {
        byte[] line = "line 0 \n".getBytes(UTF_8);
        byte[] header = {
            0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0, (byte) (log - 10 << 3), (byte) (line.length << 3 | 1), 0, 0
        };
        return joined(header, line);
    }

    /** As a network gives it: a byte at a time, and never more is known to come. */
    private static final class Slow extends InputStream {
        private final InputStream in;

        Slow(byte[] bytes) {
            this.in = new ByteArrayInputStream(bytes);
        }

        @Override
        public int read() throws IOException {
            return in.read();
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            return in.read(into, from, Math.min(length, 1));
        }
    }
}
