package io.postpaid.usage.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.postpaid.platform.home.Home;
import io.postpaid.support.Seeds;
import io.postpaid.usage.format.UnreadableUsage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** What editors say of a mapping is what Postpaid says of it. */
class MappingSchemaTest {
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final JsonNode DESCRIPTION = JsonMapper.shared().readTree(Mappings.schema());
    private static final Schema SCHEMA = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(DESCRIPTION);

    /** What depends on other places of the mapping, or on what Java knows, and so is found by Postpaid alone. */
    private static final Pattern BEYOND_A_SCHEMA = Pattern.compile(
            "has two records with the name|has line and hash|pattern has no group|is not a pattern:|unknown timezone"
                    + "|unknown charset|thousands is what decimal is|time_format '");

    /** Has each key that there is, or one like it. */
    private static final String RICH = """
            format: csv
            source: rich
            timezone: Europe/Berlin
            time_format: [iso, dd/MM/yyyy HH:mm]
            charset: windows-1252
            delimiter: ";"
            skip_lines: 2
            header: [n, m, o]
            decimal: ","
            thousands: "."
            round: 9
            where:
              - {column: kind, in: [call, 1], out: [test]}
              - {column: kind, present: true, like: '^c', unlike: x$, empty: a}
            fields:
              source:      {first_of: [host, {column: path, match: '^/([a-z]+)', default: none}]}
              id:          {columns: [a, {hash: true}]}
              account:     {column: who, map: {a: b}, default: acme}
              occurred_at: {column: at, shift: P1DT-2H}
              operation:   {join: [x, {value: y}], with: "-"}
              metadata:    {columns: [a, b]}
              outcome:     {column: meta, json: state.code, only: {200: succeeded, "": failed}}
            records:
              - {name: in, product: {value: in}, quantity: {sum: [n, {column: m, empty: 0}, {sum: [n, m], times: 2}], times: 60, round: 2}}
              - name: out
                where: [{column: out, present: true}]
                optional: true
                product: {value: out}
                account: {rotate: [acme, globex]}
                quantity: {difference: [n, m], times: {column: unit, only: {h: 3600}}}
            """;

    private static final String PLAIN = """
            format: text
            pattern: '^(?P<id>[^ ]+) (?P<who>[^ ]+) (?P<n>[0-9]+) (?P<at>.*)$'
            where: [{column: who, out: ["-"]}]
            fields:
              id:          {column: id}
              account:     {column: who}
              product:     {value: call}
              quantity:    {product: [n, {value: 2}]}
              occurred_at: {column: at}
            """;

    @TestFactory
    Stream<DynamicTest> whatIsPrintedIsRightByBoth() throws IOException {
        var ours = new Mappings(new Home(Path.of("none")));
        var builtIn = ours.builtIn().stream().map(name -> Map.entry(name, ours.text(name)));
        var here = Stream.of(Map.entry("rich", RICH), Map.entry("plain", PLAIN));
        return Stream.concat(here, Stream.concat(builtIn, manual()))
                .map(mapping -> dynamicTest(mapping.getKey(), () -> {
                    assertThat(bySchema(mapping.getValue())).isEmpty();
                    assertThat(byPostpaid(mapping.getValue())).isNull();
                }));
    }

