package io.postpaid.usage.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postpaid.usage.format.UnreadableUsage;
import io.postpaid.usage.intake.IngestOutcome;
import io.postpaid.usage.intake.UsageFixture;
import io.postpaid.usage.record.UsageRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MappingTest {
    private static final String TRACE = """
            format: csv
            source: llm-gateway
            timezone: UTC
            fields:
              id:          {line: true}
              account:     {rotate: [acme, globex]}
              product:     {value: text}
              quantity:    {sum: [ContextTokens, GeneratedTokens]}
              occurred_at: {column: TIMESTAMP, shift: P1065D}
            """;

    @Test
    void aRealTraceIsBilledAsItIs() throws IOException {
        var usage = new UsageFixture();
        try (var trace = Objects.requireNonNull(getClass().getResourceAsStream("/usage/llm-trace.csv"))) {
            var text = new String(trace.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(usage.ingest("llm-trace.csv", text, Mapping.parse("mapping.yaml", TRACE)))
                    .isEqualTo(new IngestOutcome("llm-trace.csv", 19, 19, 0, 0));
        }
        assertThat(usage.strings("select concat_ws(' ', source, id, account, quantity, occurred_at)"
                        + " from usage_record order by line limit 2"))
                .containsExactly(
                        "llm-gateway b50bc9537ab32bc6431b10541c84aa47 globex 418 2026-10-16 18:15:46.68059+00",
                        "llm-gateway ccb506d1975f2bf12aaacda409a0562a acme 505 2026-10-16 18:15:50.995169+00");
        assertThat(usage.arrivals()).isEqualTo(usage.records()).hasSize(2);
    }

    @Test
    void aWholeAndItsPartsAreBothFound() {
        var names = List.of("a", "a.b", "a.l", "a.l.1", "l.0.n", "l[k=y].n", "l", "none.b");
        byte[] line = """
                {"a":{"b":1,"l":[2,{"c":3}]},"l":[{"k":"y","n":4},{"k":"x","n":5}],"none":null}""".getBytes(StandardCharsets.UTF_8);
        assertThat(new JsonCells(names).of(line, 0, line.length))
                .containsExactly(
                        "{\"b\":1,\"l\":[2,{\"c\":3}]}",
                        "1",
                        "[2,{\"c\":3}]",
                        "{\"c\":3}",
                        "4",
                        "4",
                        "[{\"k\":\"y\",\"n\":4},{\"k\":\"x\",\"n\":5}]",
                        null);
    }

    @Test
    void jsonLogsAreMappedByDottedNames() {
        var mapping = Mapping.parse("m.yaml", """
                format: ndjson
                timezone: Europe/Berlin
                time_format: dd.MM.yyyy HH:mm
                fields:
                  id:          {column: request.id}
                  account:     {column: customer, map: {ACME Inc.: acme}}
                  product:     {value: image}
                  quantity:    {product: [width, height]}
                  occurred_at: {column: at}
                  outcome:     {column: status, map: {"200": succeeded, "500": failed}}
                """);
        var line = """
                {"request":{"id":"r1"},"customer":"ACME Inc.","width":3,"height":"2.5","at":"03.10.2026 12:00","status":500}""";
        assertThat(LineParserTest.show(new MappedJsonLines(mapping).parse(line, 7, null)))
                .isEqualTo("default/r1 acme image 7.5 2026-10-03T10:00:00Z failed");
    }

    @Test
    void numbersSince1970AreInstantsToo() {
        var mapping = Mapping.parse("m.yaml", TRACE.replace("timezone: UTC", "time_format: epoch_millis"));
        var csv = new CsvLines("TIMESTAMP,ContextTokens,GeneratedTokens", mapping, "t.csv");
        assertThat(LineParserTest.show(csv.parse("1700158546680.59,1,2", 2, "id-2")))
                .isEqualTo("llm-gateway/id-2 globex text 3 2026-10-16T18:15:46.680590Z");
        assertThat(LineParserTest.show(csv.parse("1700158546680,1,", 2, "id-2")))
                .isEqualTo("quantity is missing: the column 'GeneratedTokens' is empty (line 8 of the mapping)");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        format: csv       | format: xml           | m.yaml line 1: needs format: csv, json, ndjson, parquet, text
        source:           | sourcee:              | m.yaml line 2: has the unknown key sourcee; known there: charset, decimal, delimiter, fields, format, header, pattern, records, round, rows, skip_lines, source, thousands, time_format, timezone, where
        timezone: UTC     | timezone: Mars/Base   | m.yaml line 3: has the unknown timezone 'Mars/Base'
        {line: true}      | {line: false}         | m.yaml line 5: fields.id.line can only be true
        {line: true}      | {row: true}           | m.yaml line 5: has the unknown key fields.id.row; known there: column, columns, default, empty, first_of, hash, join, json, line, map, match, only, value, with
        product:          | produkt:              | m.yaml line 7: has the unknown key fields.produkt; known there: account, id, metadata, occurred_at, operation, outcome, product, quantity, source, type, voids
        {value: text}     | {column: X, shift: P1D} | m.yaml line 7: has the unknown key fields.product.shift; known there: column, default, empty, first_of, join, json, map, match, only, value, with
        {value: text}     | {}                    | m.yaml line 7: fields.product needs exactly one of column, first_of, join, value
        {value: text}     | {value: ""}           | m.yaml line 7: fields.product.value is not a text
        P1065D            | tomorrow              | m.yaml line 9: fields.occurred_at.shift 'tomorrow' is not a duration such as P30D or -PT2H
        [acme, globex]    | []                    | m.yaml line 6: fields.account.rotate is not a list with at least one value
        """)
    void mistakesAreToldWithFileAndKey(String right, String wrong, String message) {
        assertThatThrownBy(() -> Mapping.parse("m.yaml", TRACE.replace(right, wrong)))
                .isInstanceOf(UnreadableUsage.class)
                .hasMessage(message);
    }

    @Test
    void aFieldThatIsNeededIsMissed() {
        assertThatThrownBy(() -> Mapping.parse("m.yaml", "format: csv\nfields: {id: {line: true}}"))
                .hasMessage("m.yaml line 2: lacks fields.account");
        assertThatThrownBy(() -> Mapping.parse("m.yaml", "format: ["))
                .hasMessageStartingWith("m.yaml line 1: is not readable");
    }

    /** Each rule by itself: what the fields say, a line, and what it gives. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        quantity: {sum: [a, b]} | {"a":1,"b":"2.50"} | 3.5
        quantity: {sum: [a, b]} | {"a":1,"b":null} | quantity is missing: the column 'b' is empty
        quantity: {sum: [a, b]} | {"a":1} | quantity is missing: the line has no 'b'
        quantity: {sum: [a, b], empty: 0} | {"a":1,"b":null} | 1
        quantity: {sum: [a, b], empty: 0} | {"a":1} | quantity is missing: the line has no 'b'
        quantity: {sum: [a, b], default: 0} | {"a":1} | 1
        quantity: {difference: [a, {column: b, empty: 0}]} | {"a":"7","b":""} | 7
        quantity: {difference: [a, b]} | {"a":1,"b":3} | -2
        quantity: {column: a, times: 3600} | {"a":"0.016667"} | 60.0012
        quantity: {column: a, times: {column: b, only: {h: 3600, min: 60}}} | {"a":2,"b":"min"} | 120
        quantity: {column: a, times: {column: b, only: {h: 3600, min: 60}}} | {"a":2,"b":"s"} | 's' in the column 'b' is not one of ['h', 'min']
        quantity: {column: a, round: 9} | {"a":8.470000267028809} | 8.470000267
        quantity: {sum: [{column: a, match: '^([0-9]+):', times: 3600}, {column: a, match: ':([0-9]+):', times: 60}, {column: a, match: ':([0-9]+)$'}]} | {"a":"1:02:03"} | 3723
        quantity: {first_of: [a, b]} | {"a":"","b":4} | 4
        quantity: {first_of: [a, b]} | {"a":null} | quantity is missing: the column 'a' is empty
        quantity: {column: a, json: x.y} | {"a":"{\\"x\\":{\\"y\\":5}}"} | 5
        quantity: {column: a, json: x.y} | {"a":"{\\"x\\":"} | what stands in the column 'a' is not a JSON object: Unexpected end-of-input
        quantity: {column: a.1.b} | {"a":[{"b":1},{"b":2}]} | 2
        quantity: {column: 'a[k=x.y].v.n'} | {"a":[{"k":"z","v":{"n":1}},{"v":{"n":2},"k":"x.y"}]} | 2
        quantity: {column: 'a[k=x].v'} | {"a":[{"k":"z","v":1},7]} | quantity is missing: the line has no 'a[k=x].v'
        quantity: {column: 'a[k=x].v'} | {"a":[{"k":"x","v":1},{"k":"x","v":1}]} | v is given twice
        quantity: {sum: ['a[k=1].v', 'a[k=2].v']} | {"a":[{"k":1,"v":1},{"k":2,"v":5}]} | 6
        quantity: {column: a, match: '^([0-9]+)s$'} | {"a":"12s"} | 12
        quantity: {column: a, match: '^([0-9]+)s$'} | {"a":"12m"} | '12m' in the column 'a' is not as the pattern ^([0-9]+)s$
        quantity: {column: a, map: {none: "0"}} | {"a":"none"} | 0
        quantity: {column: a} | {"a":1,"a":2} | a is given twice
        quantity: {column: a} | {"a":1e999999} | quantity '1e999999' has more than 100 digits when it is written out, in the column 'a'
        """)
    void eachRuleGivesOneValue(String quantity, String line, String expected) {
        var mapping = Mapping.parse("m.yaml", """
                format: ndjson
                fields:
                  id: {value: x}
                  account: {value: acme}
                  product: {value: text}
                  occurred_at: {value: 2026-10-03T12:00:00Z}
                  %s
                """.formatted(quantity));
        var read = new MappedJsonLines(mapping).parse(line, 1, null);
        assertThat(
                        read instanceof UsageRecord usage
                                ? usage.quantity().toPlainString()
                                : LineParserTest.show(read).replaceFirst(" \\(line 7 of the mapping\\)$", ""))
                .startsWith(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        , | ``| 1,5       | 1.5
        , | ``| 1.5       | '1.5' in the column 'a' is not a number with ',' before its decimals
        , | . | 1.234,5   | 1234.5
        , | . | 1.23,5    | '1.23,5' in the column 'a' is not a number with ',' before its decimals and '.' between thousands
        . | , | 1,234,567 | 1234567
        . | , | 0,123     | '0,123' in the column 'a' is not a number with '.' before its decimals and ',' between thousands
        . | , | 1,23      | '1,23' in the column 'a' is not a number with '.' before its decimals and ',' between thousands
        """)
    void numbersAreReadAsTheLogWritesThem(String decimal, String thousands, String number, String expected) {
        var mapping = Mapping.parse("m.yaml", """
                format: csv
                delimiter: ";"
                header: [at, a]
                %s
                fields:
                  id: {line: true}
                  account: {value: acme}
                  product: {value: text}
                  quantity: {column: a}
                  occurred_at: {column: at}
                """.formatted("decimal: '" + decimal + "'"
                + (thousands.isEmpty() ? "" : "\nthousands: '" + thousands + "'")));
        var read = new CsvLines("at;a", mapping, "t.csv").parse("2026-10-03T12:00:00Z;" + number, 1, "n");
        assertThat(read instanceof UsageRecord usage ? usage.quantity().toPlainString() : LineParserTest.show(read))
                .startsWith(expected);
    }

    @Test
    void aTimeIsReadInTheOneFormatThatFits() {
        var mapping = Mapping.parse(
                "m.yaml",
                TRACE.replace(
                        "timezone: UTC", "time_format: [iso, epoch_seconds, epoch_millis, dd/MM/yyyy, MM/dd/yyyy]"));
        var csv = new CsvLines("TIMESTAMP,ContextTokens,GeneratedTokens", mapping, "t.csv");
        assertThat(List.of(
                                "2023-11-16T18:15:46Z",
                                "1700158546",
                                "1700158546000",
                                "16/11/2023",
                                "11/11/2023",
                                "11/10/2023",
                                "x")
                        .stream()
                        .map(time -> LineParserTest.show(csv.parse(time + ",1,2", 2, "n"))
                                .replaceFirst("^llm-gateway/n globex text 3 ", ""))
                        .toList())
                .containsExactly(
                        "2026-10-16T18:15:46Z",
                        "2026-10-16T18:15:46Z",
                        "2026-10-16T18:15:46Z",
                        "2026-10-16T00:00:00Z",
                        "2026-10-11T00:00:00Z",
                        "occurred_at '11/10/2023' can be 2023-10-11T00:00:00Z and 2023-11-10T00:00:00Z by the formats of the mapping: give it the one that is meant, in the column 'TIMESTAMP' (line 9 of the mapping)",
                        "occurred_at 'x' is not an instant such as 2026-10-03T12:00:00Z, in the column 'TIMESTAMP' (line 9 of the mapping)");
    }
}
