package io.postpaid.usage;

import java.nio.charset.StandardCharsets;

/** Reads one line. Holds no state between lines, so that a line can be read again by itself and by any thread. */
sealed interface LineParser permits JsonLines, MappedJsonLines, CsvLines {

    /** The bytes are valid UTF-8 without NUL. */
    ParsedLine parse(byte[] bytes, int from, int length, long line);

    default ParsedLine parse(String text, long line) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return parse(bytes, 0, bytes.length, line);
    }
}
