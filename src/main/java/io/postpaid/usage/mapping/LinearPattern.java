package io.postpaid.usage.mapping;

import com.google.re2j.PatternSyntaxException;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A pattern of RE2/J, whose time grows with the text and nothing else. The JDK's matcher is ten times as fast, and for some
 * patterns takes for ever: it reads those that mean the same to both, and gives up a text that it reads too often.
 */
final class LinearPattern {
    private static final int READS_OF_A_CHARACTER = 30;
    /** Between two reads each of these can double the ways. */
    private static final int CHOICES = 10;

    private static final String QUANTIFIER = "(?:(?:[*+?]|\\{\\d+(?:,\\d*)?})\\??)?(?![*+?{])";
    private static final String ESCAPED = "\\\\[dDwW!-/:-@\\[-`{-~]";
    private static final String CLASS =
            "\\[\\^?-?(?:[A-Za-z0-9]-[A-Za-z0-9]|" + ESCAPED + "|[ -~&&[^\\\\\\[\\]&^-]])+-?]";

    /** What both read in the same way. A repeated group is none of it: they keep different turns of it. */
    private static final Pattern SAME =
            Pattern.compile("\\G(?:(?<group>\\((?!\\?)|\\(\\?P?<\\w+>)|\\(\\?:|\\)\\??\\??(?![*+?{])|\\|"
                    + "|(?<begin>\\^(?![*+?{]))|(?<end>\\$(?![*+?{]))|(?<any>\\.)" + QUANTIFIER + "|(?:"
                    + ESCAPED + "|" + CLASS + "|[ -~&&[^\\\\^$.|?*+()\\[\\]{}]])" + QUANTIFIER + ")");

    private final com.google.re2j.Pattern linear;
    private final @Nullable Pattern quick;

    /**
     * @throws PatternSyntaxException for what is none
     * @throws IllegalArgumentException for one that would take long to read
     */
    LinearPattern(String pattern) {
        String fault = PatternSize.fault(pattern);
        if (fault != null) throw new IllegalArgumentException(fault);
        linear = com.google.re2j.Pattern.compile(pattern);
        quick = quick(pattern);
    }

    private static @Nullable Pattern quick(String pattern) {
        var same = new StringBuilder();
        int end = 0;
        int choices = 0;
        for (var part = SAME.matcher(pattern); part.find(); end = part.end()) {
            String text = part.group();
            if (part.group("group") != null) text = "(";
            if (part.group("begin") != null) text = "\\A";
            if (part.group("end") != null) text = "\\z";
            if (part.group("any") != null) text = "[^\n]" + text.substring(1);
            if (text.equals("|") || text.startsWith(")?")) choices++;
            same.append(text);
        }
        return end == pattern.length() && choices <= CHOICES ? Pattern.compile(same.toString()) : null;
    }

    boolean isQuick() {
        return quick != null;
    }

    Map<String, Integer> namedGroups() {
        return linear.namedGroups();
    }

    int groupCount() {
        return linear.groupCount();
    }

    boolean isIn(String text) {
        return groups(text, false) != null;
    }

    /**
     * What these groups match, each null where it has no part in it; null where the text does not match.
     *
     * @param whole whether the pattern is for all of the text, and not for any part of it
     */
    @Nullable
    String @Nullable [] groups(String text, boolean whole, int... groups) {
        if (quick != null) {
            try {
                var matcher = quick.matcher(new Counted(text));
                if (!(whole ? matcher.matches() : matcher.find())) return null;
                var found = new @Nullable String[groups.length];
                for (int i = 0; i < groups.length; i++) {
                    int from = matcher.start(groups[i]);
                    found[i] = from < 0 ? null : text.substring(from, matcher.end(groups[i]));
                }
                return found;
            } catch (TooOften e) {
                // The other matcher reads it once.
            }
        }
        var matcher = linear.matcher(text);
        if (!(whole ? matcher.matches() : matcher.find())) return null;
        var found = new @Nullable String[groups.length];
        for (int i = 0; i < groups.length; i++) found[i] = matcher.group(groups[i]);
        return found;
    }

    @Override
    public String toString() {
        return linear.pattern();
    }

    /** A text that can be read so often and no more. */
    private static final class Counted implements CharSequence {
        private final String text;
        private long left;

        Counted(String text) {
            this.text = text;
            this.left = (long) READS_OF_A_CHARACTER * (text.length() + 10);
        }

        @Override
        public char charAt(int index) {
            if (--left < 0) throw TooOften.READ;
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** Costs no stack trace, and never leaves this class. */
    private static final class TooOften extends RuntimeException {
        private static final long serialVersionUID = 1;
        static final TooOften READ = new TooOften();

        private TooOften() {
            super(null, null, false, false);
        }
    }
}
