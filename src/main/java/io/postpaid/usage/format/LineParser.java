package io.postpaid.usage.format;

import io.postpaid.usage.record.ParsedLine;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads one line. Holds no state between lines, so that a line can be read again by itself and by any thread. */
@FunctionalInterface
public interface LineParser {

    /**
     * The bytes are valid UTF-8 without NUL.
     *
     * @param lineId what stands for the line where it has no id of its own; null in a file whose lines have
     */
    ParsedLine parse(byte[] bytes, int from, int length, long line, @Nullable String lineId);

    default ParsedLine parse(String text, long line, @Nullable String lineId) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return parse(bytes, 0, bytes.length, line, lineId);
    }
}
