package io.postpaid.usage.format;

import io.postpaid.platform.file.Sha256;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Ids of lines that have none of their own: hashes over the line without its line end, so that they depend on what the file says,
 * and not on its name, its packing or what is added to it later.
 */
public final class LineIds {
    private static final int ID_BYTES = 16;

    private final MessageDigest digest = Sha256.digest();
    private final @Nullable Occurrences equals;
    private byte[] last = new byte[digest.getDigestLength()];
    private int before;
    /** A return was read that is part of the line only if more follows. */
    private boolean held;

    private LineIds(@Nullable Occurrences equals) {
        this.equals = equals;
    }

    /** By the line and all lines before it. */
    public static LineIds byPosition() {
        return new LineIds(null);
    }

    /** By the line, and by how many before it are equal: the order of the lines does not matter. */
    public static LineIds byContent() {
        return new LineIds(new Occurrences());
    }

    /** The next line is the first: the header before it is about the columns and states no usage. */
    void startAnew() {
        digest.reset();
        held = false;
        last = new byte[last.length];
        if (equals != null) equals.forget();
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
        if (equals != null) {
            // A record of CSV may have several lines, and is equal to another by all of them.
            digest.update((byte) '\n');
            return;
        }
        digest.update(last);
        last = digest.digest();
    }

    /** All lines of a record are appended. */
    void endRecord() {
        if (equals == null) return;
        last = digest.digest();
        before = equals.before(ByteBuffer.wrap(last).getLong());
    }

    /** What was appended was no line. */
    void forget() {
        held = false;
        digest.reset();
    }

    String last() {
        String id = HexFormat.of().formatHex(last, 0, ID_BYTES);
        return equals == null || before == 0 ? id : id + "." + before;
    }
}
