package io.postpaid.usage.intake;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.usage.format.JsonLines;
import io.postpaid.usage.format.RawLines;
import io.postpaid.usage.mapping.Layout;
import io.postpaid.usage.mapping.Mapping;
import io.postpaid.usage.record.ParsedLine;
import io.postpaid.usage.record.UsageRecord;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Lines that nobody would send, in every format: each is counted, none is billed, and no memory or time is lost over them.
 * {@code -Dlines=1000000} tries many; {@code -Dseed=N} tries again what has failed.
 */
class UsageFuzzTest {
    private static final int LINES = Integer.getInteger("lines", 20_000);
    private static final long SEED = Long.getLong("seed", 20_261_103L);
    private static final int FILE_LINES = 5_000;
    private static final String AT = "2026-10-03T12:00:00Z";
    private static final Instant INSTANT = Instant.parse(AT);
    private static final BigDecimal QUANTITY = new BigDecimal("61.5");
    private static final String SIGNS = "\"'\\{}[]:,;\t\r\n 0e-";
    private static final String HEADER = "id,account,product,quantity,occurred_at,outcome,operation\n";

    private static final Mapping MAPPED_CSV = Mapping.parse("m.yaml", """
            format: csv
            time_format: dd/MM/yyyy HH:mm
            fields:
              id:          {line: true}
              account:     {column: account}
              product:     {value: audio}
              quantity:    {product: [a, b]}
              occurred_at: {column: at}
            """);
    private static final Mapping MAPPED_JSON = Mapping.parse("m.yaml", """
            format: ndjson
            round: 9
            fields:
              id:          {column: request.id}
              account:     {column: who}
              product:     {value: audio}
              quantity:    {sum: [in, out]}
              occurred_at: {column: at}
            """);

    private static final List<String> NUMBERS = List.of(
            "1e99999999",
            "-1",
            "-0.000001",
            "1e-99999999",
            "NaN",
            "Infinity",
            "1,5",
            "0x10",
            "1e2147483648",
            "--1",
            "1.2.3",
            "9".repeat(20),
            "9".repeat(5_000),
            "0.0000000001",
            "1e19",
            "\u0967\u0968x",
            "",
            " ");
    private static final List<String> DATES = List.of(
            "2026-02-30T12:00:00Z",
            "2026-09-31T12:00:00Z",
            "2026-10-03T24:00:00Z",
            "2026-10-03T12:00:60Z",
            "2027-02-29T12:00:00Z",
            "2026-13-01T00:00:00Z",
            "0000-01-01T00:00:00Z",
            "99999-01-01T00:00:00Z",
            "1999-12-31T23:59:59Z",
            "2999-01-01T00:00:00Z",
            "2026-W40-6T12:00:00Z",
            "2026-10-03T12:00:00+25:00",
            "2026-10-03",
            "now",
            "31/09/2026 10:00",
            "");
    private static final List<String> TEXTS = List.of(
            "", "nobody", "acme\\u0000", "acme\\ud800", "acme\\udc00x", "a".repeat(501), "\u202Eacme", "Acme", "acme ");

    private final Random random = new Random(SEED);

    private String of(List<String> some) {
        return some.get(random.nextInt(some.size()));
    }

    /** One of a record's fields that is wrong, and which. */
    private record Fields(String account, String product, String quantity, String at, String outcome) {}

    private Fields wrong() {
        return switch (random.nextInt(5)) {
            case 0 -> new Fields(of(TEXTS), "audio", "61.5", AT, "succeeded");
            case 1 -> new Fields("acme", of(TEXTS), "61.5", AT, "succeeded");
            case 2 -> new Fields("acme", "audio", of(NUMBERS), AT, "succeeded");
            case 3 -> new Fields("acme", "audio", "61.5", of(DATES), "succeeded");
            default -> new Fields("acme", "audio", "61.5", AT, "maybe");
        };
    }

    private String json(int i, Fields fields) {
        return "{\"id\":\"%d\",\"account\":\"%s\",\"product\":\"%s\",\"quantity\":\"%s\",\"occurred_at\":\"%s\",\"outcome\":\"%s\"}"
                .formatted(i, fields.account, fields.product, fields.quantity, fields.at, fields.outcome);
    }

