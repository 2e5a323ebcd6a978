package io.postpaid.usage.format;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * JSON in UTF-8 for a parser that has each text, name and number in memory as a whole, and takes what is no UTF-8 for text: longer
 * forms of characters, halves of surrogate pairs, and bytes by which it takes one name for another. What is longer than a line may
 * be is cut, and still longer than that; the stream ends in an error before the first byte that is none.
 */
final class JsonText extends FilterInputStream {
    private static final int TOKEN_LIMIT = RawLines.LINE_LIMIT + 1;

    private int before;
    private long passed;
    private boolean broken;

    private int length;
    private boolean cutting;
    private boolean quoted;
    private boolean escaped;
    /** How many digits of an escaped character are to come, and its code so far. */
    private int digits;

    private int code;

    JsonText(InputStream in) {
        super(in);
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int most) throws IOException {
        int kept = 0;
        while (kept == 0 && most > 0) {
            int count = broken ? 0 : super.read(into, from, most);
            if (count < 0) return count;
            for (int i = from; i < from + count && !broken; i++) {
                byte next = into[i];
                if (!isSound(next)) {
                    broken = true;
                } else if (keeps(next)) {
                    into[from + kept++] = next;
                }
            }
            if (broken && kept == 0) throw new IOException("byte %d is no UTF-8".formatted(passed + 1));
        }
        return kept;
    }

    private boolean isSound(byte next) {
        int last = before;
        before = next & 0xff;
        boolean sound = next >= 0
                || before != 0xc0
                        && before != 0xc1
                        && before < 0xf5
                        && switch (last) {
                            case 0xe0 -> before >= 0xa0;
                            case 0xed -> before < 0xa0;
                            case 0xf0 -> before >= 0x90;
                            case 0xf4 -> before < 0x90;
                            default -> true;
                        };
        if (sound) passed++;
        return sound;
    }

    private boolean keeps(byte next) {
        if (quoted) return keepsQuoted(next);
        if (next == '"') {
            quoted = true;
            length = 0;
            code = 0;
        } else if (next <= ' ' && next >= 0
                || next == ','
                || next == ':'
                || next == '['
                || next == ']'
                || next == '{'
                || next == '}') {
            length = 0;
        } else if (++length > TOKEN_LIMIT) {
            return false;
        }
        return true;
    }

    private boolean keepsQuoted(byte next) {
        if (!escaped && digits == 0) {
            if (next == '"') {
                quoted = false;
                cutting = false;
                length = 0;
                return true;
            }
            boolean inPair = code >>> 10 == 0xd800 >>> 10;
            cutting |= ++length > TOKEN_LIMIT && !inPair && (next & 0xc0) != 0x80;
            code = 0;
            escaped = next == '\\';
        } else if (escaped) {
            escaped = false;
            digits = next == 'u' ? 4 : 0;
        } else {
            digits--;
            code = code << 4 | Math.max(0, Character.digit(next, 16));
        }
        return !cutting;
    }
}
