package io.postpaid.usage.intake;

import static io.postpaid.usage.intake.UsageFixture.line;
import static io.postpaid.usage.intake.UsageFixture.voiding;
import static io.postpaid.usage.intake.UsageFixture.write;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postpaid.platform.batch.Done;
import io.postpaid.usage.admission.Windows;
import io.postpaid.usage.format.UnreadableUsage;
import io.postpaid.usage.intake.Quarantine.Released;
import io.postpaid.usage.mapping.Layout;
import io.postpaid.usage.mapping.LineParserTest;
import io.postpaid.usage.mapping.Mapping;
import io.postpaid.usage.mapping.Opened;
import io.postpaid.usage.record.ParsedLine;
import io.postpaid.usage.record.UsageRecord;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Period;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What logs say is read as it is meant, or not at all. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReadingTest {
    private static final String HEADER = "id,account,product,quantity,occurred_at";
    private static final String AT = "2026-10-03T12:00:00Z";

    private final UsageFixture usage = new UsageFixture();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @BeforeEach
    void clear() {
        usage.clear();
        usage.now.set(UsageFixture.NOW);
    }

    private static Mapping mapping(String more) {
        return Mapping.parse("m.yaml", """
                format: csv
                source: gw
                %s
                fields:
                  id:          {line: true}
                  account:     {value: acme}
                  product:     {value: text}
                  quantity:    {sum: [a, b]}
                  occurred_at: {column: at}
                """.formatted(more));
    }

    private static String read(Mapping mapping, String header, String line) {
        return LineParserTest.show(new Layout("gw.csv", Mapping.Format.CSV, header, mapping, null)
                        .parser()
                        .parse(line, 2, "n"))
                .replaceFirst(" \\(line \\d+ of the mapping\\)$", "");
    }

    // --- Numbers

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1e99999999",
                "1e-99999999",
                "-1e2147483647",
                "0e99999999",
                "1E+999",
                "9e2147483648",
                "1e99999999999999999999",
                "0x1p3",
                "\u0666\u0661",
                "\uff15",
                "1\u0966",
                "Infinity"
            })
    @Timeout(10)
    void aNumberIsBoundedWhenItIsRead(String number) {
        String quoted = line("1", "acme", "audio", number, AT);
        var ndjson = quoted
                + quoted.replace("\"" + number + "\"", number)
                + "{\"specversion\":\"1.0\",\"id\":\"2\",\"source\":\"s\",\"subject\":\"acme\",\"time\":\"" + AT
                + "\",\"data\":{\"product\":\"audio\",\"quantity\":\"" + number + "\"}}\n";
        assertThat(usage.ingest("a.ndjson", ndjson)).isEqualTo(new IngestOutcome("a.ndjson", 3, 0, 0, 3));
        assertThat(new SentUsage(usage.database, usage.clock, UsageFixture.WINDOWS)
                        .take(ndjson.getBytes(UTF_8), "api/1", null))
                .isEqualTo(new IngestOutcome("api/1", 3, 0, 0, 3));
        assertThat(usage.ingest("a.csv", HEADER + "\n1,acme,audio," + number + "," + AT + "\n"))
                .isEqualTo(new IngestOutcome("a.csv", 1, 0, 0, 1));
        for (String rule : List.of("{sum: [a, b]}", "{product: [a, b]}", "{column: a}")) {
            var mapping = Mapping.parse("m.yaml", mapping("").text().replace("{sum: [a, b]}", rule));
            assertThat(usage.ingest("b.csv", "a,b,at\n" + number + ",2," + AT + "\n", mapping))
                    .isEqualTo(new IngestOutcome("b.csv", 1, 0, 0, 1));
        }
        for (String format : List.of("epoch_seconds", "epoch_millis")) {
            assertThat(usage.ingest("c.csv", "a,b,at\n1,2," + number + "\n", mapping("time_format: " + format)))
                    .isEqualTo(new IngestOutcome("c.csv", 1, 0, 0, 1));
        }
        assertThat(usage.quarantine.release(List.of()).accepted()).isZero();
        assertThat(usage.records()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            8.470000000000000, 8.47
            1.0000000000,      1
            1e2,               100
            61.123456789000,   61.123456789
            1e18,              1000000000000000000
            0.000e5,           0
            """)
    void trailingZerosAreNoDecimals(String written, String quantity) {
        usage.ingest("a.ndjson", line("1", "acme", "audio", written, AT));
        assertThat(usage.strings("select trim_scale(quantity)::text from usage_record"))
                .containsExactly(quantity);
        assertThat(usage.ingest("b.csv", HEADER + "\n1,acme,audio," + written + "," + AT + "\n"))
                .isEqualTo(new IngestOutcome("b.csv", 1, 0, 1, 0));
    }

    @Test
    void moreDecimalsAreRoundedOnlyWhereTheMappingSaysSo() {
        String csv = "a,b,at\n8.470000267028809,0," + AT + "\n0.1,0.20000000000000004," + AT + "\n";
        assertThat(usage.ingest("a.csv", csv, mapping(""))).isEqualTo(new IngestOutcome("a.csv", 2, 0, 0, 2));
        assertThat(usage.ingest("a.csv", csv, mapping("round: 9"))).isEqualTo(new IngestOutcome("a.csv", 2, 2, 0, 0));
        assertThat(usage.strings("select trim_scale(quantity)::text from usage_record order by line"))
                .containsExactly("8.470000267", "0.3");
        var atTheQuantity =
                Mapping.parse("m.yaml", mapping("").text().replace("{sum: [a, b]}", "{column: a, round: 2}"));
        assertThat(read(atTheQuantity, "a,at", "2.345," + AT)).isEqualTo("gw/n acme text 2.35 " + AT);
        assertThatThrownBy(() -> mapping("round: 10")).hasMessageContaining("round is not a whole number from 0 to 9");
    }

    // --- Dates

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        MM/dd/yyyy               | UTC              | 10/01/2026                | 2026-10-01T00:00:00Z
        MM/dd/uuuu               | Europe/Berlin    | 10/01/2026                | 2026-09-30T22:00:00Z
        dd/MM/yyyy HH:mm         | UTC              | 30/09/2026 10:00          | 2026-09-30T10:00:00Z
        dd.MM.yy HH:mm           | UTC              | 01.10.26 10:00            | 2026-10-01T10:00:00Z
        d/M/yyyy h:mm a          | UTC              | 1/10/2026 1:05 pm         | 2026-10-01T13:05:00Z
        dd/MMM/yyyy:HH:mm:ss Z   | UTC              | 31/Oct/2026:23:30:00 -0100 | 2026-11-01T00:30:00Z
        yyyy-MM-dd HH:mm:ss.SSS  | UTC              | 2026-10-01 10:00:00.250   | 2026-10-01T10:00:00.250Z
        yyyy-DDD                 | UTC              | 2026-274                  | 2026-10-01T00:00:00Z
        yyyyMMdd                 | UTC              | 20240229                  | 2024-02-29T00:00:00Z
        dd/MM/yyyy HH:mm         | UTC              | 31/09/2026 10:00          | occurred_at '31/09/2026 10:00' is no time that exists, read as dd/MM/yyyy HH:mm, in the column 'at'
        dd/MM/yyyy HH:mm         | UTC              | 30/02/2026 10:00          | occurred_at '30/02/2026 10:00' is no time that exists, read as dd/MM/yyyy HH:mm, in the column 'at'
        dd/MM/uuuu HH:mm         | UTC              | 29/02/2026 10:00          | occurred_at '29/02/2026 10:00' is no time that exists, read as dd/MM/uuuu HH:mm, in the column 'at'
        dd/MM/yyyy HH:mm         | UTC              | 30/09/2026 24:00          | occurred_at '30/09/2026 24:00' is no time that exists, read as dd/MM/yyyy HH:mm, in the column 'at'
        yyyy-DDD                 | UTC              | 2026-366                  | occurred_at '2026-366' is no time that exists, read as yyyy-DDD, in the column 'at'
        MM/dd/yyyy               | UTC              | 13/01/2026                | occurred_at '13/01/2026' is no time that exists, read as MM/dd/yyyy, in the column 'at'
        MM/dd/yyyy               | UTC              | 2026-10-01                | occurred_at '2026-10-01' is not written as MM/dd/yyyy, in the column 'at'
        MM/dd/yyyy               | UTC              | 10/01/2026 10:00          | occurred_at '10/01/2026 10:00' is not written as MM/dd/yyyy, in the column 'at'
        dd/MM/yyyy HH:mm         | Europe/Berlin    | 28/03/2027 02:30          | occurred_at '2027-03-28T02:30' does not exist in Europe/Berlin: the clocks were put forward over it, in the column 'at'
        dd/MM/yyyy HH:mm         | Europe/Berlin    | 25/10/2026 02:30          | occurred_at '2026-10-25T02:30' is twice in Europe/Berlin: the clocks were put back to it, in the column 'at'
        dd/MM/yyyy HH:mm XXX     | Europe/Berlin    | 25/10/2026 02:30 +01:00   | 2026-10-25T01:30:00Z
        dd/MM/yyyy HH:mm VV      | UTC              | 25/10/2026 02:30 Europe/Berlin | occurred_at '2026-10-25T02:30' is twice in Europe/Berlin: the clocks were put back to it, in the column 'at'
        epoch_seconds            | UTC              | 1790848800.5              | 2026-10-01T10:00:00.500Z
        epoch_millis             | UTC              | 999999999999999           | occurred_at '999999999999999' is too far from 1970, read as epoch_millis, in the column 'at'
        """)
    void timesAreReadStrictly(String format, String zone, String text, String expected) {
        var mapping = mapping("time_format: \"" + format + "\"\ntimezone: " + zone);
        String read = read(mapping, "a,b,at", "1,2,\"" + text + "\"");
        assertThat(read).isEqualTo(expected.startsWith("occurred_at") ? expected : "gw/n acme text 3 " + expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HH:mm",
                "MM/yyyy",
                "dd/MM",
                "dd/MM/YYYY",
                "yyyy-MM-dd hh:mm",
                "w/yyyy",
                "mm/dd/yyyy",
                "YYYY-'W'ww-e"
            })
    void aPatternThatNamesNoDayIsRefused(String format) {
        assertThatThrownBy(() -> mapping("time_format: \"" + format + "\""))
                .isInstanceOf(UnreadableUsage.class)
                .hasMessageContaining("time_format '" + format.substring(0, 4));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        2026-10-01                | 2026-09-30T22:00:00Z
        2026-10-25 02:59:59       | occurred_at '2026-10-25T02:59:59' is twice in Europe/Berlin: the clocks were put back to it, in the column 'at'
        2027-03-28T02:00          | occurred_at '2027-03-28T02:00' does not exist in Europe/Berlin: the clocks were put forward over it, in the column 'at'
        2026-02-30                | malformed
        2026-09-31T10:00:00       | malformed
        2026-10-01T24:00:00       | malformed
        2026-10-01T10:00:00+19:00 | malformed
        2026-10-01T10:00:60Z      | malformed
        2026-W40-4T10:00:00Z      | malformed
        0000-10-01T10:00:00Z      | malformed
        99999-10-01T10:00:00Z     | malformed
        +2026-10-01T10:00:00Z     | malformed
        """)
    void withoutAFormatTimesAreIso(String text, String expected) {
        String read = read(mapping("timezone: Europe/Berlin"), "a,b,at", "1,2," + text);
        if (expected.equals("malformed")) {
            assertThat(read).startsWith("occurred_at ");
            assertThat(usage.ingest("a.ndjson", line("1", "acme", "audio", "1", text)))
                    .isEqualTo(new IngestOutcome("a.ndjson", 1, 0, 0, 1));
        } else {
            assertThat(read).isEqualTo(expected.startsWith("occurred") ? expected : "gw/n acme text 3 " + expected);
        }
    }

    // --- Identity

    @Test
    void aLogIsBilledOnceHoweverItIsNamedAndPacked() throws IOException {
        String log = "a,b,at\n1,2," + AT + "\n1,2," + AT + "\n\n5,0," + AT + "\n";
        var mapping = mapping("");
        assertThat(ingest(write(folder.resolve("gw.csv"), log), mapping))
                .isEqualTo(new IngestOutcome("gw.csv", 3, 3, 0, 0));
        var packed = folder.resolve("gw.csv.gz");
        Files.write(packed, gzip(log));
        for (Path again : List.of(
                folder.resolve("gw.csv"),
                packed,
                write(folder.resolve("gw.csv.1"), log),
                write(folder.resolve("crlf.csv"), log.replace("\n", "\r\n")),
                write(folder.resolve("bom.csv"), "\uFEFF" + log.stripTrailing()),
                write(folder.resolve("part.csv"), log.replace("5,0," + AT + "\n", "")))) {
            assertThatThrownBy(() -> ingest(again, mapping))
                    .isInstanceOf(TakenBefore.class)
                    .hasMessageStartingWith(again.getFileName() + " was taken before, as gw.csv:");
        }
        assertThat(usage.files()).hasSize(1);
        assertThatThrownBy(() -> usage.ingest("-", log, mapping))
                .isInstanceOf(TakenBefore.class)
                .hasMessageContaining("as gw.csv");
        assertThat(ingest(write(folder.resolve("gw.csv"), log + "7,0," + AT + "\n"), mapping))
                .isEqualTo(new IngestOutcome("gw.csv", 4, 1, 3, 0));
        assertThat(usage.records()).containsExactly("acme text 2026-10-03 18 4 0 0");
    }

    @Test
    void anotherSourceIsAnotherLogAndAnotherBeginningIsNew() {
        String log = "a,b,at\n1,2," + AT + "\n";
        usage.ingest("gw.csv", log, mapping(""));
        var other = Mapping.parse("m.yaml", mapping("").text().replace("source: gw", "source: gw-2"));
        assertThat(usage.ingest("gw.csv", log, other)).isEqualTo(new IngestOutcome("gw.csv", 1, 1, 0, 0));
        assertThat(usage.ingest("gw.csv", "a,b,at\n9,9," + AT + "\n1,2," + AT + "\n", mapping("")))
                .isEqualTo(new IngestOutcome("gw.csv", 2, 2, 0, 0));
    }

    @Test
    void idsAreTheSameWhenAFileIsGoneOnWith() throws IOException {
        var log = new StringBuilder("a,b,at\n");
        for (int i = 0; i < 5_000; i++) {
            log.append(i % 3).append(",\"0\n\",").append(AT).append('\n');
        }
        String text = log.toString().replace("\"0\n\"", "0");
        byte[] packed = gzip(text);
        var file = folder.resolve("torn.csv.gz");
        Files.write(file, Arrays.copyOf(packed, packed.length * 2 / 3));
        assertThatThrownBy(() -> usage.ingestion(100).ingest(file, mapping(""), _ -> {}))
                .hasMessageContaining("breaks off");
        Files.write(file, packed);
        assertThat(usage.ingestion(100).ingest(file, mapping(""), _ -> {}))
                .isEqualTo(new IngestOutcome("torn.csv.gz", 5_000, 5_000, 0, 0));
        assertThatThrownBy(() -> ingest(write(folder.resolve("whole.csv"), text), mapping("")))
                .isInstanceOf(TakenBefore.class);
        assertThat(usage.records()).containsExactly("acme text 2026-10-03 4999 5000 0 0");
    }

    @Test
    void aLogWhoseFirstLineWaitsIsRefusedTheSecondTime() {
        var mapping = Mapping.parse("m.yaml", mapping("").text().replace("{value: acme}", "{column: who}"));
        String log = "who,a,b,at\nlater,1,0," + AT + "\nacme,2,0," + AT + "\n";
        usage.ingest("gw.csv", log, mapping);
        assertThatThrownBy(() -> ingest(write(folder.resolve("copy.csv"), log), mapping))
                .isInstanceOf(TakenBefore.class);
        assertThat(usage.files()).hasSize(1);
    }

    @Test
    void aReleasedLineKeepsItsId() {
        var mapping = Mapping.parse("m.yaml", mapping("").text().replace("{value: acme}", "{column: who}"));
        String log = "who,a,b,at\nacme,1,0," + AT + "\nlater,2,0," + AT + "\nacme,4,0," + AT + "\n";
        assertThat(ingest(write(folder.resolve("gw.csv"), log), mapping))
                .isEqualTo(new IngestOutcome("gw.csv", 3, 2, 0, 1));
        usage.account("later");
        assertThat(ingest(write(folder.resolve("copy.csv"), log + "acme,8,0," + AT + "\n"), mapping))
                .isEqualTo(new IngestOutcome("copy.csv", 4, 2, 2, 0));
        assertThat(usage.quarantine.release(List.of())).isEqualTo(new Released(0, 1, 0));
        assertThat(usage.records()).containsExactly("acme text 2026-10-03 13 3 0 0", "later text 2026-10-03 2 1 0 0");
    }

    @Test
    void theInboxPutsAwayWhatWasTakenBefore() {
        write(folder.resolve("mapping.yaml"), mapping("").text());
        String log = "a,b,at\n1,2," + AT + "\n";
        var inbox = usage.inbox(folder, 100);
        for (String name : List.of("gw.csv", "gw.csv.1")) {
            write(folder.resolve(name), log);
            inbox.waiting(folder)
                    .forEachRemaining(file -> assertThat(inbox.take(file))
                            .isEqualTo(
                                    name.equals("gw.csv")
                                            ? new IngestOutcome(name, 1, 1, 0, 0)
                                            : new IngestOutcome(name, 1, 0, 1, 0)));
            assertThat(folder.resolve("done").resolve(name)).exists();
        }
    }

    // --- CSV

    @Test
    void columnsThatNobodyUsesStopNoFile() {
        assertThat(usage.ingest(
                        "a.csv",
                        HEADER + ",,\n1,acme,audio,1," + AT + ",,\n2,acme,audio,2," + AT + "\n" + "3,acme,audio,4," + AT
                                + ",,,,\n4,acme,audio,8," + AT + ",,,x\n5,acme,audio\n"))
                .isEqualTo(new IngestOutcome("a.csv", 5, 3, 0, 2));
        assertThat(usage.ingest("b.csv", "note,,note," + HEADER + "\nx,y,z,9,acme,audio,16," + AT + "\n"))
                .isEqualTo(new IngestOutcome("b.csv", 1, 1, 0, 0));
        assertThat(usage.records()).containsExactly("acme audio 2026-10-03 23 4 0 0");
        assertThatThrownBy(() -> usage.ingest("c.csv", HEADER + ",quantity\n"))
                .hasMessage("c.csv: the header has the column 'quantity' twice");
    }

    @ParameterizedTest
    @ValueSource(chars = {';', '\t', '|'})
    void anotherDelimiterIsFoundOrNamed(char delimiter) {
        String own = (HEADER + "\n1,acme,audio,1.5," + AT + "\n").replace(',', delimiter);
        assertThat(usage.ingest("own.csv", own)).isEqualTo(new IngestOutcome("own.csv", 1, 1, 0, 0));
        String log = ("a,b,at,note\n1,2," + AT + ",\"x" + delimiter + "\ny\"\n").replace(',', delimiter);
        assertThat(usage.ingest("gw.csv", log, mapping(""))).isEqualTo(new IngestOutcome("gw.csv", 1, 1, 0, 0));
        assertThatThrownBy(() -> mapping("delimiter: \"##\"")).hasMessageContaining("is none of , ; | and tab");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n"})
    void aQuotedCellMayHaveLineBreaks(String end) {
        String csv = (HEADER + ",operation,metadata\n"
                        + "1,acme,audio,1," + AT + ",\"predict\nx\",\n"
                        + "2,acme,audio,2," + AT + ",\"say \"\"hi\"\",\n\n1,acme,audio,64," + AT + ",\",\n"
                        + "\"3\",acme,audio,x," + AT + ",\"a\nb\",\n"
                        + "4,acme,audio,4," + AT + ",\",\",\"{\"\"a\"\":\n1}\"\n"
                        + "5,acme,audio,8," + AT + ",it\"s,")
                .replace("\n", end);
        assertThat(usage.ingest("a.csv", csv)).isEqualTo(new IngestOutcome("a.csv", 5, 4, 0, 1));
        assertThat(usage.strings("select line || ' ' || id || ' ' || operation || coalesce(' ' || metadata, '')"
                        + " from usage_record order by line"))
                .containsExactly(
                        "2 1 predict\nx",
                        "4 2 say \"hi\",\n\n1,acme,audio,64," + AT + ",",
                        "9 4 , {\"a\":1}",
                        "11 5 it\"s");
        assertThat(usage.quarantine.open(0, 9))
                .extracting(Quarantine.Line::line, Quarantine.Line::raw)
                .containsExactly(org.assertj.core.api.Assertions.tuple(7L, "\"3\",acme,audio,x," + AT + ",\"a\nb\","));
    }

    @Test
    void aHeaderMayHaveThemToo() {
        assertThat(usage.ingest("a.csv", HEADER + ",\"what\nit was\"\n1,acme,audio,1," + AT + ",x\n"))
                .isEqualTo(new IngestOutcome("a.csv", 1, 1, 0, 0));
        assertThat(usage.strings("select line::text from usage_record")).containsExactly("3");
    }

    @Test
    void aRecordIsWholeWhereverItsBytesAreCut() throws IOException {
        var csv = new StringBuilder(HEADER + ",operation\n");
        int records = 400;
        for (int i = 0; i < records; i++) {
            csv.append(i)
                    .append(",acme,audio,1,")
                    .append(AT)
                    .append(",\"")
                    .append("x\n".repeat(i))
                    .append("\"\n");
        }
        byte[] bytes = csv.toString().getBytes(UTF_8);
        for (int step : new int[] {1, 4_096, 65_536, 65_537}) {
            var opened = Opened.stream(new Slices(bytes, step), "a.csv", null);
            var lines = opened.lines();
            var layout = opened.layout();
            long number = 2;
            int count = 0;
            for (var batch = lines.next(7); batch != null; batch = lines.next(7)) {
                for (int i = 0; i < batch.size(); i++) {
                    assertThat(batch.number(i)).isEqualTo(number);
                    var parsed = batch.parse(i, layout.parser());
                    if (count <= 250) {
                        assertThat(parsed).isInstanceOf(count == 0 ? ParsedLine.Fact.class : UsageRecord.class);
                    }
                    number += count + 1L;
                    count++;
                }
            }
            assertThat(count).isEqualTo(records);
        }
    }

    @Test
    @Timeout(60)
    void aQuoteThatIsNotClosedCostsItsOwnLine() {
        var csv = new StringBuilder(HEADER + ",operation\n");
        csv.append("first,acme,audio,1,").append(AT).append(",\"open\n");
        for (int i = 0; i < 40_000; i++) {
            csv.append(i).append(",acme,audio,1,").append(AT).append(",\n");
        }
        csv.append("last,acme,audio,1,").append(AT).append(",\"open\n");
        assertThat(usage.ingest("a.csv", csv.toString())).isEqualTo(new IngestOutcome("a.csv", 40_002, 40_000, 0, 2));
        assertThat(usage.quarantined())
                .containsExactly(
                        "a.csv:2 MALFORMED a quote is opened and not closed",
                        "a.csv:40003 MALFORMED a quote is opened and not closed");

        // Each line opens a quote, closes one wrongly, or goes on with one: none is looked at again and again.
        String hostile = "x,\"" + "\n\"\"\n,\"\"\",\",\"\n".repeat(60_000);
        var outcome = usage.ingest("b.csv", HEADER + "\n" + hostile);
        assertThat(outcome.accepted()).isZero();
        assertThat(outcome.quarantined()).isEqualTo(outcome.lines());
        assertThat(usage.quarantine.release(List.of(1L)).accepted()).isZero();
    }

    @Test
    void aTornFileKeepsItsQuotedRecordWhole() throws IOException {
        var csv = new StringBuilder(HEADER + ",operation\n");
        for (int i = 0; i < 2_000; i++) {
            csv.append(i)
                    .append(",acme,audio,1,")
                    .append(AT)
                    .append(",\"a\nb")
                    .append(i * 31 % 97)
                    .append("\n\"\n");
        }
        byte[] packed = gzip(csv.toString());
        var file = folder.resolve("quoted.csv.gz");
        for (int cut : new int[] {packed.length / 3, packed.length / 2, packed.length - 9}) {
            Files.write(file, Arrays.copyOf(packed, cut));
            assertThatThrownBy(() -> usage.ingestion(64).ingest(file, null, _ -> {}))
                    .hasMessageContaining("breaks off");
            assertThat(usage.quarantined()).isEmpty();
        }
        Files.write(file, packed);
        assertThat(usage.ingestion(64).ingest(file, null, _ -> {}))
                .isEqualTo(new IngestOutcome("quoted.csv.gz", 2_000, 2_000, 0, 0));
    }

    @Test
    void linesMayEndWithReturnsAlone() {
        assertThat(usage.ingest("a.csv", HEADER + "\r1,acme,audio,1," + AT + "\r2,acme,audio,2," + AT + "\r"))
                .isEqualTo(new IngestOutcome("a.csv", 2, 2, 0, 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE", "UTF-8"})
    void aByteOrderMarkSaysTheCharset(String charset) throws IOException {
        String csv = HEADER + ",operation\n1,acme,audio,1," + AT + ",a\n2,acme,audio,2," + AT + ",Zoë €😀\n";
        Path file = Files.write(folder.resolve("a.csv"), ("\ufeff" + csv).getBytes(Charset.forName(charset)));
        assertThat(usage.ingestion(9).ingest(file, null, _ -> {})).isEqualTo(new IngestOutcome("a.csv", 2, 2, 0, 0));
        assertThat(usage.strings("select operation from usage_record order by id"))
                .containsExactly("a", "Zoë €😀");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16LE", "UTF-16BE"})
    void withoutAMarkNothingIsGuessed(String charset) throws IOException {
        Path file = Files.write(folder.resolve("a.csv"), HEADER.getBytes(Charset.forName(charset)));
        assertThatThrownBy(() -> usage.ingestion(9).ingest(file, null, _ -> {}))
                .hasMessageContaining("The file is UTF-16 and does not say so");
    }

    // --- Clocks that run ahead

    @Test
    void aClockThatRunsAheadIsNormal() {
        String soon = line("1", "acme", "audio", "1", "2026-11-01T08:00:02Z")
                + voiding("v", "1", "acme").replace("2026-10-20T00:00:00Z", "2026-11-01T08:05:00Z");
        assertThat(usage.ingest("a.ndjson", soon)).isEqualTo(new IngestOutcome("a.ndjson", 2, 2, 0, 0));
        String ahead = line("2", "acme", "audio", "2", "2026-11-01T08:05:01Z")
                + line("3", "acme", "audio", "4", "2026-11-01T09:00:00Z")
                + line("4", "acme", "audio", "8", "2026-11-01T09:00:01Z")
                + voiding("w", "2", "acme").replace("2026-10-20T00:00:00Z", "2026-11-01T08:59:00Z");
        assertThat(new SentUsage(usage.database, usage.clock, UsageFixture.WINDOWS)
                        .take(ahead.getBytes(UTF_8), "api/1", null))
                .isEqualTo(new IngestOutcome("api/1", 4, 0, 0, 4));
        assertThat(usage.releaseEarly()).isEqualTo(Done.NOTHING);
        usage.now.set(UsageFixture.NOW.plus(Duration.ofDays(1)));
        assertThat(usage.releaseEarly()).isEqualTo(Done.of(3, 3, 0));
        assertThat(usage.releaseEarly()).isEqualTo(Done.NOTHING);
        assertThat(usage.quarantined())
                .containsExactly(
                        "api/1:3 IN_FUTURE occurred_at 2026-11-01T09:00:01Z is after now, 2026-11-01T08:00:00Z");
        assertThat(usage.quarantine.release(List.of())).isEqualTo(new Released(1, 0, 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-PT1S", "PT2H", "5m"})
    void theSettingIsBounded(String skew) {
        assertThatThrownBy(() -> new Windows(Period.ofDays(90), Duration.parse(skew)))
                .isInstanceOfAny(IllegalArgumentException.class, java.time.DateTimeException.class);
    }

    // --- Many files

    @Test
    void asManyFilesAsLinesFitIntoMemory() {
        usage.jdbc.sql("""
                with file as (
                    insert into usage_file (name, format, started_at, ended_at, lines, quarantined)
                    select 'api/1', 'ndjson', now(), now(), 1, 1 from generate_series(1, 20000)
                    returning id
                )
                insert into usage_quarantine (file, line, reason, detail, raw)
                select id, 1, 'MALFORMED', 'x', repeat('x', 1000) from file
                """).update();
        assertThat(usage.quarantine.release(List.of())).isEqualTo(new Released(0, 0, 20_000));
        var page = usage.quarantine.open(0, 100);
        assertThat(page).hasSize(100);
        assertThat(usage.quarantine.openCount(page.getLast().id())).isEqualTo(19_900);
    }

    private IngestOutcome ingest(Path file, Mapping mapping) {
        return usage.ingestion(1_000).ingest(file, mapping, _ -> {});
    }

    private static byte[] gzip(String text) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(UTF_8));
        }
        return bytes.toByteArray();
    }

    /** Gives out a few bytes at a time, as a network does. */
    private static final class Slices extends ByteArrayInputStream {
        private final int step;

        Slices(byte[] bytes, int step) {
            super(bytes);
            this.step = step;
        }

        @Override
        public synchronized int read(byte[] target, int offset, int length) {
            return super.read(target, offset, Math.min(length, step));
        }
    }
}
