package io.postpaid.usage.format;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class ParquetRowsTest {
    private static final Path FILES = Path.of("src/test/resources/parquet");

    @TempDir
    Path folder;

    private static List<String> rows(Path file) throws IOException {
        var rows = new ArrayList<String>();
        try (var source = new ParquetRows(file)) {
            for (byte[] row = source.next(); row != null; row = source.next()) rows.add(new String(row, UTF_8));
            assertThat(source.next()).isNull();
        }
        return rows;
    }

    /** What the program that wrote the files wrote beside them. */
    @ParameterizedTest
    @CsvSource({
        "types, types",
        "types-v2, types",
        "cost-none, cost",
        "cost-snappy, cost",
        "cost-gzip, cost",
        "cost-zstd, cost",
        "cost-lz4, cost",
        "flat, flat",
        "int96, int96"
    })
    void everyValueIsReadAsItWasWritten(String parquet, String rows) throws IOException {
        assertThat(rows(FILES.resolve(parquet + ".parquet")))
                .containsExactlyElementsOf(Files.readAllLines(FILES.resolve(rows + ".ndjson")));
    }

    @Test
    void aFileWithoutRowsHasNone() throws IOException {
        assertThat(rows(FILES.resolve("empty.parquet"))).isEmpty();
    }

    @Test
    void bytesThatAreNoTextStayForTheReaderToRefuse() throws IOException {
        try (var source = new ParquetRows(FILES.resolve("no-text.parquet"))) {
            assertThat(source.next()).isEqualTo("{\"a\":\"ok\"}".getBytes(UTF_8));
            assertThat(source.next()).isEqualTo("{\"a\":\"\u00c3(\"}".getBytes(ISO_8859_1));
        }
    }

    @Test
    void aFileIsToldByItsBeginning() throws IOException {
        assertThat(ParquetRows.is(FILES.resolve("flat.parquet"))).isTrue();
        assertThat(ParquetRows.is(FILES.resolve("flat.ndjson"))).isFalse();
        assertThat(ParquetRows.is(write("PAR".getBytes(UTF_8)))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"PAR1", "PAR1PAR1", "PAR1 and no more of it", "PAR1\0\0\0\0PAR1", "PAR1\377\377\377\377PAR1"})
    void garbageIsRefused(String text) throws IOException {
        Path file = write(text.getBytes(ISO_8859_1));
        assertThat(ParquetRows.is(file)).isTrue();
        assertThatThrownBy(() -> rows(file))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("the Parquet file can't be read: ");
    }

    @Test
    void aFileThatBreaksOffIsRefused() throws IOException {
        byte[] whole = Files.readAllBytes(FILES.resolve("types.parquet"));
        for (int cut = 4; cut < whole.length; cut += 997) {
            Path file = write(Arrays.copyOf(whole, cut));
            assertThatThrownBy(() -> rows(file)).as("%d", cut).isInstanceOf(IOException.class);
        }
    }

    /** Pages are lost or doubled where nobody counts: the rows of the file and of its groups stand in the footer. */
    @Test
    void aFooterThatLiesIsRefused() throws IOException {
        byte[] whole = Files.readAllBytes(FILES.resolve("flat.parquet"));
        int footer = whole.length
                - 8
                - ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getInt(whole.length - 8);
        // Field 3, a zigzag varint: ten rows.
        int at = new String(whole, ISO_8859_1).indexOf("\u0016\u0014", footer);
        for (int rows : new int[] {9, 11, 0}) {
            whole[at + 1] = (byte) (rows * 2);
            assertThatThrownBy(() -> rows(write(whole)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("it says it has " + rows + " rows, and its row groups have 10");
        }
    }

    /** Whatever is wrong in it: rows or a sentence, and an end. */
    @ParameterizedTest
    @ValueSource(strings = {"types", "types-v2", "cost-none", "cost-zstd", "flat", "int96"})
    void brokenFilesEndWithASentence(String name) throws IOException {
        byte[] whole = Files.readAllBytes(FILES.resolve(name + ".parquet"));
        var random = new Random(7);
        int refused = 0;
        int rounds = Integer.getInteger("hostile", 20);
        for (int round = 0; round < rounds; round++) {
            byte[] broken = whole.clone();
            for (int i = 0; i < 4; i++) broken[4 + random.nextInt(broken.length - 12)] = (byte) random.nextInt();
            try {
                assertThat(rows(write(broken))).hasSizeLessThanOrEqualTo(10);
            } catch (IOException e) {
                assertThat(e).hasMessageStartingWith("the Parquet file can't be read: ");
                refused++;
            }
        }
        assertThat(refused).isPositive();
    }

    private Path write(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("x.parquet"), bytes);
    }
}