    private static String event(int i, Fields fields) {
        return "{\"specversion\":\"1.0\",\"id\":\"%d\",\"source\":\"s\",\"subject\":\"%s\",\"time\":\"%s\",\"data\":{\"product\":\"%s\",\"quantity\":\"%s\",\"outcome\":\"%s\"}}"
                .formatted(i, fields.account, fields.at, fields.product, fields.quantity, fields.outcome);
    }

    private String structure(int i) {
        String right = json(i, new Fields("acme", "audio", "61.5", AT, "succeeded"));
        int depth = 1 + random.nextInt(3_000);
        return switch (random.nextInt(10)) {
            case 0 -> right.substring(0, random.nextInt(1, right.length()));
            case 1 -> right.replace("\"account\"", "\"id\":\"again\",\"account\"");
            case 2 ->
                right.replace(
                        "\"61.5\"", of(List.of("true", "null", "[61.5]", "{\"a\":1}", "61.5.1", "+61.5", "061.5")));
            case 3 -> right.replace("\"acme\"", of(List.of("1", "null", "[\"acme\"]", "{}", "acme", "\"acme")));
            case 4 ->
                "{\"metadata\":" + "[".repeat(depth) + "]".repeat(depth) + "," + right.substring(1, right.length() - 1);
            case 5 -> "[" + right + "]";
            case 6 -> right + right;
            case 7 -> right.substring(0, right.length() - 1) + ",\"metadata\":{\"k\":1,\"k\":2}}";
            case 8 -> "x".repeat(random.nextInt(1, 3_000));
            default -> right.replace(':', ';');
        };
    }

    private String csv(int i) {
        var fields = wrong();
        String row = "%d,%s,%s,%s,%s,%s,"
                .formatted(
                        i,
                        fields.account.replace("\\u", "\\\\u"),
                        fields.product,
                        cell(fields.quantity),
                        fields.at,
                        fields.outcome);
        return switch (random.nextInt(8)) {
            case 0 -> row.replace("acme", "\"acme\"x");
            case 1 -> row + ",,,more";
            case 2 -> row.substring(0, row.indexOf(','));
            case 3 -> row + "\"open";
            default -> row;
        };
    }

    private static String cell(String text) {
        return text.indexOf(',') >= 0 ? '"' + text + '"' : text;
    }

    private String mappedCsv() {
        return switch (random.nextInt(4)) {
            case 0 -> "acme," + cell(of(NUMBERS)) + ",1x,01/10/2026 10:00";
            case 1 -> "acme,1e99999999,1e99999999,01/10/2026 10:00";
            case 2 ->
                "acme,1,2," + of(List.of("31/09/2026 10:00", "30/02/2026 10:00", "29/02/2027 10:00", "1/1/26", AT));
            default -> "nobody,1,2,01/10/2026 10:00";
        };
    }

    private String mappedJson(int i) {
        return switch (random.nextInt(4)) {
            case 0 ->
                "{\"request\":{\"id\":\"%d\"},\"who\":\"acme\",\"in\":\"x%s\",\"out\":1,\"at\":\"%s\"}"
                        .formatted(i, of(NUMBERS), AT);
            case 1 ->
                "{\"request\":{\"id\":\"%d\"},\"who\":\"acme\",\"in\":1e99999999,\"out\":1e-99999999,\"at\":\"%s\"}"
                        .formatted(i, AT);
            case 2 ->
                "{\"request\":{\"id\":\"%d\",\"id\":\"2\"},\"who\":\"acme\",\"in\":1,\"out\":1,\"at\":\"%s\"}"
                        .formatted(i, AT);
            default ->
                "{\"request\":{\"id\":\"%d\"},\"who\":\"acme\",\"in\":1,\"out\":null,\"at\":\"%s\"}"
                        .formatted(i, of(DATES));
        };
    }

