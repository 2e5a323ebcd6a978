package io.postpaid.usage.format;

import io.postpaid.platform.file.Sha256;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * Ids of lines that have none of their own: each is a hash over the line, without its line end, and over the id of the line before
 * it. So the id depends on what the file says up to there, and not on the file's name, its packing or what is added to it later.
 */
final class LineIds {
    private static final int ID_BYTES = 16;

    private final MessageDigest digest = Sha256.digest();
    private byte[] last = new byte[digest.getDigestLength()];
    /** A return was read that is part of the line only if more follows. */
    private boolean held;

    /** The next line is the first: the header before it is about the columns and states no usage. */
    void startAnew() {
        digest.reset();
        held = false;
        last = new byte[last.length];
    }

    void append(byte[] bytes, int from, int count) {
        if (count == 0) {
            return;
        }
        if (held) {
            digest.update((byte) '\r');
        }
        held = bytes[from + count - 1] == '\r';
        digest.update(bytes, from, held ? count - 1 : count);
    }

    void endLine() {
        held = false;
        digest.update(last);
        last = digest.digest();
    }

    /** What was appended was no line. */
    void forget() {
        held = false;
        digest.reset();
    }

    String last() {
        return HexFormat.of().formatHex(last, 0, ID_BYTES);
    }
}
