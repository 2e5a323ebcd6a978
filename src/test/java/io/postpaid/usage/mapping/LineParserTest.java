package io.postpaid.usage.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postpaid.usage.format.JsonLines;
import io.postpaid.usage.format.UnreadableUsage;
import io.postpaid.usage.record.ParsedLine;
import io.postpaid.usage.record.Reason;
import io.postpaid.usage.record.Timestamps;
import io.postpaid.usage.record.UsageKey;
import io.postpaid.usage.record.UsageRecord;
import io.postpaid.usage.record.UsageVoid;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

public class LineParserTest {
    private static final String HEADER =
            "id,account,product,quantity,occurred_at,source,outcome,operation,metadata,type,voids";

    public static String show(ParsedLine line) {
        return switch (line) {
            case UsageRecord r ->
                "%s/%s %s %s %s %s%s%s%s"
                        .formatted(
                                r.source(),
                                r.id(),
                                r.account(),
                                r.product(),
                                r.quantity().toPlainString(),
                                r.occurredAt(),
                                r.failed() ? " failed" : "",
                                r.operation() == null ? "" : " " + r.operation(),
                                r.metadata() == null ? "" : " " + r.metadata());
            case UsageVoid v ->
                "%s/%s voids %s of %s %s".formatted(v.source(), v.id(), v.voids(), v.account(), v.occurredAt());
            case ParsedLine.Several several ->
                several.records().stream().map(LineParserTest::show).collect(Collectors.joining(", "));
            case ParsedLine.LeftOut _ -> "left out";
            case ParsedLine.Malformed(Reason _, String detail, boolean _) -> detail;
        };
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {"id":"1","account":"a","product":"p","quantity":"61.50","occurred_at":"2026-10-03T12:00:00Z"} | default/1 a p 61.5 2026-10-03T12:00:00Z
        {"id":"1","source":"s","account":"a","product":"p","quantity":2.00,"occurred_at":"2026-10-03T12:00:00Z","x":[{}]} | s/1 a p 2 2026-10-03T12:00:00Z
        {"id":"1","account":"a","product":"p","quantity":0.1,"occurred_at":"2026-10-03T12:00:00+02:00","outcome":"failed"} | default/1 a p 0.1 2026-10-03T10:00:00Z failed
        {"id":"1","account":"a","product":"p","quantity":1e2,"occurred_at":"2026-10-03T12:00:00Z","operation":"predict","metadata":{"b":1.0,"a":{"d":[1,"x"],"c":null}}} | default/1 a p 100 2026-10-03T12:00:00Z predict {"a":{"c":null,"d":[1,"x"]},"b":1.0}
        {"id":"2","type":"void","voids":"1","account":"a","occurred_at":"2026-10-03T12:00:00Z"} | default/2 voids 1 of a 2026-10-03T12:00:00Z
        {"specversion":"1.0","id":"1","source":"s","type":"x","subject":"a","time":"2026-10-03T12:00:00Z","data":{"product":"p","quantity":"1","operation":"o"}} | s/1 a p 1 2026-10-03T12:00:00Z o
        {"data":{"voids":"1"},"id":"2","source":"s","subject":"a","time":"2026-10-03T12:00:00Z","specversion":"1.0"} | s/2 voids 1 of a 2026-10-03T12:00:00Z
        {"specversion":"0.3","id":"1","source":"s"} | specversion '0.3' is not 1.0
        {"specversion":"1.0","id":"1"} | source is missing, which every CloudEvent has
        {"id":"1","account":"a","product":"p","quantity":"1"} | occurred_at is missing
        {"id":"1","account":"a","product":"p","occurred_at":"2026-10-03T12:00:00Z"} | quantity is missing
        {"id":"","account":"a","product":"p","quantity":"1","occurred_at":"2026-10-03T12:00:00Z"} | id is missing
        {"id":1,"account":"a"} | id is not a string
        {"id":"1","quantity":true} | quantity is neither a number nor a decimal string
        {"id":"1","id":"2"} | id is given twice
        {"id":"1","metadata":[]} | metadata is not an object
        {"id":"1","metadata":{"a":1,"a":2}} | metadata has 'a' twice
        {"id":"1","account":"a","product":"p","quantity":"1,5","occurred_at":"2026-10-03T12:00:00Z"} | quantity '1,5' is not a decimal number
        {"id":"1","account":"a","product":"p","quantity":"NaN","occurred_at":"2026-10-03T12:00:00Z"} | quantity 'NaN' is not a decimal number
        {"id":"1","account":"a","product":"p","quantity":"1","occurred_at":"yesterday"} | occurred_at 'yesterday' is not an instant such as 2026-10-03T12:00:00Z
        {"id":"1","account":"a","product":"p","quantity":"1","occurred_at":"1999-12-31T23:59:59Z"} | occurred_at 1999-12-31T23:59:59Z is before the year 2000
        {"id":"1","account":"a","product":"p","quantity":"1","occurred_at":"2026-10-03T12:00:00Z","outcome":"ok"} | outcome 'ok' is neither succeeded nor failed
        {"id":"1","type":"refund","account":"a","occurred_at":"2026-10-03T12:00:00Z"} | type 'refund' is neither usage nor void
        {"id":"a\\u0000b","account":"a","occurred_at":"2026-10-03T12:00:00Z"} | id has a NUL character or half of a surrogate pair
        {"id":" ","account":"a","product":"p","quantity":"1","occurred_at":"2026-10-03T12:00:00Z"} | id is blank
        {"id":"a\\n","account":"a","product":"p","quantity":"1","occurred_at":"2026-10-03T12:00:00Z"} | id has a line break or another control character
        {"id":"\\ud800","account":"a","occurred_at":"2026-10-03T12:00:00Z"} | id has a NUL character or half of a surrogate pair
        [1] | not a JSON object
        {"id":"1"} {"id":"2"} | more than one JSON object on the line
        """)
    void json(String line, String expected) {
        assertThat(show(new JsonLines().parse(line.replace("\\\\", "\\"), 1, null)))
                .isEqualTo(expected);
    }

    @Test
    void aTornJsonLineIsMalformed() {
        assertThat(show(new JsonLines().parse("{\"id\":\"1\",\"acc", 1, null))).startsWith("not a JSON object: ");
        assertThat(show(new JsonLines().parse("[".repeat(10_000), 1, null))).startsWith("not a JSON object");
        assertThat(show(new JsonLines().parse("{\"x\":" + "[".repeat(10_000), 1, null)))
                .startsWith("not a JSON object");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        1,a,p,61.50,2026-10-03T12:00:00Z,,,,,, | default/1 a p 61.5 2026-10-03T12:00:00Z
        "1",a,"p, q",1,2026-10-03 12:00:00,s,failed,o,"{""b"": 1, ""a"": 2}",, | s/1 a p, q 1 2026-10-03T12:00:00Z failed o {"a":2,"b":1}
        2,a,,,2026-10-03T12:00:00Z,,,,,void,1 | default/2 voids 1 of a 2026-10-03T12:00:00Z
        1,a,p,,2026-10-03T12:00:00Z,,,,,, | quantity is missing
        1,a,p | 3 fields where the header has 11
        1,a,p,1,2026-10-03T12:00:00Z,,,,,,,12 | 12 fields where the header has 11
        1,a,p,1,2026-10-03T12:00:00Z,,,,{,, | metadata is not a JSON object: Unexpected end-of-input: expected close marker for Object
        """)
    void csv(String line, String expected) {
        assertThat(show(new CsvLines(HEADER, OwnNames.CSV, "f.csv").parse(line, 2, null)))
                .isEqualTo(expected);
    }

