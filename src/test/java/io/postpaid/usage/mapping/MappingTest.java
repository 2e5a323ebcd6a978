package io.postpaid.usage.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postpaid.usage.format.UnreadableUsage;
import io.postpaid.usage.intake.IngestOutcome;
import io.postpaid.usage.intake.UsageFixture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
        source:           | sourcee:              | m.yaml line 2: has the unknown key sourcee; known there: charset, decimal, delimiter, fields, format, pattern, records, round, rows, skip_lines, source, time_format, timezone, where
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
                .hasMessageStartingWith("m.yaml: is not readable");
    }
}
