package io.postpaid.usage.intake;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.usage.format.UnreadableUsage;
import io.postpaid.usage.mapping.Mapping;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that nobody means well with, or that somebody made a mistake with: each ends soon, and it is told what became of it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class HostileFilesTest {
    private static final String FIELDS = """
            fields:
              id:          {column: id}
              account:     {column: who}
              product:     {value: audio}
              quantity:    {column: n}
              occurred_at: {column: %s}
            """;
    private static final Mapping PARQUET = Mapping.parse("m.yaml", """
            format: parquet
            fields:
              id:          {line: true}
              account:     {column: a}
              product:     {value: audio}
              quantity:    {value: 1}
              occurred_at: {value: 2026-10-03}
            """);
    private static final String ROW = "{\"id\":\"%s\",\"who\":\"acme\",\"n\":2,\"at\":\"2026-10-03\"}";

    private final UsageFixture usage = new UsageFixture();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @BeforeEach
    void clear() {
        usage.clear();
    }

    @AfterEach
    void nothingIsBilledThatNobodySaid() {
        assertThat(usage.arrivals()).isEqualTo(usage.records());
    }

    private static Mapping json(String rows, String at) {
        return Mapping.parse(
                "m.yaml", "format: json\n" + (rows.isEmpty() ? "" : "rows: " + rows + "\n") + FIELDS.formatted(at));
    }

    private static Mapping csv(String more) {
        return Mapping.parse("m.yaml", "format: csv\n" + more + "\n" + FIELDS.formatted("at"));
    }

    private static String row(String id) {
        return ROW.formatted(id);
    }

    /** What became of its lines, and why it was refused. */
    private String taken(InputStream file, Mapping mapping) {
        try {
            var outcome = usage.ingestion(1_000).ingest(file, "f", mapping, _ -> {});
            return "%d accepted %d quarantined".formatted(outcome.accepted(), outcome.quarantined());
        } catch (BrokenOff e) {
            return "%d accepted %d quarantined, then %s"
                    .formatted(e.taken().accepted(), e.taken().quarantined(), e.getMessage());
        } catch (UnreadableUsage e) {
            return "refused: " + e.getMessage();
        }
    }

    private String taken(String file, Mapping mapping) {
        return taken(bytes(file), mapping);
    }

    private static InputStream bytes(String text) {
        return new ByteArrayInputStream(text.getBytes(UTF_8));
    }

    /** The middle is as often there as is said, and never in memory. */
    private static InputStream lengthy(String begin, String middle, int times, String end) {
        var thousand = middle.repeat(1_000).getBytes(UTF_8);
        Stream<InputStream> middles = Stream.generate(() -> (InputStream) new ByteArrayInputStream(thousand))
                .limit(times / 1_000);
        var parts = Stream.of(Stream.of(bytes(begin)), middles, Stream.of(bytes(end)))
                .flatMap(part -> part)
                .toList();
        return new SequenceInputStream(Collections.enumeration(parts));
    }

    // --- Depth and length

    @Test
    void aRowThatIsTooDeepIsQuarantinedAlone() {
        for (String deep : List.of("[", "{\"a\":")) {
            String close = deep.equals("[") ? "]" : "}";
            var file = "[" + row("1") + ",{\"id\":\"2\",\"x\":" + deep.repeat(50_000) + "1" + close.repeat(50_000)
                    + "}," + row("3") + "]";
            usage.clear();
            assertThat(taken(file, json("", "at"))).isEqualTo("2 accepted 1 quarantined");
        }
    }

    @Test
    void depthWithoutEndIsRefused() {
        for (String deep : List.of("[", "{\"x\":", "{\"data\":")) {
            assertThat(taken(lengthy(row("1"), deep, 5_000_000, ""), json("", "at")))
                    .as(deep)
                    .startsWith(deep.equals("[") ? "1 accepted 0 quarantined, then f breaks off" : "1 accepted");
            usage.clear();
            assertThat(taken(lengthy("", deep, 5_000_000, ""), json("data.results", "at")))
                    .as(deep)
                    .startsWith("0 accepted 0 quarantined, then f breaks off");
        }
        assertThat(taken(
                        lengthy("", "[", 5_000_000, ""),
                        Mapping.parse("m.yaml", "format: ndjson\n" + FIELDS.formatted("at"))))
                .isEqualTo("0 accepted 1 quarantined");
    }

    @Test
    void whatIsLongerThanALineMayBeIsQuarantined() {
        var mapping = json("", "at");
        for (var middle : List.of("\"a\",", "{\"b\":1},", "0.12,")) {
            usage.clear();
            var file = lengthy(
                    "[" + row("1") + ",{\"id\":\"2\",\"x\":[",
                    middle,
                    50_000_000 / middle.length() / 1_000 * 1_000,
                    "1]}," + row("3") + "]");
            assertThat(taken(file, mapping)).isEqualTo("2 accepted 1 quarantined");
        }
        for (String quote : List.of(
                "{\"id\":\"2\",\"x\":\"|\"}",
                "{\"id\":\"2\",\"who\":\"|\"}",
                "\"|\"",
                "{\"|\":1}",
                "1|",
                "{\"n\":1|}")) {
            usage.clear();
            String[] around = quote.split("\\|");
            var file = lengthy(
                    "[" + row("1") + "," + around[0],
                    "7",
                    50_000_000,
                    (around.length > 1 ? around[1] : "") + "," + row("3") + "]");
            assertThat(taken(file, mapping)).as(quote).isEqualTo("2 accepted 1 quarantined");
        }
        for (String unit :
                List.of("\\u0041", "\\\"", "\\\\", "\\ud83d\\ude00", "\u00e9", "\ud83d\ude00", "x\\ud83d\\ude00")) {
            usage.clear();
            var file = lengthy("[" + row("1") + ",{\"id\":\"2\",\"who\":\"", unit, 2_000_000, "\"}," + row("3") + "]");
            assertThat(taken(file, mapping)).as(unit).isEqualTo("2 accepted 1 quarantined");
        }
        assertThat(usage.quarantined())
                .singleElement()
                .asString()
                .startsWith("f:2 UNREADABLE longer than 1048576 bytes");
    }

    @Test
    void whatIsLongBesideTheRowsIsPassedOver() {
        var file = lengthy("{\"x\":\"", "y", 50_000_000, "\",\"data\":{\"results\":[" + row("1") + "],\"z\":[[1]]}}");
        assertThat(taken(file, json("data.results", "at"))).isEqualTo("1 accepted 0 quarantined");
    }

    // --- What stands around rows

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {"at":"2026-10-03","rows":[R]}                        | 1 accepted 0 quarantined
        {"rows":[R],"at":"2026-10-03"}                        | 1 accepted 0 quarantined
        {"rows":[R,R]}                                        | 0 accepted 2 quarantined
        {"rows":[R],"at":null}                                | 0 accepted 1 quarantined
        {"rows":[R],"at":{}}                                  | 0 accepted 1 quarantined
        {"rows":[R],"at":"2026-10-03","at":"2026-10-04"}      | 1 accepted 0 quarantined, then f breaks off after 1 lines, which are taken (at is given twice): ingest it again when it is whole
        {"at":"2026-10-03","rows":R}                          | 1 accepted 0 quarantined
        {"at":"2026-10-03","rows":[[R]]}                      | 1 accepted 0 quarantined
        {"at":"2026-10-03","rows":5}                          | 0 accepted 1 quarantined
        {"at":"2026-10-03","rows":null}                       | 0 accepted 1 quarantined
        {"at":"2026-10-03","rows":[]}                         | 0 accepted 0 quarantined
        {"at":"2026-10-03","rows":{}}                         | 0 accepted 1 quarantined
        {"at":"2026-10-03"}{"at":"2026-10-03","rows":[R]}     | 1 accepted 1 quarantined
        {"at":"2026-10-03","rows":[R]}{"at":"2026-10-03"}     | 1 accepted 1 quarantined
        {"at":"2026-10-03","rows":[R]}7                       | 1 accepted 1 quarantined
        {"at":"2026-10-03","rows":[R]}]                       | 1 accepted 0 quarantined, then f breaks off
        {"at":"2026-10-03","rows":[R]                         | 1 accepted 0 quarantined, then f breaks off
        {"at":"2026-10-03","row":[R]}                         | 0 accepted 0 quarantined, then f breaks off after 0 lines, which are taken (the document has no rows
        ``                                                    | 0 accepted 0 quarantined, then f breaks off
        []                                                    | 0 accepted 0 quarantined
        {}                                                    | 0 accepted 0 quarantined, then f breaks off
        null                                                  | 0 accepted 0 quarantined, then f breaks off
        """)
    void eachRowIsCountedWhereverItStands(String file, String expected) {
        assertThat(taken(file.replace("R", row("1").replace(",\"at\":\"2026-10-03\"", "")), json("rows", "^.at")))
                .startsWith(expected);
    }

    // --- Beginnings and charsets

    @ParameterizedTest
    @CsvSource({
        "'', 0 accepted 0 quarantined",
        "' \n\t', 0 accepted 0 quarantined",
        "[], 0 accepted 0 quarantined",
        "{}, 0 accepted 1 quarantined",
        "'[{},[],null,7]', 0 accepted 3 quarantined",
        "R, 1 accepted 0 quarantined",
        "'R\nS\n', 2 accepted 0 quarantined",
        "RS, 2 accepted 0 quarantined",
        "[R][S], 2 accepted 0 quarantined",
        "'\ufeff[R]', 1 accepted 0 quarantined",
        "'R,S', '1 accepted 0 quarantined, then f breaks off'",
        "'id;who\n1;2', '0 accepted 0 quarantined, then f breaks off'",
    })
    void documentsBeginAsTheyLike(String file, String expected) {
        assertThat(taken(file.replace("R", row("1")).replace("S", row("2")), json("", "at")))
                .startsWith(expected);
    }

    @ParameterizedTest
    @CsvSource({"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE"})
    void otherCharsetsAreReadOrRefused(String charset) throws IOException {
        String text = "[" + row("1").replace("acme", "acm\u00e9") + "," + row("2") + "]";
        for (String mark : List.of("\ufeff", "")) {
            usage.clear();
            var taken =
                    taken(new ByteArrayInputStream((mark + text).getBytes(Charset.forName(charset))), json("", "at"));
            assertThat(taken).as(charset + mark.length()).isIn("1 accepted 1 quarantined", "refused");
        }
    }

    // --- CSV

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        ''                                           | skip_lines: 0     | 0 accepted 0 quarantined
        'id,who,n,at'                                | skip_lines: 0     | 0 accepted 0 quarantined
        'id,who,n,at\n'                              | skip_lines: 0     | 0 accepted 0 quarantined
        'id,who,n,at\n1,acme,2,2026-10-03'           | skip_lines: 1     | refused: f: the column 'at' is missing
        'id,who,n,at\n1,acme,2,2026-10-03'           | skip_lines: 2     | 0 accepted 0 quarantined
        'id,who,n,at\n1,acme,2,2026-10-03'           | skip_lines: 10000 | 0 accepted 0 quarantined
        '\ufeffid,who,n,at\n1,acme,2,2026-10-03'     | skip_lines: 0     | 1 accepted 0 quarantined
        'id,who,n,at\n1,acme,2,2026-10-03\r2,x'      | skip_lines: 0     | 0 accepted 1 quarantined
        'id,who,n,at\n"1",acme,2,2026-10-03\r2,x'    | skip_lines: 0     | 0 accepted 1 quarantined
        'id,who,n,at,"x\n1,acme,2,2026-10-03,"\n'    | skip_lines: 0     | refused: f: in the header a quote is opened
        'id,who,n,at,"x'                             | skip_lines: 0     | refused: f: in the header a quote is opened
        """)
    void csvWithoutMuchInIt(String file, String more, String expected) {
        String text = file.replace("\\n", "\n").replace("\\r", "\r").replace("\\ufeff", "\ufeff");
        assertThat(taken(text, csv(more))).startsWith(expected);
    }

    // --- Parquet

    @ParameterizedTest
    @CsvSource({
        "a\0b, f:2 MALFORMED account has a NUL character or half of a surrogate pair",
        "a\u00ffb, f:2 UNREADABLE is not valid UTF-8",
        "a\u00c0\u0080, f:2 UNREADABLE is not valid UTF-8"
    })
    void whatIsNoTextInParquetIsQuarantined(String instead, String expected) throws IOException {
        var bytes = Files.readAllBytes(Path.of("src/test/resources/parquet/no-text.parquet"));
        String text = new String(bytes, ISO_8859_1);
        byte[] changed = text.replace("\u00c3(", instead.substring(0, 2)).getBytes(ISO_8859_1);
        assertThat(Arrays.equals(changed, bytes)).isFalse();
        var file = Files.write(folder.resolve("f"), changed);
        assertThat(usage.ingestion(1_000).ingest(file, PARQUET, _ -> {}).quarantined())
                .isEqualTo(2);
        assertThat(usage.quarantined().getLast()).startsWith(expected);
    }

    @Test
    void aRowOfParquetThatIsLongerThanALineMayBeIsQuarantined() {
        var file = Path.of("src/test/resources/parquet/long.parquet");
        var outcome = usage.ingestion(1_000).ingest(file, PARQUET, _ -> {});
        assertThat(outcome).isEqualTo(new IngestOutcome("long.parquet", 3, 2, 0, 1));
        assertThat(usage.quarantined())
                .singleElement()
                .asString()
                .startsWith("long.parquet:2 UNREADABLE longer than 1048576 bytes");
    }
}
