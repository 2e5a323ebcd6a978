package io.postpaid.billing.document;

import java.awt.Font;
import java.awt.font.GlyphVector;
import java.text.Bidi;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Texts that the layout's fonts do not print as they are: each piece gets a font that has its characters, letters are joined
 * and placed as their script wants it, and what is read from right to left stands so.
 *
 * <p>For one document and one weight; not for use by many threads.
 */
final class Shaping {
    /** Keeps the direction of a text on each of its lines. */
    private static final String LEFT_TO_RIGHT = "\u200e";

    private static final String RIGHT_TO_LEFT = "\u200f";

    /** From here on Java means characters that are not shown. */
    private static final int NO_GLYPH = 0xfffe;

    private final FontRuns runs;
    private final FontChoice choice;
    private final Map<String, Line> lines = new HashMap<>();

    Shaping(List<PrintFont> fonts, boolean bold, FontChoice choice) {
        this.runs = new FontRuns(fonts, bold, choice);
        this.choice = choice;
    }

    Optional<String> objection(String text) {
        return runs.objection(text);
    }

    /**
     * A line of text, ready to be drawn.
     *
     * @param exact whether the pieces stand one behind the other and their characters are the text
     * @param advances how wide each character is, in thousandths of the size, in the order of reading
     */
    record Line(boolean exact, boolean rightToLeft, List<Piece> pieces, List<Integer> advances, int width) {}

    /**
     * A piece of a line in one font.
     *
     * @param at where it begins, in thousandths of the size from the line's left end
     * @param glyphs null where each character has one glyph
     */
    record Piece(PrintFont font, String text, @Nullable GlyphVector glyphs, int at, int width) {}

    Line line(String text) {
        return lines.computeIfAbsent(text, this::shape);
    }

    /** A line that is drawn: its fonts belong to the document. */
    Line used(String text) {
        var line = line(text);
        line.pieces().forEach(piece -> choice.use(piece.font()));
        return line;
    }

    // ---- which glyphs, and where

    private Line shape(String text) {
        var bidi = new Bidi(text, Bidi.DIRECTION_DEFAULT_LEFT_TO_RIGHT);
        var pieces = new ArrayList<Piece>(); // in the order of reading, not placed yet
        var levels = new ArrayList<Integer>();
        var advances = new Integer[text.length()];
        Arrays.fill(advances, 0);
        boolean exact = bidi.isLeftToRight();
        for (int run = 0; run < bidi.getRunCount(); run++) {
            for (var part : runs.of(text, bidi.getRunStart(run), bidi.getRunLimit(run))) {
                var piece = piece(text, part, bidi.getRunLevel(run) % 2 != 0, advances);
                exact &= piece.glyphs() == null && piece.text().length() == part.end() - part.start();
                pieces.add(piece);
                levels.add(bidi.getRunLevel(run));
            }
        }
        return place(exact, !bidi.baseIsLeftToRight(), pieces, levels, List.of(advances));
    }

