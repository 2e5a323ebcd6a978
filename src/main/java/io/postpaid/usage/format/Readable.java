package io.postpaid.usage.format;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Whether bytes are text that PostgreSQL can keep, and what to show if they are not. */
final class Readable {
    private Readable() {}

    static @Nullable String fault(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == 0) {
                return "has a NUL character at byte " + (i - from + 1);
            }
        }
        return decoded(bytes, from, to) == null ? "is not valid UTF-8" : null;
    }

    static String text(byte[] bytes, int from, int to) {
        String text = fault(bytes, from, to) == null ? decoded(bytes, from, to) : null;
        return text != null ? text : escaped(bytes, from, to);
    }

    private static @Nullable String decoded(byte[] bytes, int from, int to) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes, from, to - from))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static String escaped(byte[] bytes, int from, int to) {
        var text = new StringBuilder();
        for (int i = from; i < to; i++) {
            if (bytes[i] >= ' ' && bytes[i] != 0x7f || bytes[i] == '\t') {
                text.append((char) bytes[i]);
            } else {
                text.append("\\x")
                        .append(Character.forDigit(bytes[i] >> 4 & 15, 16))
                        .append(Character.forDigit(bytes[i] & 15, 16));
            }
        }
        return text.toString();
    }
}
