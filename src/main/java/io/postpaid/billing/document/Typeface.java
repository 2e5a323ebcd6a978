package io.postpaid.billing.document;

import io.postpaid.platform.template.TemplateFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.text.Bidi;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.openpdf.text.DocumentException;

/**
 * One weight of the document's writing: fonts in order of preference. What they know by character is shared by all threads;
 * what they lack, and scripts that are joined or read from right to left, is each document's own {@link Shaping}.
 */
final class Typeface {
    private static final int BMP = 0x1_0000;
    private static final int ABSENT = -1;

    private final List<PrintFont> fonts;

    /** By code point: which font prints it as it is, and how wide it is in thousandths of the size. */
    private final byte[] fontOf;

    private final short[] widthOf;
    private final Shaping shaping;

    private Typeface(List<PrintFont> fonts, byte[] fontOf, short[] widthOf, Shaping shaping) {
        this.fonts = fonts;
        this.fontOf = fontOf;
        this.widthOf = widthOf;
        this.shaping = shaping;
    }

    /** What the layout's fonts print, one character behind the other. */
    record FontTable(List<PrintFont> fonts, boolean bold, byte[] fontOf, short[] widthOf) {
        /** For one document. */
        Typeface with(FontChoice choice) {
            return new Typeface(fonts, fontOf, widthOf, new Shaping(fonts, bold, choice));
        }
    }

    private static FontTable known(List<PrintFont> fonts, boolean bold) {
        var fontOf = new byte[BMP];
        var widthOf = new short[BMP];
        Arrays.fill(fontOf, (byte) ABSENT);
        for (int c = 0; c < BMP; c++) {
            for (int f = 0; f < fonts.size() && fontOf[c] == ABSENT; f++) {
                if (!Character.isISOControl(c)
                        && !Character.isSurrogate((char) c)
                        && fonts.get(f).has(c)
                        && !Shaping.needsShaping(c)) {
                    fontOf[c] = (byte) f;
                    widthOf[c] = (short) fonts.get(f).base().getWidth(c);
                }
            }
        }
        return new FontTable(fonts, bold, fontOf, widthOf);
    }

    static FontTable load(TemplateFiles files, List<String> names, boolean bold, SubsetPrefixes prefixes) {
        var fonts = new ArrayList<PrintFont>();
        for (var name : names) {
            try {
                fonts.add(PrintFont.ofTemplate(name, files.bytes(name), prefixes));
            } catch (IOException e) {
                throw new UncheckedIOException("templates/" + name + ": " + e.getMessage(), e);
            } catch (DocumentException e) {
                throw new IllegalArgumentException("templates/" + name + ": " + e.getMessage(), e);
            }
        }
        return known(List.copyOf(fonts), bold);
    }

    /** Composed characters, plain spaces, nothing invisible: what people paste into address forms is none of these. */
    static String clean(String text) {
        var simple = true;
        for (int i = 0; i < text.length() && simple; i++) {
            var c = text.charAt(i);
            simple = (c >= ' ' && c < 0x7f) || (c >= 0xa1 && c < 0x300 && c != 0xad);
        }
        if (simple) {
            return text;
        }
        var composed = Normalizer.normalize(text, Normalizer.Form.NFC)
                .replaceAll("[\\u00ad\\u200b\\u202a-\\u202e\\u2060\\u2066-\\u2069\\ufeff]", "")
                .replaceAll("[\\t\\r\\n\\u2028\\u2029]+", " ");
        // Marks of direction mean something only where something is read from right to left.
        return Bidi.requiresBidi(composed.toCharArray(), 0, composed.length())
                ? composed
                : composed.replaceAll("[\\u061c\\u200e\\u200f]", "");
    }

    /** Refuses what cannot be printed, rather than leaving it out. */
    void check(String field, String text) {
        var clean = clean(text);
        if (isKnown(clean, 0, clean.length())) return;
        shaping.objection(clean).ifPresent(objection -> {
            throw new IllegalArgumentException(field + ": " + objection);
        });
    }

    private boolean isKnown(String text, int from, int to) {
        for (int i = from; i < to; i++) if (fontOf[text.charAt(i)] == ABSENT) return false;
        return true;
    }

    int width(String text, int size) {
        if (isKnown(text, 0, text.length())) return width(text, 0, text.length(), size);
        return Math.toIntExact((long) shaping.line(text).width() * size / PrintFont.UNIT);
    }

    private int width(String text, int from, int to, int size) {
        long sum = 0;
        for (int i = from; i < to; i++) {
            sum += widthOf[text.charAt(i)];
        }
        return Math.toIntExact(sum * size / 1000);
    }

    /** Breaks at spaces; in a word that is wider than a line, after a mark such as / or @, or else anywhere. */
    List<String> wrap(String given, int size, int width) {
        var text = clean(given).strip();
        if (!isKnown(text, 0, text.length())) return shaping.wrap(text, size, width);
        if (width(text, size) <= width) {
            return List.of(text);
        }
        var lines = new ArrayList<String>();
        int start = 0;
        while (start < text.length()) {
            int end = start;
            int space = -1;
            int mark = -1;
            int used = 0;
            for (; end < text.length(); end++) {
                used += width(text, end, end + 1, size);
                if (text.charAt(end) == ' ') {
                    space = end;
                } else if (used > width) {
                    break;
                }
                if ("/-_@.,".indexOf(text.charAt(end)) >= 0) {
                    mark = end + 1;
                }
            }
            int stop;
            if (end == text.length()) {
                stop = end;
            } else if (space > start) {
                stop = space;
            } else if (mark > start) {
                stop = mark;
            } else {
                stop = Math.max(end, start + 1);
            }
            lines.add(text.substring(start, stop).strip());
            start = stop;
            while (start < text.length() && text.charAt(start) == ' ') {
                start++;
            }
        }
        return lines;
    }

    boolean isRightToLeft(String text) {
        return !isKnown(text, 0, text.length()) && shaping.line(text).rightToLeft();
    }

    /** What has to be drawn, piece by piece; nearly always it is one. */
    Shaping.Line line(String text) {
        if (!isKnown(text, 0, text.length())) return shaping.used(text);
        var runs = new ArrayList<Shaping.Piece>(1);
        int start = 0;
        for (int i = 1; i <= text.length(); i++) {
            if (i == text.length() || fontOf[text.charAt(i)] != fontOf[text.charAt(start)]) {
                runs.add(
                        new Shaping.Piece(fonts.get(fontOf[text.charAt(start)]), text.substring(start, i), null, 0, 0));
                start = i;
            }
        }
        return new Shaping.Line(true, false, runs, List.of(), 0);
    }
}