    private static Line place(
            boolean exact, boolean rightToLeft, List<Piece> runs, List<Integer> levels, List<Integer> advances) {
        var order = new Integer[runs.size()];
        var direction = new byte[runs.size()];
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
            direction[i] = levels.get(i).byteValue();
        }
        Bidi.reorderVisually(direction, 0, order, 0, order.length);
        var starts = new int[order.length];
        int x = 0;
        for (int i : order) {
            starts[i] = x;
            x += runs.get(i).width();
        }
        var pieces = new ArrayList<Piece>();
        for (int i = 0; i < starts.length; i++) {
            var run = runs.get(i);
            pieces.add(new Piece(run.font(), run.text(), run.glyphs(), starts[i], run.width()));
        }
        return new Line(exact, rightToLeft, pieces, advances, x);
    }

    private static Piece piece(String text, FontRuns.Run part, boolean rightToLeft, Integer[] advances) {
        var font = Objects.requireNonNull(part.font());
        var own = text.substring(part.start(), part.end());
        if (!rightToLeft && own.codePoints().noneMatch(Shaping::needsShaping)) {
            return plain(own, part.start(), font, advances);
        }
        var glyphs = font.shaper()
                .layoutGlyphVector(
                        PrintFont.UNHINTED,
                        own.toCharArray(),
                        0,
                        own.length(),
                        rightToLeft ? Font.LAYOUT_RIGHT_TO_LEFT : Font.LAYOUT_LEFT_TO_RIGHT);
        int before = 0;
        for (int i = 0; i < glyphs.getNumGlyphs(); i++) {
            int behind = thousandths(glyphs.getGlyphPosition(i + 1).getX());
            advances[part.start() + glyphs.getGlyphCharIndex(i)] += behind - before;
            before = behind;
        }
        return new Piece(font, own, glyphs, 0, before);
    }

    private static Piece plain(String own, int start, PrintFont font, Integer[] advances) {
        var printed = new StringBuilder();
        int width = 0;
        for (int i = 0; i < own.length(); i += Character.charCount(own.codePointAt(i))) {
            int c = own.codePointAt(i);
            // A selector of another form of a Chinese character stays with it; whether the font has it, it knows.
            boolean selects = c >= 0xe0100 && c <= 0xe01ef;
            if (!FontRuns.isInvisible(c) || selects) printed.appendCodePoint(c);
            if (FontRuns.isInvisible(c)) continue;
            int advance = font.base().getWidth(c);
            advances[start + i] = advance;
            width += advance;
        }
        return new Piece(font, printed.toString(), null, 0, width);
    }

    /**
     * Letters that are printed as one, with all of their glyphs.
     *
     * @param isPlain whether it is one character in the form that the font has for it alone, so that the glyph says which
     */
    record Cluster(String text, List<Integer> glyphs, boolean isPlain) {}

    /** In the order of reading, without what Java marks as not shown. */
    static List<Cluster> clusters(Piece piece) {
        var glyphs = Objects.requireNonNull(piece.glyphs());
        var byStart = new TreeMap<Integer, List<Integer>>();
        for (int i = 0; i < glyphs.getNumGlyphs(); i++) {
            byStart.computeIfAbsent(glyphs.getGlyphCharIndex(i), start -> new ArrayList<>())
                    .add(i);
        }
        var clusters = new ArrayList<Cluster>();
        for (var start : byStart.keySet()) {
            var next = byStart.higherKey(start);
            var text = piece.text().substring(start, next == null ? piece.text().length() : next);
            var shown = byStart.getOrDefault(start, List.of()).stream()
                    .filter(i -> glyphs.getGlyphCode(i) < NO_GLYPH)
                    .toList();
            if (shown.isEmpty()) continue;
            boolean one = shown.size() == 1 && text.codePointCount(0, text.length()) == 1;
            boolean plain = one && piece.font().glyph(text.codePointAt(0)) == glyphs.getGlyphCode(shown.getFirst());
            clusters.add(new Cluster(text, shown, plain));
        }
        return clusters;
    }

    static int thousandths(double value) {
        return Math.toIntExact(Math.round(value));
    }

    /** Scripts whose characters each have a glyph of their own, one behind the other, are printed without it. */
    static boolean needsShaping(int c) {
        int type = Character.getType(c);
        if (FontRuns.isInvisible(c)) return c == 0x200c || c == 0x200d;
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK) return true;
        return switch (Character.UnicodeScript.of(c)) {
            case COMMON, LATIN, GREEK, CYRILLIC, ARMENIAN, GEORGIAN, HAN, HIRAGANA, KATAKANA, BOPOMOFO -> false;
            case HANGUL -> c < 0xac00; // single consonants and vowels of old spellings
            default -> true;
        };
    }

    // ---- lines

    /** Breaks where the script allows it, else between any two letters. */
    List<String> wrap(String text, int size, int width) {
        if (!tooWide(text, size, width)) return List.of(text);
        var whole = line(text);
        boolean thai = text.codePoints().anyMatch(c -> Character.UnicodeScript.of(c) == Character.UnicodeScript.THAI);
        var places = BreakIterator.getLineInstance(thai ? Locale.of("th") : Locale.ROOT);
        var letters = BreakIterator.getCharacterInstance(Locale.ROOT);
        places.setText(text);
        letters.setText(text);
        var direction = whole.rightToLeft() ? RIGHT_TO_LEFT : LEFT_TO_RIGHT;
        var wrapped = new ArrayList<String>();
        int start = 0;
        while (start < text.length()) {
            int end = start;
            long used = 0;
            while (end < text.length()) {
                used += whole.advances().get(end);
                if (used * size / PrintFont.UNIT > width && text.charAt(end) != ' ') break;
                end++;
            }
            int stop = end == text.length() || places.isBoundary(end) ? end : places.preceding(end);
            if (stop <= start) stop = letters.isBoundary(end) ? end : letters.preceding(end);
            if (stop <= start) stop = letters.following(start);
            // A word that is cut has other forms at the cut, which may be wider.
            int least = letters.following(start);
            while (stop > least
                    && tooWide(direction + text.substring(start, stop).strip(), size, width)) {
                stop = letters.preceding(stop);
            }
            wrapped.add(direction + text.substring(start, stop).strip());
            start = stop;
            while (start < text.length() && text.charAt(start) == ' ') start++;
        }
        return wrapped;
    }

    private boolean tooWide(String text, int size, int width) {
        return (long) line(text).width() * size / PrintFont.UNIT > width;
    }
}
