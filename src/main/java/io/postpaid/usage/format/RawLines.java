package io.postpaid.usage.format;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream of bytes into lines, in batches, with memory for one batch whatever the stream's length. Understands
 * gzip and zstd, byte order marks, other charsets and CRLF. Blank lines have a number but are not lines. In CSV a quoted cell may have line breaks: its
 * record is one line, with the number of its first.
 */
public final class RawLines implements Lines {
    public static final int LINE_LIMIT = 1 << 20;
    /** What is kept of a line over the limit. */
    public static final int KEPT = 1_000;

    private static final byte[] LINE_FEED = {'\n'};
    private static final int BATCH_BYTES = 8 << 20;

    private final InputStream in;
    private byte[] block = new byte[1 << 16];
    private int position;
    private int end;
    private boolean atEnd;
    private long number;
    private long fingerprint;
    private @Nullable IOException torn;

    private boolean quotes;
    private char delimiter;
    private byte lineBreak = '\n';
    /** How many bytes there were before the block. */
    private long passed;
    /** Up to there a quote has been looked for that closes an open one, in vain: once is enough. */
    private long unclosedUntil;

    private @Nullable LineIds ids;
    private boolean endsOpen;

    public RawLines(InputStream stream) {
        this(stream, null);
    }

    /** {@code charset} is null for UTF-8, or what the stream's own byte order mark says. */
    public RawLines(InputStream stream, @Nullable Charset charset) {
        this.in = opened(stream, charset);
    }

    private InputStream opened(InputStream stream, @Nullable Charset charset) {
        InputStream unpacked = stream;
        try {
            unpacked = Unpacked.of(stream);
            return Transcoded.of(unpacked, charset);
        } catch (IOException e) {
            torn = e;
            atEnd = true;
            return unpacked;
        }
    }

    @Override
    public @Nullable IOException torn() {
        return torn;
    }

    @Override
    public boolean endsOpen() {
        return endsOpen;
    }

    /** From here on cells between these delimiters may be quoted, with line breaks in them. */
    public void quoted(char cellDelimiter) {
        quotes = true;
        delimiter = cellDelimiter;
    }

    /** Gives each line an id. */
    public void identified(@Nullable LineIds by) {
        ids = by;
    }

    /** Passes over what stands before the header or the first line, blank lines too. */
    public void skip(int lineCount) {
        var passedOver = new LineBatch();
        for (int i = 0; i < lineCount; i++) line(passedOver);
        fingerprint = 0;
        if (ids != null) ids.startAnew();
    }

    /** The first line that is not blank, apart from the batches; null when there is none. */
    @Nullable
    public String header() {
        if (peek() >= 0 && endsLinesWithReturns()) {
            lineBreak = '\r';
        }
        var batch = next(1);
        fingerprint = 0;
        if (ids != null) ids.startAnew();
        return batch == null ? null : batch.text(0);
    }

