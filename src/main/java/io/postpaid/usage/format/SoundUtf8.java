package io.postpaid.usage.format;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Text in UTF-8 for a parser that takes what is none for text: longer forms of characters, halves of surrogate pairs, and bytes
 * by which it takes one name for another. It ends in an error before the first of these; all else is found by the parser.
 */
final class SoundUtf8 extends FilterInputStream {
    private int before;
    private long passed;
    private boolean broken;

    SoundUtf8(InputStream in) {
        super(in);
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        int count = broken ? 0 : super.read(into, from, length);
        int sound = 0;
        while (sound < count && isSound(into[from + sound])) sound++;
        passed += sound;
        broken |= sound < count;
        if (broken && sound == 0 && length > 0) throw new IOException("byte %d is no UTF-8".formatted(passed + 1));
        return count < 0 ? count : sound;
    }

    private boolean isSound(byte next) {
        int last = before;
        before = next & 0xff;
        if (next >= 0) return true;
        if (before == 0xc0 || before == 0xc1 || before >= 0xf5) return false;
        return switch (last) {
            case 0xe0 -> before >= 0xa0;
            case 0xed -> before < 0xa0;
            case 0xf0 -> before >= 0x90;
            case 0xf4 -> before < 0x90;
            default -> true;
        };
    }
}