    /** Bytes that are no text, in the middle of a line that would be right without them. */
    private byte[] notText(String line) {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(line.getBytes(UTF_8));
        switch (random.nextInt(3)) {
            case 0 -> bytes.write(0);
            case 1 -> bytes.write(0x80 + random.nextInt(0x40));
            default -> bytes.writeBytes(new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80});
        }
        bytes.write('}');
        return bytes.toByteArray();
    }

    @Test
    @Timeout(3_600)
    void whatIsMalformedIsCountedAndNeverBilled() {
        var usage = new UsageFixture();
        long done = 0;
        for (int file = 0; done < LINES; file++) {
            var kind = file % 5;
            var bytes = new ByteArrayOutputStream();
            if (kind == 2) bytes.writeBytes(HEADER.getBytes(UTF_8));
            if (kind == 3) bytes.writeBytes("account,a,b,at\n".getBytes(UTF_8));
            int lines = (int) Math.min(Math.min(FILE_LINES, LINES / 5), LINES - done);
            for (int i = 0; i < lines; i++) {
                byte[] line = switch (kind) {
                    case 0 ->
                        random.nextInt(20) == 0
                                ? notText(json(i, new Fields("acme", "audio", "61.5", AT, "succeeded")))
                                : (random.nextBoolean() ? json(i, wrong()) : structure(i)).getBytes(UTF_8);
                    case 1 -> event(i, wrong()).getBytes(UTF_8);
                    case 2 -> csv(i).getBytes(UTF_8);
                    case 3 -> mappedCsv().getBytes(UTF_8);
                    default -> mappedJson(i).getBytes(UTF_8);
                };
                bytes.writeBytes(line);
                if (i == 0) bytes.writeBytes("x".repeat(RawLines.LINE_LIMIT).getBytes(UTF_8));
                bytes.write('\n');
            }
            done += lines;
            String name = List.of("a.ndjson", "b.ndjson", "c.csv", "d.csv", "e.ndjson")
                    .get(kind);
            var mapping = kind == 3 ? MAPPED_CSV : kind == 4 ? MAPPED_JSON : null;
            var outcome = usage.ingestion(1_000)
                    .ingest(new ByteArrayInputStream(bytes.toByteArray()), name, mapping, _ -> {});
            assertThat(usage.strings(
                            "select line || ' ' || left(concat_ws(',', id, account, product, quantity, occurred_at), 200)"
                                    + " from usage_record"))
                    .as("-Dseed=%d -Dlines=%d, file %d", SEED, LINES, file)
                    .isEmpty();
            assertThat(outcome)
                    .as("-Dseed=%d -Dlines=%d, file %d", SEED, LINES, file)
                    .isEqualTo(new IngestOutcome(name, lines, 0, 0, lines));
        }
        assertThat(usage.quarantine.openCount(0)).isEqualTo(done);
        if (LINES <= 20_000) {
            assertThat(usage.quarantine.release(List.of()).accepted())
                    .as("-Dseed=%d", SEED)
                    .isZero();
        }
    }

    /** A right line with bytes changed at random: what it says of quantity, time and account is as sent, or it says nothing. */
    @Test
    @Timeout(3_600)
    void whatIsChangedIsReadRightOrNotAtAll() {
        var fields = new Fields("acme", "audio", "61.5", AT, "succeeded");
        String csvRow = "1,acme,audio,61.5," + AT + ",succeeded,";
        var parser = new Layout("a.csv", Mapping.Format.CSV, HEADER.strip(), null, null).parser();
        for (int i = 0; i < LINES; i++) {
            int kind = random.nextInt(3);
            String line = kind == 0 ? json(1, fields) : kind == 1 ? event(1, fields) : csvRow;
            var bytes = line.getBytes(UTF_8);
            int at = random.nextInt(bytes.length);
            // Never within a value, where another value is as right as this one.
            if (inValue(line, at)) continue;
            bytes[at] = (byte) SIGNS.charAt(random.nextInt(SIGNS.length()));
            String changed = new String(bytes, ISO_8859_1);
            ParsedLine parsed = (kind == 2 ? parser : JsonLines.OWN_NAMES).parse(changed, 1, null);
            if (parsed instanceof UsageRecord usage) {
                assertThat(usage.quantity()).as("-Dseed=%d: %s", SEED, changed).isEqualByComparingTo(QUANTITY);
                assertThat(usage.occurredAt())
                        .as("-Dseed=%d: %s", SEED, changed)
                        .isEqualTo(INSTANT);
                assertThat(usage.account()).as("-Dseed=%d: %s", SEED, changed).isEqualTo("acme");
                assertThat(usage.product()).as("-Dseed=%d: %s", SEED, changed).isEqualTo("audio");
            }
        }
    }

    private static boolean inValue(String line, int at) {
        for (String value : List.of("acme", "audio", "61.5", AT, "succeeded")) {
            int from = line.indexOf(value);
            if (at >= from && at < from + value.length()) return true;
        }
        return false;
    }
}