    @Test
    void aTornCsvQuoteIsMalformed() {
        var csv = new CsvLines("id,account,product,quantity,occurred_at", OwnNames.CSV, "f.csv");
        assertThat(csv.parse("1,a,\"p", 2, null)).isInstanceOf(ParsedLine.Malformed.class);
    }

    @Test
    void aCsvHeaderWithoutAColumnIsRefusedByName() {
        assertThatThrownBy(() -> new CsvLines("id,account,product,occurred_at", OwnNames.CSV, "october.csv"))
                .isInstanceOf(UnreadableUsage.class)
                .hasMessage("october.csv: the column 'quantity' is missing;"
                        + " the header has [id, account, product, occurred_at]");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        2026-10-03T12:00:00Z              | 2026-10-03T12:00:00Z
        2026-10-03t12:00:00z              | 2026-10-03T12:00:00Z
        2026-10-03 12:00                  | 2026-10-03T12:00:00Z
        2023-11-16 18:15:46.6805900       | 2023-11-16T18:15:46.680590Z
        2026-10-03T12:00:00.123456789123Z | 2026-10-03T12:00:00.123456789Z
        2026-10-03T12:00:00,5+0200        | 2026-10-03T10:00:00.500Z
        2026-10-03T12:00:00 -05:30        | 2026-10-03T17:30:00Z
        2028-02-29T23:59:59Z              | 2028-02-29T23:59:59Z
        2026-02-29T00:00:00Z              | refused
        2026-10-03T24:00:00Z              | refused
        2026-10-03T23:59:60Z              | refused
        2026-10-03T12:00:00.Z             | refused
        2026-10-03                        | refused
        2026-10-03T12:00:00X              | refused
        2026-1-03T12:00:00Z               | refused
        """)
    void timestamps(String text, String expected) {
        assertThat(timestamp(text, ZoneOffset.UTC)).isEqualTo(expected);
    }

    @Test
    void withoutAnOffsetTheTimezoneHolds() {
        assertThat(timestamp("2026-10-25 12:00:00", ZoneId.of("Europe/Berlin"))).isEqualTo("2026-10-25T11:00:00Z");
        assertThat(timestamp("2026-10-24 12:00:00", ZoneId.of("Europe/Berlin"))).isEqualTo("2026-10-24T10:00:00Z");
    }

    private static String timestamp(String text, ZoneId zone) {
        try {
            Instant instant = Timestamps.parse(text, zone);
            return instant.toString();
        } catch (java.time.DateTimeException e) {
            return "refused";
        }
    }

    @Test
    void formattingMakesNoConflict() {
        var json = new JsonLines();
        var one = (UsageRecord) json.parse("""
                {"id":"1","account":"a","product":"p","quantity":"2.00","occurred_at":"2026-10-03T12:00:00Z","metadata":{"a":1,"b":2}}""", 1, null);
        var other = (UsageRecord) json.parse("""
                {"metadata": {"b":2, "a":1}, "id":"1","account":"a","product":"p","quantity":2,"outcome":"succeeded","occurred_at":"2026-10-03T14:00:00.0000001+02:00"}""", 2, null);
        assertThat(other).isEqualTo(one);
        assertThat(other.contentHash()).isEqualTo(one.contentHash()).isEqualTo(3425607355402915178L);
        assertThat(UsageKey.of("a", "bc")).isNotEqualTo(UsageKey.of("ab", "c"));
        assertThat(UsageKey.of("default", "01J9")).hasToString("4540b883-6932-479a-1f06-deb488e7fcb1");
    }
}
