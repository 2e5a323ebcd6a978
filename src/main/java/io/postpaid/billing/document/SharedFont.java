package io.postpaid.billing.document;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.openpdf.text.pdf.BaseFont;

/**
 * A font of the templates in parts that all documents share, so that none has to cut out and compress its own glyphs. A part
 * is made when a document first needs it; there are few, since only alphabets with few characters have them.
 */
final class SharedFont {
    private static final int SIZE = 0x80;
    private static final int END = 0x2300;
    private static final int FIRST_PRINTED = ' ';

    /** Many documents have some of these, beside the letters and figures of ASCII. */
    private static final String COMMON = "\u00a0·–—‘’“”„•…€−×°§½²ÄÅÆÇÈÉÊÓÖØÚÜßàáâäåæçèéêëíîïñóôöøùúûü";

    private final BaseFont base;
    private final SubsetPrefixes prefixes;
    private final AtomicReferenceArray<@Nullable FontPart> parts = new AtomicReferenceArray<>(END / SIZE);

    /** By character; those of a part are written before the part is. */
    private final char[] glyphs = new char[END];

    SharedFont(BaseFont base, SubsetPrefixes prefixes) {
        this.base = base;
        this.prefixes = prefixes;
    }

    private static int place(int character) {
        return COMMON.indexOf(character) < 0 ? character / SIZE : 0;
    }

    /** Whether the parts have all these characters. */
    boolean prints(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < FIRST_PRINTED || c >= END) return false;
            part(c);
            if (glyphs[c] == 0) return false;
        }
        return true;
    }

    /** Where the stretch of one part ends that begins here. */
    int end(String text, int start) {
        int place = place(text.charAt(start));
        int end = start + 1;
        while (end < text.length() && place(text.charAt(end)) == place) end++;
        return end;
    }

    FontPart part(char character) {
        int place = place(character);
        var part = parts.get(place);
        return part == null ? cut(place) : part;
    }

    /** The numbers of a stretch's glyphs, two bytes for each. */
    byte[] glyphs(String text, int start, int end) {
        var bytes = new byte[2 * (end - start)];
        for (int i = start; i < end; i++) {
            int glyph = glyphs[text.charAt(i)];
            bytes[2 * (i - start)] = (byte) (glyph >> 8);
            bytes[2 * (i - start) + 1] = (byte) glyph;
        }
        return bytes;
    }

    private synchronized FontPart cut(int place) {
        var known = parts.get(place);
        if (known != null) return known;
        var characters = IntStream.range(FIRST_PRINTED, END)
                .filter(c -> place(c) == place && base.charExists(c) && !Character.isISOControl(c))
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
        try {
            var cut = prefixes.apart(base.getPostscriptFontName() + place, () -> FontPart.cut(base, characters));
            for (int i = 0; i < characters.length(); i++) {
                glyphs[characters.charAt(i)] = cut.glyphs().charAt(i);
            }
            parts.set(place, cut.part());
            return cut.part();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
