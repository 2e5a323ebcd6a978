package io.postpaid.document;

import io.postpaid.template.TemplateFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import org.openpdf.text.DocumentException;
import org.openpdf.text.pdf.BaseFont;

/** One weight of the document's script: fonts in order of preference. Shared by all threads. */
final class Typeface {
    private static final int BMP = 0x1_0000;
    private static final int ABSENT = -1;

    private final List<BaseFont> fonts;

    /** By code point: which font prints it, and how wide it is in thousandths of the size. */
    private final byte[] fontOf = new byte[BMP];

    private final short[] widthOf = new short[BMP];

    private Typeface(List<BaseFont> fonts) {
        this.fonts = fonts;
        for (int c = 0; c < BMP; c++) {
            fontOf[c] = ABSENT;
            for (int f = 0; f < fonts.size() && fontOf[c] == ABSENT; f++) {
                if (!Character.isISOControl(c)
                        && !Character.isSurrogate((char) c)
                        && fonts.get(f).charExists(c)) {
                    fontOf[c] = (byte) f;
                    widthOf[c] = (short) fonts.get(f).getWidth(c);
                }
            }
        }
    }

    static Typeface load(TemplateFiles files, List<String> names, SecureRandom prefixes) {
        var fonts = new ArrayList<BaseFont>();
        for (var name : names) {
            try {
                var font = BaseFont.createFont(name, BaseFont.IDENTITY_H, true, false, files.bytes(name), null);
                font.setSecureRandom(prefixes);
                font.setIncludeCidSet(false); // OpenPDF's set lacks glyphs, which PDF/A-3 forbids; no set is allowed
                fonts.add(font);
            } catch (IOException e) {
                throw new UncheckedIOException("templates/" + name + ": " + e.getMessage(), e);
            } catch (DocumentException e) {
                throw new IllegalArgumentException("templates/" + name + ": " + e.getMessage(), e);
            }
        }
        return new Typeface(List.copyOf(fonts));
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
        return Normalizer.normalize(text, Normalizer.Form.NFC)
                .replaceAll("[\\u00ad\\u200b\\u200e\\u2060\\ufeff]", "")
                .replaceAll("[\\t\\r\\n\\u2028\\u2029]+", " ");
    }

    /** Refuses what cannot be printed, rather than leaving it out. */
    void check(String field, String text) {
        clean(text).codePoints().forEach(c -> {
            if (c >= BMP || fontOf[c] == ABSENT) {
                throw new IllegalArgumentException(
                        "%s: no font of templates/invoice/layout.yaml prints '%s' (U+%04X, %s)"
                                .formatted(field, Character.toString(c), c, Character.getName(c)));
            }
        });
    }

    int width(String text, int size) {
        return width(text, 0, text.length(), size);
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

    /** Cuts a text where the font changes; nearly always it is one piece. */
    List<Run> runs(String text) {
        int start = 0;
        List<Run> runs = null;
        for (int i = 1; i <= text.length(); i++) {
            if (i == text.length() || fontOf[text.charAt(i)] != fontOf[text.charAt(start)]) {
                var run = new Run(fonts.get(fontOf[text.charAt(start)]), text.substring(start, i));
                if (i == text.length() && runs == null) {
                    return List.of(run);
                }
                runs = runs == null ? new ArrayList<>() : runs;
                runs.add(run);
                start = i;
            }
        }
        return runs == null ? List.of() : runs;
    }

    /** A piece of text in one font. */
    record Run(BaseFont font, String text) {}
}
