package io.postpaid.usage.format;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_32BE;
import static java.nio.charset.StandardCharsets.UTF_32LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CoderResult;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Text of another charset as UTF-8, a few kilobytes at a time. What is no text of that charset becomes a byte that is none of
 * UTF-8 either, so that the line that has it is unreadable, and no other.
 */
final class Transcoded extends InputStream {
    private static final byte NO_TEXT = (byte) 0xff;
    private static final int CHARS = 1 << 12;
    /** What one step may write: three bytes for a character, and the line feed. */
    private static final int ROOM = 4 * CHARS;

    private final InputStream in;
    private final CharsetDecoder decoder;
    private final CharsetEncoder encoder = UTF_8.newEncoder();
    /** Whether a line feed is one byte, and that byte is nothing else: then each line is decoded by itself. */
    private final boolean byLines;
    /** How many bytes are passed over when they are malformed. */
    private final int unit;
    /** The decoder writes what it can't read as U+FFFD, whatever it was told. */
    private final boolean replaces;

    private final ByteBuffer bytes = ByteBuffer.allocate(1 << 13).flip();
    private final CharBuffer chars = CharBuffer.allocate(CHARS);
    private final ByteBuffer text = ByteBuffer.allocate(1 << 16).flip();
    private int lineEnd = -1;
    private boolean hungry = true;
    private boolean ended;
    private boolean done;

    Transcoded(InputStream in, Charset charset) {
        this.in = in;
        decoder = charset.newDecoder();
        byLines = new String(new byte[] {'\n'}, charset).equals("\n");
        unit = charset.name().contains("UTF-16") ? 2 : charset.name().contains("UTF-32") ? 4 : 1;
        replaces = charset.name().contains("2022");
    }

    /**
     * The stream as UTF-8, without the mark at its beginning; {@code charset} is null where the stream itself says it, or nobody
     * does.
     */
    static InputStream of(InputStream in, @Nullable Charset charset) throws IOException {
        var text = new PushbackInputStream(in, 4);
        byte[] first = text.readNBytes(4);
        Charset marked = byMark(first);
        int mark = marked == null || charset != null && !charset.equals(marked) ? 0 : "\ufeff".getBytes(marked).length;
        text.unread(first, mark, first.length - mark);
        Charset said = charset == null ? marked : charset;
        return said == null || said.equals(UTF_8) ? text : new Transcoded(text, said);
    }

    /** What the byte order mark at the beginning says of the text behind it. */
    static @Nullable Charset byMark(byte[] first) {
        int bytes = 0;
        for (int i = 0; i < 4; i++) bytes = bytes << 8 | (i < first.length ? first[i] & 0xff : 1);
        if (bytes >>> 8 == 0xefbbbf) return UTF_8;
        if (bytes == 0xfffe0000) return UTF_32LE;
        if (bytes == 0x0000feff) return UTF_32BE;
        return bytes >>> 16 == 0xfffe ? UTF_16LE : bytes >>> 16 == 0xfeff ? UTF_16BE : null;
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        Objects.checkFromIndexSize(from, length, into.length);
        while (length > 0 && !text.hasRemaining()) {
            if (done) return -1;
            if (hungry) eat();
            text.clear();
            while (!done && !hungry && text.remaining() >= ROOM) step();
            text.flip();
        }
        int count = Math.min(length, text.remaining());
        text.get(into, from, count);
        return count;
    }

    private void eat() throws IOException {
        bytes.compact();
        int read;
        try {
            read = in.read(bytes.array(), bytes.position(), bytes.remaining());
            bytes.position(bytes.position() + Math.max(read, 0));
        } finally {
            bytes.flip();
        }
        ended = read < 0;
        hungry = false;
        findLineEnd();
    }

    private void findLineEnd() {
        lineEnd = -1;
        for (int i = bytes.position(); byLines && i < bytes.limit() && lineEnd < 0; i++) {
            if (bytes.get(i) == '\n') lineEnd = i;
        }
    }

    private void step() {
        boolean last = lineEnd >= 0 || ended;
        int limit = bytes.limit();
        if (lineEnd >= 0) bytes.limit(lineEnd);
        CoderResult result = decoder.decode(bytes, chars, last);
        bytes.limit(limit);
        if (result.isError()) {
            encode(true);
            text.put(NO_TEXT);
            int skipped = result.isMalformed() ? Math.min(unit, result.length()) : result.length();
            bytes.position(bytes.position() + skipped);
        } else if (result.isOverflow() || !last) {
            encode(false);
            hungry = result.isUnderflow();
        } else {
            encode(false);
            decoder.flush(chars);
            decoder.reset();
            endLine();
        }
    }

    private void endLine() {
        encode(true);
        if (lineEnd < 0) {
            done = true;
            return;
        }
        text.put(bytes.get());
        findLineEnd();
    }

    private void encode(boolean last) {
        chars.flip();
        // Half of a surrogate pair, which some decoders let through, is no text.
        for (int i = 0; replaces && i < chars.limit(); i++) if (chars.get(i) == '\ufffd') chars.put(i, '\udc00');
        for (var result = encoder.encode(chars, text, last);
                result.isError();
                result = encoder.encode(chars, text, last)) {
            chars.position(chars.position() + result.length());
            text.put(NO_TEXT);
        }
        chars.compact();
        if (last) encoder.reset();
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
