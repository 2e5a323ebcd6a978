package io.postpaid.usage.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonRowsTest {
    private static final int WAITING = 9 << 20;

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        ``        | [{"a":1.50},\\n{"a" : [1, {"b":null}]}]          | {"a":1.50} {"a":[1,{"b":null}]}
        ``        | {"a":1} {"a":2}\\n[{"a":3}]                      | {"a":1} {"a":2} {"a":3}
        ``        | [[{"a":1}],[],[[{"a":2}]]]                      | {"a":1} {"a":2}
        ``        | [1,"x",null,{}]                                 | 1 "x" null {}
        ``        | []                                              | ``
        ``        | ``                                              | ``
        data      | {"data":[{"a":1}],"more":{"data":[{"a":9}]}}    | {"a":1}
        data      | {"data":{"a":1}}                                | {"a":1}
        data      | {"data":[]}                                     | ``
        data      | {"data":[{"a":1}]}{"data":[{"a":2}]}            | {"a":1} {"a":2}
        data      | [{"x":0,"data":[{"a":1}]},{"data":[{"a":2}]}]   | {"a":1} {"a":2}
        d.r       | {"d":[{"r":[{"a":1},{"a":2}]},{"r":[{"a":3}]}]} | {"a":1} {"a":2} {"a":3}
        d.r       | {"d":[7,"x",null,{"s":1}]}                      | the document has no d.r, where the mapping says the rows are
        data      | {"error":"x"}                                   | the document has no data, where the mapping says the rows are
        ``        | [{"a":1},{"a":]                                 | {"a":1} not JSON, in line 1 column 15
        ``        | [{"a":1}                                        | {"a":1} not JSON, in line 1 column 9
        """)
    void eachValueAtTheEndOfThePathIsARow(String path, String document, String expected) {
        assertThat(rows(path, document.replace("\\n", "\n"), List.of())).isEqualTo(expected);
    }

    /** Wherever these stand in the objects around the rows: before them or behind. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {"o":"page","d":[{"t":1,"r":[{"a":1},{}]},{"r":[{"a":2}],"t":{"x":[2]}}]} | {"a":1,"^":{"t":1,"^":{"o":"page"}}} {"^":{"t":1,"^":{"o":"page"}}} {"a":2,"^":{"t":{"x":[2]},"^":{"o":"page"}}}
        {"d":[{"r":[{"a":1}],"t":"é"}],"o":true}                                  | {"a":1,"^":{"t":"é","^":{"o":true}}}
        {"d":[{"r":[{"a":1}]}]}                                                   | {"a":1,"^":{"^":{}}}
        {"d":[{"t":1,"r":[{"a":1}],"t":2}]}                                       | t is given twice
        """)
    void aRowHasWhatIsNamedOfTheObjectsAroundIt(String document, String expected) {
        assertThat(rows("d.r", document, List.of(Set.of("t"), Set.of("o")))).isEqualTo(expected);
    }

    @Test
    void whatComesTooFarBehindItsRowsIsAskedForBeforeThem() {
        var row = "{\"a\":\"" + "x".repeat(1 << 16) + "\"},";
        var document = "{\"r\":[" + row.repeat(WAITING / row.length()) + "{}],\"t\":1}";
        assertThatThrownBy(() -> read("r", document, List.of(Set.of("t")), new ArrayList<>()))
                .hasMessage("what is named of the objects around the rows does not come within 8 MB of them");
    }

    @Test
    void aRowThatIsLongerThanALineIsNotKeptWhole() throws IOException {
        var rows = new ArrayList<String>();
        read("", "[{\"a\":[" + "1,".repeat(RawLines.LINE_LIMIT) + "1]},{\"b\":2}]", List.of(), rows);
        assertThat(rows.getFirst().length()).isBetween(RawLines.LINE_LIMIT + 1, RawLines.LINE_LIMIT + (1 << 16));
        assertThat(rows.getLast()).isEqualTo("{\"b\":2}");
    }

    private static String rows(String path, String document, List<Set<String>> wanted) {
        var rows = new ArrayList<String>();
        try {
            read(path, document, wanted, rows);
        } catch (IOException e) {
            rows.add(String.valueOf(e.getMessage()).replaceFirst("^not JSON:.*(?=, in line)", "not JSON"));
        }
        return String.join(" ", rows);
    }

    private static void read(String path, String document, List<Set<String>> wanted, List<String> rows)
            throws IOException {
        var steps = path.isEmpty() ? List.<String>of() : List.of(path.split("\\."));
        try (var source = new JsonRows(new ByteArrayInputStream(document.getBytes(UTF_8)), steps, wanted)) {
            for (byte[] row = source.next(); row != null; row = source.next()) rows.add(new String(row, UTF_8));
        }
    }
}
