package io.postpaid.usage.format;

import io.postpaid.usage.record.ParsedLine;
import io.postpaid.usage.record.ParsedLine.Malformed;
import io.postpaid.usage.record.Reason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lines side by side in one array. */
public final class LineBatch {
    /** A line by where it stands; {@code id} is null where lines have ids of their own. */
    private record Line(
            int from,
            int to,
            long number,
            boolean whole,
            boolean ascii,
            @Nullable String id) {}

    private final List<Line> lines = new ArrayList<>();
    private byte[] bytes = new byte[1 << 16];
    private int length;
    private long fingerprint;

    void append(byte[] source, int start, int count) {
        if (length + count > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + count));
        }
        System.arraycopy(source, start, bytes, length, count);
        length += count;
    }

    void cutTo(int newLength) {
        length = newLength;
    }

    boolean endsWithReturn(int from) {
        return length > from && bytes[length - 1] == '\r';
    }

    boolean blank(int from) {
        for (int i = from; i < length; i++) {
            if (bytes[i] != ' ' && bytes[i] != '\t' && bytes[i] != '\r') return false;
        }
        return true;
    }

    boolean opensQuote(int from, char delimiter) {
        return CsvQuotes.open(bytes, from, length, delimiter);
    }

    /** What was appended from there on is a line. */
    void add(int from, long number, boolean whole, boolean ascii, @Nullable String id) {
        lines.add(new Line(from, length, number, whole, ascii, id));
    }

    void fingerprint(long upToHere) {
        fingerprint = upToHere;
    }

    int length() {
        return length;
    }

    public int size() {
        return lines.size();
    }

    public long number(int line) {
        return lines.get(line).number();
    }

    public @Nullable String id(int line) {
        return lines.get(line).id();
    }

    /** The running hash over all lines up to the last of this batch. */
    public long fingerprint() {
        return fingerprint;
    }

    /** The line's text; bytes that are not text are written as {@code \xNN}. */
    public String text(int line) {
        return Readable.text(bytes, lines.get(line).from(), lines.get(line).to());
    }

    public ParsedLine parse(int index, LineParser parser) {
        Line line = lines.get(index);
        if (!line.whole()) {
            return new Malformed(
                    Reason.UNREADABLE,
                    "longer than %d bytes; only its beginning is kept".formatted(RawLines.LINE_LIMIT));
        }
        String fault = line.ascii() ? null : Readable.fault(bytes, line.from(), line.to());
        return fault != null
                ? new Malformed(Reason.UNREADABLE, fault)
                : parser.parse(bytes, line.from(), line.to() - line.from(), line.number(), line.id());
    }
}
