package io.postpaid.usage.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.Charset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonDocumentsTest {
    private static final String RECORDS = "[{\"id\": \"a\",\n \"account\": \"ä\"}, 7]";

    @Test
    void theElementsOfAnArrayAreLines() {
        assertThat(new String(JsonDocuments.lines(RECORDS.getBytes(UTF_8)), UTF_8))
                .isEqualTo("{\"id\": \"a\",  \"account\": \"ä\"}\n7\n");
    }

    /** The parser reads these, but counts characters where bytes are cut. */
    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "UTF-32LE", "UTF-32BE"})
    void anotherEncodingIsRefused(String charset) {
        assertThatThrownBy(() -> JsonDocuments.lines(RECORDS.getBytes(Charset.forName(charset))))
                .isInstanceOf(JsonDocuments.NotJson.class)
                .hasMessage("The body is not JSON in UTF-8");
    }
}
