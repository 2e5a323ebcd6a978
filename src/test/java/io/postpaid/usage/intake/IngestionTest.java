package io.postpaid.usage.intake;

import static io.postpaid.usage.intake.UsageFixture.line;
import static io.postpaid.usage.intake.UsageFixture.voiding;
import static io.postpaid.usage.intake.UsageFixture.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import io.postpaid.usage.format.RawLines;
import io.postpaid.usage.format.UnreadableUsage;
import io.postpaid.usage.record.Reason;
import io.postpaid.usage.record.UsageKey;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IngestionTest {
    private final UsageFixture usage = new UsageFixture();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @BeforeEach
    void clear() {
        usage.clear();
    }

    @Test
    void everyLineIsAcceptedADuplicateOrQuarantined() {
        var outcome = usage.ingest(
                "a.ndjson",
                "\uFEFF" + line("1", "acme", "audio", "61.5", "2026-10-03T12:00:00Z")
                        + "\r\n"
                        + line("1", "acme", "audio", "61.50", "2026-10-03T12:00:00Z")
                        + line("1", "acme", "audio", "62", "2026-10-03T12:00:00Z")
                        + "   \n"
                        + line("2", "nobody", "audio", "1", "2026-10-03T12:00:00Z")
                        + line("3", "acme", "nothing", "1", "2026-10-03T12:00:00Z")
                        + line("4", "acme", "audio", "-1", "2026-10-03T12:00:00Z")
                        + line("5", "acme", "audio", "0.0000000001", "2026-10-03T12:00:00Z")
                        + line("6", "acme", "audio", "1e19", "2026-10-03T12:00:00Z")
                        + line("7", "acme", "audio", "1", "2026-11-01T08:00:00Z")
                        + line("8", "acme", "audio", "1", "2026-11-01T08:05:00.000001Z")
                        + line("9", "acme", "audio", "1", "2026-08-03T08:00:00Z")
                        + line("10", "acme", "audio", "1", "2026-08-03T07:59:59.999999Z")
                        + "{\"id\":\"11\",\"acc\n"
                        + line("12", "acme", "audio", "9999999999999999999.999999999", "2026-10-31T23:59:59.999999Z")
                        + line("13", "globex", "image", "0", "2026-11-01T00:00:00Z")
                                .trim());
        assertThat(outcome).isEqualTo(new IngestOutcome("a.ndjson", 15, 5, 1, 9));
        assertThat(usage.quarantined())
                .containsExactly(
                        "a.ndjson:4 CONFLICT the same source and id came with other content in a.ndjson line 1",
                        "a.ndjson:6 UNKNOWN_ACCOUNT there is no account 'nobody', and none with that alias",
                        "a.ndjson:7 UNKNOWN_PRODUCT there is no product 'nothing'",
                        "a.ndjson:8 BAD_QUANTITY quantity -1 is negative",
                        "a.ndjson:9 BAD_QUANTITY quantity 1E-10 has more than 9 decimals",
                        "a.ndjson:10 BAD_QUANTITY quantity 1E+19 has more than 19 digits before the point",
                        "a.ndjson:12 IN_FUTURE occurred_at 2026-11-01T08:05:00.000001Z is after now, 2026-11-01T08:00:00Z;"
                                + " the nightly run tries it again",
                        "a.ndjson:14 TOO_LATE occurred_at 2026-08-03T07:59:59.999999Z is before 2026-08-03T08:00:00Z,"
                                + " where the late window ends",
                        "a.ndjson:15 MALFORMED not a JSON object: Unexpected end-of-input in property name");
        assertThat(usage.arrivals())
                .isEqualTo(usage.records())
                .containsExactly(
                        "acme audio 2026-08-03 1 1 0 0",
                        "acme audio 2026-10-03 61.5 1 0 0",
                        "acme audio 2026-10-31 9999999999999999999.999999999 1 0 0",
                        "acme audio 2026-11-01 1 1 0 0",
                        "globex image 2026-11-01 0 1 0 0");
        assertThat(usage.files()).containsExactly("a.ndjson ndjson 15 5 1 9 ended");
        assertThat(usage.strings("select tableoid::regclass::text from usage_record order by 1"))
                .containsExactly(
                        "usage_record_2026_08",
                        "usage_record_2026_10",
                        "usage_record_2026_10",
                        "usage_record_2026_11",
                        "usage_record_2026_11");
    }

    @Test
    void whatIsNotBillableIsKeptAndFree() {
        usage.ingest("a.csv", """
                id,account,product,quantity,occurred_at,outcome,operation
                1,acme,audio,1,2026-10-03T12:00:00Z,succeeded,predict
                2,acme,audio,2,2026-10-03T12:00:00Z,failed,predict
                3,acme,audio,4,2026-10-03T12:00:00Z,,ingest
                4,acme,feed,8,2026-10-03T12:00:00Z,,
                5,acme,audio,16,2026-10-04T00:00:00Z,,unheard-of
                """);
        assertThat(usage.arrivals())
                .isEqualTo(usage.records())
                .containsExactly(
                        "acme audio 2026-10-03 1 1 6 2",
                        "acme audio 2026-10-04 16 1 0 0",
                        "acme feed 2026-10-03 0 0 8 1");
    }

    @Test
    void aResendIsADuplicateInWhateverFormat() {
        usage.ingest("a.ndjson", line("1", "acme", "audio", "1", "2026-10-03T12:00:00Z"));
        assertThat(usage.ingest("b.csv", """
                        occurred_at,quantity,product,account,id,source
                        2026-10-03 14:00:00.0+02:00,1.0,audio,acme,1,default
                        2026-10-03 14:00:00.0+02:00,1.0,audio,acme,1,other
                        2026-10-03 14:00:00.0+02:00,1.0,audio,globex,1,default
                        """)).isEqualTo(new IngestOutcome("b.csv", 3, 1, 1, 1));
        assertThat(usage.quarantined())
                .containsExactly("b.csv:4 CONFLICT the same source and id came with other content in a.ndjson line 1");
    }

    @Test
    void whatIsNotTextIsQuarantinedAndShown() {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes("{\"id\":\"\u00e9\u0000\"}\n".getBytes(StandardCharsets.UTF_8));
        bytes.writeBytes(new byte[] {'{', (byte) 0xff, '}', '\n'});
        bytes.writeBytes("{\"id\":\"x\",\"outcome\":\"\\u0000\",\"account\":\"a\",\"product\":\"p\",\"quantity\":1,"
                .getBytes(StandardCharsets.UTF_8));
        bytes.writeBytes("\"occurred_at\":\"2026-10-03T12:00:00Z\"}\n".getBytes(StandardCharsets.UTF_8));
        bytes.writeBytes(new byte[RawLines.LINE_LIMIT + 1]);
        bytes.write('\n');
        bytes.writeBytes("y".repeat(RawLines.LINE_LIMIT).getBytes(StandardCharsets.UTF_8));
        bytes.write('\n');
        bytes.writeBytes(line("1", "acme", "audio", "1", "2026-10-03T12:00:00Z").getBytes(StandardCharsets.UTF_8));
        var outcome =
                usage.ingestion(10).ingest(new ByteArrayInputStream(bytes.toByteArray()), "a.ndjson", null, _ -> {});
        assertThat(outcome).isEqualTo(new IngestOutcome("a.ndjson", 6, 1, 0, 5));
        assertThat(usage.quarantine.open(0, 10))
                .extracting(
                        Quarantine.Line::line,
                        Quarantine.Line::reason,
                        q -> q.raw().length(),
                        q -> "%.12s".formatted(q.raw()))
                .containsExactly(
                        tuple(1L, Reason.UNREADABLE, 21, "{\"id\":\"\\xc3\\"),
                        tuple(2L, Reason.UNREADABLE, 6, "{\\xff}"),
                        tuple(3L, Reason.MALFORMED, 107, "{\"id\":\"x\",\"o"),
                        tuple(4L, Reason.UNREADABLE, 4000, "\\x00\\x00\\x00"),
                        tuple(5L, Reason.MALFORMED, RawLines.LINE_LIMIT, "yyyyyyyyyyyy"));
    }

    @Test
    void aHeaderWithoutAColumnTakesNothing() {
        assertThatThrownBy(() -> usage.ingest("a.csv", "id,account\n1,acme\n"))
                .isInstanceOf(UnreadableUsage.class)
                .hasMessage("a.csv: the column 'occurred_at' is missing; the header has [id, account]");
        assertThat(usage.files()).isEmpty();
    }

    @Test
    void emptyFilesTieOut() {
        assertThat(usage.ingest("a", "")).isEqualTo(new IngestOutcome("a", 0, 0, 0, 0));
        assertThat(usage.ingest("b.csv", "\n\n")).isEqualTo(new IngestOutcome("b.csv", 0, 0, 0, 0));
        assertThat(usage.ingest("-", "  \n" + line("1", "acme", "audio", "1", "2026-10-03T12:00:00Z")))
                .isEqualTo(new IngestOutcome("-", 1, 1, 0, 0));
    }

    @Test
    void aTornGzipLosesNothingAndGoesOnWhenItIsWhole() throws IOException {
        byte[] packed = gzip(lines(0, 5_000));
        Path file = folder.resolve("a.gz");
        Files.write(file, Arrays.copyOf(packed, packed.length / 2));
        assertThatThrownBy(() -> usage.ingestion(100).ingest(file, null, _ -> {}))
                .isInstanceOf(UnreadableUsage.class)
                .hasMessageMatching(
                        "a.gz breaks off after \\d+ lines, which are taken \\(.*\\): ingest it again when it is whole");
        assertThat(usage.files()).hasSize(1).allMatch(each -> each.endsWith("unfinished"));
        Files.write(file, packed);
        assertThat(usage.ingestion(250).ingest(file, null, _ -> {}))
                .isEqualTo(new IngestOutcome("a.gz", 5_000, 5_000, 0, 0));
        assertThat(usage.files()).containsExactly("a.gz ndjson 5000 5000 0 0 ended");
        assertThat(usage.arrivals()).isEqualTo(usage.records());
    }

    @Test
    void aFileThatWasBrokenOffGoesOnWhereItStopped() {
        Path file = write(folder.resolve("a.ndjson"), lines(0, 1_000) + lines(0, 10));
        assertThatThrownBy(() -> usage.ingestion(100).ingest(file, null, IngestionTest::breakOff))
                .hasMessage("killed");
        assertThat(usage.files()).containsExactly("a.ndjson ndjson 500 500 0 0 unfinished");
        var reached = new ArrayList<Long>();
        assertThat(usage.ingestion(300).ingest(file, null, lines -> reached.add(lines)))
                .isEqualTo(new IngestOutcome("a.ndjson", 1_010, 1_000, 10, 0));
        // The last ten were seen before: what was not committed yet is taken anew, key by key.
        assertThat(reached).containsExactly(800L, 1_010L, 1_010L);
        assertThat(usage.files()).containsExactly("a.ndjson ndjson 1010 1000 10 0 ended");
        assertThat(usage.arrivals()).isEqualTo(usage.records());
    }

    @Test
    void aFileThatHasChangedStartsAnew() {
        Path file = write(folder.resolve("a.ndjson"), lines(0, 1_000));
        assertThatThrownBy(() -> usage.ingestion(100).ingest(file, null, IngestionTest::breakOff))
                .hasMessage("killed");
        write(file, lines(1, 1_001));
        assertThat(usage.ingestion(100).ingest(file, null, _ -> {}))
                .isEqualTo(new IngestOutcome("a.ndjson", 1_000, 501, 499, 0));
        assertThat(usage.files())
                .containsExactly("a.ndjson ndjson 500 500 0 0 ended", "a.ndjson ndjson 1000 501 499 0 ended");
        assertThat(usage.arrivals()).isEqualTo(usage.records());
    }

    private static void breakOff(long lines) {
        if (lines == 500) {
            throw new IllegalStateException("killed");
        }
    }

    @Test
    void aBatchThatFailsLeavesNothing() {
        usage.jdbc
                .sql("alter table arrived_batch add constraint planted check ((days[1]).quantity < 100)")
                .update();
        try {
            assertThatThrownBy(() -> usage.ingest(
                            "a.ndjson",
                            line("1", "acme", "audio", "1", "2026-10-03T12:00:00Z")
                                    + line("2", "acme", "audio", "100", "2026-10-03T12:00:00Z")))
                    .hasMessageStartingWith("The database failed, and nothing of the batch was taken: ");
        } finally {
            usage.jdbc.sql("alter table arrived_batch drop constraint planted").update();
        }
        assertThat(usage.files()).containsExactly("a.ndjson ndjson 0 0 0 0 unfinished");
        assertThat(usage.strings("select key::text from usage_key")).isEmpty();
        assertThat(usage.records()).isEmpty();
    }

    @Test
    void twoAtTheSameFileBillItOnce() throws Exception {
        Path file = write(folder.resolve("a.ndjson"), lines(0, 20_000));
        var reversed = new ArrayList<>(lines(0, 20_000).lines().toList());
        Collections.reverse(reversed);
        Path backwards = write(folder.resolve("b.ndjson"), String.join("\n", reversed));
        try (var threads = Executors.newFixedThreadPool(4)) {
            var tasks = new ArrayList<Callable<IngestOutcome>>();
            for (Path each : List.of(file, backwards, file, backwards)) {
                tasks.add(() -> usage.ingestion(700, 2_500).ingest(each, null, _ -> {}));
            }
            long accepted = 0;
            for (var outcome : threads.invokeAll(tasks)) {
                assertThat(outcome.get().lines()).isEqualTo(20_000);
                assertThat(outcome.get().quarantined()).isZero();
                accepted += outcome.get().accepted();
            }
            assertThat(accepted).isEqualTo(20_000);
        }
        assertThat(usage.files()).hasSize(4).allMatch(each -> each.endsWith("ended"));
        assertThat(usage.arrivals()).isEqualTo(usage.records());
        assertThat(usage.strings("select count(*)::text from usage_record")).containsExactly("20000");
    }

    /** Shuffled, cut into other batches, sent in pieces and twice: the same sums. */
    @Test
    void anyOrderAndAnyBatchesGiveTheSameSums() {
        var all = new ArrayList<>(lines(0, 120).lines().toList());
        all.addAll(all.subList(0, 30));
        all.add(line("x", "nobody", "audio", "1", "2026-10-03T12:00:00Z").trim());
        usage.ingest("all", String.join("\n", all));
        List<String> expected = usage.arrivals();
        assertThat(expected).isNotEmpty();
        for (long seed = 0; seed < Long.getLong("seeds", 40); seed++) {
            usage.clear();
            var random = new Random(seed);
            Collections.shuffle(all, random);
            int cut = random.nextInt(all.size());
            for (var piece : List.of(all.subList(0, cut), all.subList(cut, all.size()))) {
                var bytes = String.join("\n", piece).getBytes(StandardCharsets.UTF_8);
                usage.ingestion(1 + random.nextInt(150))
                        .ingest(new ByteArrayInputStream(bytes), "piece.ndjson", null, _ -> {});
            }
            assertThat(usage.arrivals()).as("seed %d", seed).isEqualTo(expected);
            assertThat(usage.strings("select concat_ws(' ', sum(lines), sum(accepted), sum(duplicates),"
                            + " sum(quarantined)) from usage_file"))
                    .as("seed %d", seed)
                    .containsExactly("151 120 30 1");
        }
    }

    /** 20,000 lines, a tenth of them torn, and some sent twice: in whatever order, files, batches and after two kills. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void whateverTheWayTheBooksAreTheSame(long seed) {
        List<String> whole = lines(0, 20_000).lines().toList();
        var sent = new ArrayList<String>();
        for (int i = 0; i < whole.size(); i++) {
            String line = whole.get(i);
            sent.add(i % 10 == 9 ? line.substring(0, line.length() * (i % 97) / 98 + 1) : line);
        }
        usage.ingest("all.ndjson", String.join("\n", sent));
        var books = List.of(usage.arrivals(), usage.records());
        usage.clear();
        sent.addAll(sent.subList(0, 500));

        var random = new Random(seed);
        Collections.shuffle(sent, random);
        int files = seed % 2 == 0 ? 1 : 20;
        var kills = new ArrayList<>(List.of(random.nextInt(files), random.nextInt(files)));
        for (int f = 0; f < files; f++) {
            var lines = sent.subList(f * sent.size() / files, (f + 1) * sent.size() / files);
            Path file = write(folder.resolve("piece-" + f + ".ndjson"), String.join("\n", lines));
            while (kills.remove((Integer) f)) {
                long at = random.nextInt(lines.size() / 2);
                assertThatThrownBy(() -> usage.ingestion(1 + random.nextInt(400), 1 + random.nextInt(4_000))
                                .ingest(file, null, taken -> {
                                    if (taken > at) {
                                        throw new IllegalStateException("killed");
                                    }
                                }))
                        .hasMessage("killed");
            }
            assertThat(usage.ingestion(1 + random.nextInt(9_000), 1 + random.nextInt(30_000))
                            .ingest(file, null, _ -> {})
                            .lines())
                    .isEqualTo(lines.size());
        }
        assertThat(List.of(usage.arrivals(), usage.records())).isEqualTo(books);
        assertThat(usage.strings("select concat_ws(' ', count(*), sum(lines), sum(accepted), sum(duplicates),"
                        + " sum(quarantined)) from usage_file"))
                .containsExactly(files + " 20500 18000 450 2050");
    }

    @Test
    void aKeyThatIsTakenInTheMeantimeIsWaitedForAndLost() throws Exception {
        try (var other = usage.database.getConnection();
                var statement = other.createStatement();
                var thread = Executors.newSingleThreadExecutor()) {
            other.setAutoCommit(false);
            statement.execute("insert into usage_key (key, content, file, line, day) values ('"
                    + UsageKey.of("default", "id-7") + "', 1, 0, 0, '2026-10-01')");
            var outcome = thread.submit(() -> usage.ingest("a.ndjson", lines(0, 20)));
            while (usage.strings("select 'waits' from pg_locks where not granted")
                            .isEmpty()
                    && !outcome.isDone()) {
                Thread.onSpinWait();
            }
            other.commit();
            assertThat(outcome.get()).isEqualTo(new IngestOutcome("a.ndjson", 20, 19, 0, 1));
        }
        assertThat(usage.quarantined())
                .containsExactly("a.ndjson:8 CONFLICT the same source and id came with other content in  line 0");
        assertThat(usage.arrivals()).isEqualTo(usage.records());
    }

    /** All in one transaction, until a key comes a second time: then nothing of it counts, and each is looked up. */
    @Test
    void aKeyThatComesTwiceInBulkIsADuplicateOrAConflict() {
        Path file = write(
                folder.resolve("a.ndjson"),
                lines(0, 3_000)
                        + lines(500, 510)
                        + line("id-7", "acme", "audio", "1", "2026-10-03T12:00:00Z")
                        + lines(3_000, 4_000));
        assertThat(usage.ingestion(100, 1_000_000).ingest(file, null, _ -> {}))
                .isEqualTo(new IngestOutcome("a.ndjson", 4_011, 4_000, 10, 1));
        assertThat(usage.files()).containsExactly("a.ndjson ndjson 4011 4000 10 1 ended");
        assertThat(usage.quarantined())
                .containsExactly(
                        "a.ndjson:3011 CONFLICT the same source and id came with other content in a.ndjson line 8: quantity 7.259 then, 1 now. A report whose numbers still grow is billed by its final export");
        assertThat(usage.arrivals()).isEqualTo(usage.records());
    }

    /** Its partition is made while records of another month wait to be committed. */
    @Test
    void aMonthThatIsNewInTheMiddleOfABulk() {
        var other = new StringBuilder();
        for (int i = 0; i < 300; i++) {
            other.append(line("other-" + i, "acme", "audio", "1", "2026-0%d-11T12:00:00Z".formatted(8 + i % 2)));
        }
        Path file = write(folder.resolve("a.ndjson"), lines(0, 250) + other);
        assertThat(usage.ingestion(100, 1_000).ingest(file, null, _ -> {}))
                .isEqualTo(new IngestOutcome("a.ndjson", 550, 550, 0, 0));
        assertThat(usage.arrivals()).isEqualTo(usage.records());
    }

    /** What bulk has not committed is not there after a kill, and what it has is not taken again. */
    @Test
    void aKillInBulkLosesNothing() {
        Path file = write(folder.resolve("a.ndjson"), lines(0, 1_000));
        assertThatThrownBy(() -> usage.ingestion(100, 300).ingest(file, null, IngestionTest::breakOff))
                .hasMessage("killed");
        assertThat(usage.files()).containsExactly("a.ndjson ndjson 300 300 0 0 unfinished");
        assertThat(usage.strings("select count(*)::text from usage_record")).containsExactly("300");
        assertThat(usage.strings("select count(*)::text from usage_key")).containsExactly("300");
        assertThat(usage.ingestion(100, 300).ingest(file, null, _ -> {}))
                .isEqualTo(new IngestOutcome("a.ndjson", 1_000, 1_000, 0, 0));
        assertThat(usage.arrivals()).isEqualTo(usage.records());
    }

    /** Where usage comes in the order of its time, each day of an account is summed up once. */
    @Test
    void aBulkEndsWhereADayDoes() {
        var days = new StringBuilder();
        for (int i = 0; i < 400; i++) {
            days.append(line("id-" + i, "acme", "audio", "1", "2026-10-%02dT12:00:00Z".formatted(1 + i / 40)));
        }
        Path file = write(folder.resolve("a.ndjson"), days.toString());
        usage.ingestion(20, 100).ingest(file, null, _ -> {});
        assertThat(usage.strings("select concat(day, ' ', records) from arrived_usage order by day"))
                .containsExactly(
                        "2026-10-01 40",
                        "2026-10-02 40",
                        "2026-10-03 40",
                        "2026-10-04 40",
                        "2026-10-05 40",
                        "2026-10-06 40",
                        "2026-10-07 40",
                        "2026-10-08 40",
                        "2026-10-09 40",
                        "2026-10-10 40");
    }

    /** Whether a nearly full bulk ends is asked of the last line of a batch, which may state no usage. */
    @Test
    void aNearlyFullBulkIsNotBrokenOffByALineThatStatesNoUsage() {
        Path file = write(
                folder.resolve("a.ndjson"),
                lines(0, 99) + line("far", "acme", "audio", "1", "+999999999-01-01T00:00:00Z") + lines(99, 150));
        assertThat(usage.ingestion(20, 100).ingest(file, null, _ -> {}))
                .isEqualTo(new IngestOutcome("a.ndjson", 151, 150, 0, 1));
        assertThat(usage.arrivals()).isEqualTo(usage.records());
    }

    /** A correction in the middle is taken behind what it takes back, and bulk goes on behind it. */
    @Test
    void correctionsAmongTheRecordsOfABulk() {
        Path file = write(folder.resolve("a.ndjson"), lines(0, 150) + voiding("v-1", "id-3", "acme") + lines(150, 400));
        assertThat(usage.ingestion(100, 1_000).ingest(file, null, _ -> {}))
                .isEqualTo(new IngestOutcome("a.ndjson", 401, 401, 0, 0));
        assertThat(usage.strings("select count(*)::text from usage_record")).containsExactly("400");
        assertThat(usage.strings("select line::text from usage_void")).containsExactly("151");
    }

    private static String lines(int from, int to) {
        var lines = new StringBuilder();
        var products = List.of("audio", "image", "text", "feed");
        for (int i = from; i < to; i++) {
            lines.append(line(
                    "id-" + i,
                    i % 3 == 0 ? "acme" : "globex",
                    products.get(i % 4),
                    i + "." + (i * 37 % 1000),
                    "2026-10-%02dT%02d:00:00Z".formatted(1 + i % 31, i % 24)));
        }
        return lines.toString();
    }

    private static byte[] gzip(String text) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }
}