    /** Looks at the first character that is not white space, and takes nothing. */
    public int peek() {
        while (true) {
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

    /** As some old programs write text. */
    private boolean endsLinesWithReturns() {
        boolean returns = false;
        for (int i = position; i < end; i++) {
            if (block[i] == '\n') return false;
            returns |= block[i] == '\r';
        }
        return returns;
    }

    @Override
    public @Nullable LineBatch next(int maxLines) {
        var batch = new LineBatch();
        boolean more = true;
        while (more && batch.size() < maxLines && batch.length() < BATCH_BYTES) more = line(batch);
        batch.fingerprint(fingerprint);
        return batch.size() == 0 ? null : batch;
    }

    /** Appends the next line; blank ones are passed over, one at a time. */
    private boolean line(LineBatch batch) {
        int from = batch.length();
        long length = 0;
        boolean any = false;
        boolean ascii = true;
        boolean ended = false;
        var crc = new CRC32C();
        while (!ended) {
            if (position == end && !fill()) {
                // What a torn stream leaves of its last line is not a line: it comes whole with the mended file.
                if (!any || torn != null) {
                    batch.cutTo(from);
                    return false;
                }
                break;
            }
            any = true;
            int start = position;
            int at = start;
            byte seen = 0;
            // Each byte of a file passes here: what stays the same is read once.
            byte[] bytes = block;
            int stop = end;
            byte lineEnd = lineBreak;
            while (at < stop && bytes[at] != lineEnd) {
                seen |= (byte) (bytes[at] | (bytes[at] - 1));
                at++;
            }
            ascii &= seen >= 0;
            ended = at < stop;
            crc.update(bytes, start, at - start);
            if (ids != null) ids.append(block, start, at - start);
            length += at - start;
            if (length <= LINE_LIMIT) {
                batch.append(block, start, at - start);
            }
            position = ended ? at + 1 : at;
        }
        endsOpen = !ended;
        long lineNumber = ++number;
        boolean whole = length <= LINE_LIMIT;
        if (!whole) {
            batch.cutTo(Math.min(batch.length(), from + KEPT));
        } else if (batch.endsWithReturn(from)) {
            batch.cutTo(batch.length() - 1);
        }
        if (whole && batch.blank(from)) {
            batch.cutTo(from);
            if (ids != null) ids.forget();
            return true;
        }
        if (ids != null) ids.endLine();
        if (whole && quotes && batch.opensQuote(from, delimiter) && passed + position >= unclosedUntil) {
            int more = spanned(batch.length() - from);
            if (torn != null && more == 0 && unclosedUntil == passed + end) {
                // The rest of the record comes whole with the mended file.
                batch.cutTo(from);
                position = end;
                return false;
            }
            if (more > 0) {
                ascii = false;
                crc.update(block, position, more);
                length += more;
                appendSpanned(batch, more);
            }
        }
        if (ids != null) ids.endRecord();
        fingerprint = fingerprint * 0x9E3779B97F4A7C15L + crc.getValue() + (length << 32);
        batch.add(from, lineNumber, whole, ascii, ids == null ? null : ids.last());
        return true;
    }

    /**
     * How many bytes from here on belong to the record whose quote is open: up to the line break after its end. None when the
     * quote is not closed as a quote is, or not before the record is longer than a line may be: then it is taken for a slip of
     * its own line, and the lines after it stand for themselves.
     */
    private int spanned(int already) {
        var state = CsvQuotes.State.INSIDE;
        int at = 0;
        while (already + at <= LINE_LIMIT) {
            if (position + at == end && !fill()) {
                if (torn == null && state != CsvQuotes.State.INSIDE && at > 0) {
                    return at;
                }
                break;
            }
            byte next = block[position + at++];
            if (next == lineBreak && state != CsvQuotes.State.INSIDE) {
                return at;
            }
            boolean closing = state == CsvQuotes.State.CLOSED;
            state = state.after(next, delimiter);
            if (closing && state == CsvQuotes.State.PLAIN && next != '\r') {
                break;
            }
        }
        unclosedUntil = passed + position + at;
        return 0;
    }

    /** Takes what belongs to the record, line by line, with line feeds between them. */
    private void appendSpanned(LineBatch batch, int count) {
        int stop = position + count;
        while (position < stop) {
            int at = position;
            while (at < stop && block[at] != lineBreak) {
                at++;
            }
            int to = at > position && block[at - 1] == '\r' ? at - 1 : at;
            batch.append(LINE_FEED, 0, 1);
            batch.append(block, position, to - position);
            if (ids != null) {
                ids.append(block, position, to - position);
                ids.endLine();
            }
            number++;
            position = Math.min(at + 1, stop);
        }
    }

    /** Adds to the block what comes next, behind what is still there. */
    private boolean fill() {
        if (atEnd) {
            return false;
        }
        if (position > 0) {
            System.arraycopy(block, position, block, 0, end - position);
            passed += position;
            end -= position;
            position = 0;
        }
        if (end == block.length) {
            block = Arrays.copyOf(block, 2 * block.length);
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
}
