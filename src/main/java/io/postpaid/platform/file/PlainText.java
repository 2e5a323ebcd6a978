package io.postpaid.platform.file;

import java.time.LocalDate;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** What can be kept as text or as a date in the database, whoever sent it. */
public final class PlainText {
    private static final LocalDate EARLIEST = LocalDate.of(1900, 1, 1);
    private static final LocalDate LATEST = LocalDate.of(9999, 12, 31);

    private PlainText() {}

    /** False for what PostgreSQL cannot keep, or not without turning two different texts into the same. */
    public static boolean isStorable(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) return false;
            if (Character.isSurrogate(c)) {
                if (!Character.isHighSurrogate(c)
                        || i + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }

    /** Whether it has a line break or another character that is not written but obeyed, such as one that turns what follows around. */
    public static boolean hasControl(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isISOControl(c) || c >= 0x202a && c <= 0x202e || c >= 0x2066 && c <= 0x2069) return true;
        }
        return false;
    }

    /** Whether all of it is ASCII: the JDK takes digits of every script for a number, and people do not. */
    public static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0x7f) return false;
        }
        return true;
    }

    /** The first text within a document, name or value, that cannot be kept; what cannot be shown is left out of it. */
    public static Optional<String> unstorableIn(JsonNode node) {
        if (node.isString() && !isStorable(node.stringValue())) return Optional.of(shown(node.stringValue()));
        for (var member : node.properties()) {
            if (!isStorable(member.getKey())) return Optional.of(shown(member.getKey()));
        }
        for (var child : node) {
            var found = unstorableIn(child);
            if (found.isPresent()) return found;
        }
        return Optional.empty();
    }

    private static String shown(String text) {
        return text.codePoints()
                .map(c -> c == 0 || c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? '?' : c)
                .limit(100)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** Whether a day is one that any business has to do with. */
    public static boolean isUsable(LocalDate day) {
        return !day.isBefore(EARLIEST) && !day.isAfter(LATEST);
    }
}
