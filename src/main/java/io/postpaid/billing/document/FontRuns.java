package io.postpaid.billing.document;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which font prints which stretch of a text. For one document and one weight; not for use by many threads. */
final class FontRuns {
    private final List<PrintFont> fonts;
    private final boolean bold;
    private final FontChoice choice;
    private final Map<String, List<Run>> runs = new HashMap<>();

    FontRuns(List<PrintFont> fonts, boolean bold, FontChoice choice) {
        this.fonts = fonts;
        this.bold = bold;
        this.choice = choice;
    }

    /** A stretch of a text; without a font where none prints it. */
    record Run(int start, int end, @Nullable PrintFont font) {}

    /** Why a text cannot be printed, if it cannot. */
    Optional<String> objection(String text) {
        for (var run : runs(text)) {
            if (run.font() == null) {
                int missing = text.substring(run.start(), run.end())
                        .codePoints()
                        .filter(c -> !isInvisible(c))
                        .findFirst()
                        .orElseThrow();
                return Optional.of(choice.objection(missing));
            }
        }
        return Optional.empty();
    }

    /** The stretches of one font between two places. */
    List<Run> of(String text, int from, int to) {
        var parts = new ArrayList<Run>();
        for (var run : runs(text)) {
            int start = Math.max(from, run.start());
            int end = Math.min(to, run.end());
            if (start >= end) continue;
            if (run.font() == null)
                throw new IllegalArgumentException(objection(text).orElseThrow());
            if (!parts.isEmpty() && parts.getLast().font() == run.font()) {
                start = parts.removeLast().start();
            }
            parts.add(new Run(start, end, run.font()));
        }
        return parts;
    }

    private List<Run> runs(String text) {
        return runs.computeIfAbsent(text, this::cut);
    }

    /** Cuts where the font changes; a letter and its marks stay together. */
    private List<Run> cut(String text) {
        var all = new ArrayList<Run>();
        var clusters = BreakIterator.getCharacterInstance(Locale.ROOT);
        clusters.setText(text);
        for (int start = 0, end = clusters.next(); end != BreakIterator.DONE; start = end, end = clusters.next()) {
            var run = run(text, start, end);
            if (run.font() != null) {
                all.add(run);
                continue;
            }
            // No font has the letter with its marks: each by itself.
            for (int i = start, next; i < end; i = next) {
                next = i + Character.charCount(text.codePointAt(i));
                all.add(run(text, i, next));
            }
        }
        return all;
    }

    private Run run(String text, int start, int end) {
        int[] visible = text.substring(start, end)
                .codePoints()
                .filter(c -> !isInvisible(c))
                .toArray();
        return new Run(start, end, visible.length == 0 ? fonts.getFirst() : font(visible));
    }

    private @Nullable PrintFont font(int[] characters) {
        if (Arrays.stream(characters).anyMatch(FontRuns::isNone)) return null;
        for (var font : fonts) {
            if (Arrays.stream(characters).allMatch(font::has)) return font;
        }
        return choice.find(characters, bold).orElse(null);
    }

    /** Fonts may have a sign for what is no character, or for one of their maker's own. */
    static boolean isNone(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.SURROGATE, Character.UNASSIGNED, Character.PRIVATE_USE -> true;
            default -> false;
        };
    }

    /** What steers other characters and has no sign of its own: joiners, variation selectors, marks of direction. */
    static boolean isInvisible(int c) {
        return c == 0x34f
                || c == 0x61c
                || c >= 0x180b && c <= 0x180f
                || c >= 0x200b && c <= 0x200f
                || c >= 0x2060 && c <= 0x2064
                || c >= 0xfe00 && c <= 0xfe0f
                || c >= 0xe0000 && c <= 0xe0fff;
    }
}