    private static Stream<Map.Entry<String, String>> manual() throws IOException {
        var blocks = Pattern.compile("(?s)```yaml\n(.*?)```")
                .matcher(Files.readString(Path.of("src/docs/mapping.md")))
                .results()
                .map(block -> block.group(1))
                .filter(block -> block.contains("format: "))
                .toList();
        assertThat(blocks).isNotEmpty();
        return blocks.stream().map(block -> Map.entry(block.lines().findFirst().orElseThrow(), block));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, quoteCharacter = '`', textBlock = """
        right                          | wrong
        skip_lines: 2                  | skip: 2
        thousands: "."                 | thousands: x
        header: [n, m, o]              | header: n
        `{sum: [n, m], times: 2}`      | `{sum: [n, m], round: 2}`
        skip_lines: 2                  | skip_lines: many
        skip_lines: 2                  | skip_lines: -1
        skip_lines: 2                  | pattern: '(?P<a>.)'
        skip_lines: 2                  | rows: data
        format: csv                    | format: xml
        format: csv                    | format: text
        format: csv                    | format: ndjson
        format: csv                    | source: x
        source: rich                   | source: gate
        source: rich                   | source: account:acme
        source: rich                   | source: [a]
        ";"                            | "#"
        decimal: ","                   | decimal: comma
        round: 9                       | round: 10
        round: 2                       | round: ""
        in: [call, 1]                  | among: [call]
        in: [call, 1]                  | in: call
        , in: [call, 1], out: [test]   | ``
        present: true                  | present: "yes"
        {column: who, map: {a: b}      | {column: who, map: {a: b}, only: {a: b}
        {column: who, map: {a: b}      | {column: who, value: acme
        {column: who, map: {a: b}      | {map: {a: b}
        {column: who, map: {a: b}      | {sum: [a, b]
        {column: who, map: {a: b}      | {column: who, map: {a: [b]}
        {column: who, map: {a: b}      | {column: who, with: "-"
        {column: who, map: {a: b}      | {column: who, times: 2
        {column: who, map: {a: b}      | {column: who, nope: 2
        {columns: [a, {hash: true}]}   | {columns: [a, {hash: false}]}
        {columns: [a, {hash: true}]}   | {first_of: [a, {first_of: [{hash: true}]}]}
        {columns: [a, {hash: true}]}   | {columns: []}
        {columns: [a, {hash: true}]}   | a
        metadata:    {columns: [a, b]} | metadata: {columns: [{column: a}]}
        metadata:    {columns: [a, b]} | type: {value: void}
        [iso, dd/MM/yyyy HH:mm]        | []
        P1DT-2H                        | tomorrow
        P1DT-2H                        | P1M
        P1DT-2H                        | P
        times: 60                      | times: sixty
        times: 60                      | times: true
        json: state.code               | json: [state]
        {rotate: [acme, globex]}       | {rotate: [{value: acme}]}
        occurred_at:                   | time:
        occurred_at:                   | operation:
        name: in,                      | ``
        optional: true                 | optional: 1
        optional: true                 | type: {value: void}
        product: {value: out}          | operation: {value: out}
        """)
    void mistakesAreFoundByBoth(String right, String wrong) {
        assertThat(RICH).contains(right);
        var broken = RICH.replace(right, wrong);
        assertThat(byPostpaid(broken)).isNotNull();
        if (!String.valueOf(byPostpaid(broken)).contains("not readable YAML")) {
            assertThat(bySchema(broken)).isNotEmpty();
        }
    }

    /** Two mappings in which anything may be missing, renamed, or another value. */
    @TestFactory
    Stream<DynamicTest> bothSayTheSameOfWhateverIsWritten() {
        return Seeds.forAll(random -> {
            var mapping = (ObjectNode) YAML.readTree(random.nextBoolean() ? RICH : PLAIN);
            for (int i = random.nextInt(3); i >= 0; i--) change(mapping, random);
            var text = YAML.writeValueAsString(mapping);
            var fault = byPostpaid(text);
            if (fault == null || !BEYOND_A_SCHEMA.matcher(fault).find()) {
                assertThat(bySchema(text).isEmpty()).as(text + "\n" + fault).isEqualTo(fault == null);
            }
        });
    }

    private static void change(ObjectNode mapping, Random random) {
        var objects = new ArrayList<ObjectNode>();
        var lists = new ArrayList<ArrayNode>();
        collect(mapping, objects, lists);
        var object = objects.get(random.nextInt(objects.size()));
        var names = List.copyOf(object.propertyNames());
        var values = List.of("5", "\"\"", "true", "null", "[]", "{}", "[a]", "{value: a}", "{hash: true}", "csv", "-1");
        var value = YAML.readTree(values.get(random.nextInt(values.size())));
        var keys =
                List.of("nope", "value", "column", "with", "only", "line", "times", "round", "where", "rows", "format");
        switch (random.nextInt(names.isEmpty() ? 1 : 4)) {
            case 0 -> object.set(keys.get(random.nextInt(keys.size())), value);
            case 1 -> object.remove(names.get(random.nextInt(names.size())));
            case 2 -> object.set(names.get(random.nextInt(names.size())), value);
            default -> {
                if (!lists.isEmpty()) lists.get(random.nextInt(lists.size())).add(value);
            }
        }
    }

    private static void collect(JsonNode node, List<ObjectNode> objects, List<ArrayNode> lists) {
        if (node instanceof ObjectNode object) objects.add(object);
        if (node instanceof ArrayNode list) lists.add(list);
        node.forEach(child -> collect(child, objects, lists));
    }

    @Test
    void everyKeyIsDescribed() {
        DESCRIPTION.findValues("properties").stream()
                .filter(properties -> properties.size() > 1)
                .forEach(properties -> properties
                        .propertyStream()
                        .forEach(key -> assertThat(described(key.getValue()))
                                .as(key.toString())
                                .isTrue()));
    }

    private static boolean described(JsonNode key) {
        return key.has("description")
                || key.has("$ref")
                        && described(DESCRIPTION.at(key.get("$ref").asString().substring(1)))
                // Conditions, which say again what is described.
                || key.has("properties")
                || key.isBoolean();
    }

    private static List<?> bySchema(String mapping) {
        return SCHEMA.validate(YAML.readTree(mapping));
    }

    /** Null for a right one. */
    private static @Nullable String byPostpaid(String mapping) {
        try {
            Mapping.parse("m.yaml", mapping);
            return null;
        } catch (UnreadableUsage e) {
            return String.valueOf(e.getMessage());
        }
    }
}
