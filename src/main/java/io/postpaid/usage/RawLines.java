package io.postpaid.usage;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream of bytes into lines, in batches, with memory for one batch whatever the stream's length. Understands
 * gzip, a byte order mark and CRLF. Blank lines have a number but are not lines.
 */
final class RawLines implements AutoCloseable {
    static final int LINE_LIMIT = 1 << 20;
    /** What is kept of a line over the limit. */
    static final int KEPT = 1_000;

    private static final int BATCH_BYTES = 8 << 20;

    private final InputStream in;
    private final AtomicLong bytesRead;
    private final byte[] block = new byte[1 << 16];
    private int position;
    private int end;
    private boolean atEnd;
    private boolean first = true;
    private long number;
    private long fingerprint;
    private @Nullable IOException torn;

    RawLines(InputStream stream) {
        this.bytesRead = new AtomicLong();
        var counted = new BufferedInputStream(new Counting(stream, bytesRead), 1 << 16);
        this.in = unpacked(counted);
    }

    private InputStream unpacked(BufferedInputStream stream) {
        try {
            stream.mark(2);
            boolean packed = stream.read() == 0x1f && stream.read() == 0x8b;
            stream.reset();
            return packed ? new GZIPInputStream(stream, 1 << 16) : stream;
        } catch (IOException e) {
            torn = e;
            atEnd = true;
            return stream;
        }
    }

    /** Why the stream broke off, if it did: all whole lines before that were given out. */
    @Nullable
    IOException torn() {
        return torn;
    }

    /** The first line that is not blank, apart from the batches; null when there is none. */
    @Nullable
    String header() {
        var batch = next(1);
        fingerprint = 0;
        return batch == null ? null : batch.text(0);
    }

    /** Looks at the first character that is not white space, and takes nothing. */
    int peek() {
        while (true) {
            skipByteOrderMark();
            for (int i = position; i < end; i++) {
                if (block[i] > ' ' || block[i] < 0) {
                    return block[i];
                }
            }
            if (end - position >= block.length / 2 || !fill()) {
                return -1;
            }
        }
    }

    /** Null at the end. */
    @Nullable
    RawBatch next(int maxLines) {
        var batch = new RawBatch(maxLines);
        while (batch.size < maxLines && batch.length < BATCH_BYTES) {
            if (!line(batch)) {
                break;
            }
        }
        batch.fingerprint = fingerprint;
        batch.bytesRead = bytesRead.get();
        return batch.size == 0 ? null : batch;
    }

    /** Appends the next line; blank ones are passed over, one at a time. */
    private boolean line(RawBatch batch) {
        int from = batch.length;
        long length = 0;
        boolean any = false;
        boolean ascii = true;
        boolean ended = false;
        var crc = new CRC32C();
        skipByteOrderMark();
        while (!ended) {
            if (position == end && !fill()) {
                // What a torn stream leaves of its last line is not a line: it comes whole with the mended file.
                if (!any || torn != null) {
                    batch.length = from;
                    return false;
                }
                break;
            }
            any = true;
            int start = position;
            int at = start;
            byte seen = 0;
            while (at < end && block[at] != '\n') {
                seen |= (byte) (block[at] | (block[at] - 1));
                at++;
            }
            ascii &= seen >= 0;
            ended = at < end;
            crc.update(block, start, at - start);
            length += at - start;
            if (length <= LINE_LIMIT) {
                batch.append(block, start, at - start);
            }
            position = ended ? at + 1 : at;
        }
        number++;
        boolean whole = length <= LINE_LIMIT;
        if (!whole) {
            batch.length = Math.min(batch.length, from + KEPT);
        } else if (batch.length > from && batch.bytes[batch.length - 1] == '\r') {
            batch.length--;
        }
        if (whole && batch.blank(from)) {
            batch.length = from;
            return true;
        }
        fingerprint = fingerprint * 0x9E3779B97F4A7C15L + crc.getValue() + (length << 32);
        batch.add(from, number, whole, ascii);
        return true;
    }

    private void skipByteOrderMark() {
        if (!first) {
            return;
        }
        first = false;
        while (end - position < 3 && fill()) {
            continue;
        }
        if (end - position >= 3
                && block[position] == (byte) 0xef
                && block[position + 1] == (byte) 0xbb
                && block[position + 2] == (byte) 0xbf) {
            position += 3;
        }
    }

    /** Adds to the block what comes next, behind what is still there. */
    private boolean fill() {
        if (atEnd) {
            return false;
        }
        if (position > 0) {
            System.arraycopy(block, position, block, 0, end - position);
            end -= position;
            position = 0;
        }
        try {
            int read = in.read(block, end, block.length - end);
            if (read < 0) {
                atEnd = true;
                return false;
            }
            end += read;
            return true;
        } catch (IOException e) {
            torn = e;
        }
        atEnd = true;
        return false;
    }

    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException e) {
            // Nothing is written through it, and what was read is read.
            torn = torn == null ? e : torn;
        }
    }

    /** Lines side by side in one array. */
    static final class RawBatch {
        private byte[] bytes = new byte[1 << 16];
        private int length;
        private final int[] from;
        private final int[] to;
        private final long[] numbers;
        private final boolean[] whole;
        private final boolean[] ascii;
        private int size;
        private long fingerprint;
        private long bytesRead;

        private RawBatch(int capacity) {
            from = new int[capacity];
            to = new int[capacity];
            numbers = new long[capacity];
            whole = new boolean[capacity];
            ascii = new boolean[capacity];
        }

        private void append(byte[] source, int start, int count) {
            if (length + count > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + count));
            }
            System.arraycopy(source, start, bytes, length, count);
            length += count;
        }

        private boolean blank(int start) {
            for (int i = start; i < length; i++) {
                if (bytes[i] != ' ' && bytes[i] != '\t' && bytes[i] != '\r') {
                    return false;
                }
            }
            return true;
        }

        private void add(int start, long number, boolean isWhole, boolean isAscii) {
            from[size] = start;
            to[size] = length;
            numbers[size] = number;
            whole[size] = isWhole;
            ascii[size] = isAscii;
            size++;
        }

        int size() {
            return size;
        }

        long number(int line) {
            return numbers[line];
        }

        /** The running hash over all lines up to the last of this batch. */
        long fingerprint() {
            return fingerprint;
        }

        long bytesRead() {
            return bytesRead;
        }

        /** The line's text; bytes that are not text are written as {@code \xNN}. */
        String text(int line) {
            return Readable.text(bytes, from[line], to[line]);
        }

        ParsedLine parse(int line, LineParser parser) {
            if (!whole[line]) {
                return new ParsedLine.Malformed(
                        Reason.UNREADABLE, "longer than %d bytes; only its beginning is kept".formatted(LINE_LIMIT));
            }
            if (!ascii[line]) {
                String fault = Readable.fault(bytes, from[line], to[line]);
                if (fault != null) {
                    return new ParsedLine.Malformed(Reason.UNREADABLE, fault);
                }
            }
            return parser.parse(bytes, from[line], to[line] - from[line], numbers[line]);
        }
    }

    private static final class Counting extends FilterInputStream {
        private final AtomicLong count;

        Counting(InputStream in, AtomicLong count) {
            super(in);
            this.count = count;
        }

        @Override
        public int read() throws IOException {
            int read = super.read();
            if (read >= 0) {
                count.incrementAndGet();
            }
            return read;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = super.read(bytes, offset, length);
            if (read > 0) {
                count.addAndGet(read);
            }
            return read;
        }
    }
}
