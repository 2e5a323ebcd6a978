package io.postpaid.usage.mapping;

import java.util.ArrayDeque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How much a pattern is when what it repeats a number of times is written out, as RE2/J does: {@code ((a{99}){99}){99}} is a short
 * text and takes gigabytes.
 */
final class PatternSize {
    private static final long MOST = 10_000;

    private static final int LONGEST = 4_000;
    private static final int DEEPEST = 100;

    /** What stands for one character, or for what stands before it so many times. */
    private static final Pattern PART = Pattern.compile(
            "\\\\Q(?<text>.*?)(?:\\\\E|\\z)|\\\\(?:[pPx]\\{[^}]*}|.)"
                    + "|\\[\\^?]?(?:\\[:\\^?\\w+:]|\\\\.|[^\\]\\\\])*]|(?<open>\\()|(?<close>\\))"
                    + "|\\{(?<least>\\d+)(?:,(?<most>\\d*))?}|.",
            Pattern.DOTALL);

    private final ArrayDeque<Long> groups = new ArrayDeque<>();
    /** Of the group so far without its last part, and of that part. */
    private long size;

    private long last;

    private int deepest;

    private PatternSize() {}

    /** Null where it can be read in no time. */
    static @Nullable String fault(String pattern) {
        if (pattern.length() > LONGEST) return "it has more than " + LONGEST + " characters";
        var size = new PatternSize();
        for (var part = PART.matcher(pattern); part.find(); ) size.add(part);
        if (size.deepest > DEEPEST) return "its groups are nested more than " + DEEPEST + " deep";
        while (!size.groups.isEmpty()) size.close();
        return size.size + size.last <= MOST
                ? null
                : "it has more than " + MOST + " characters when all that is repeated is written out";
    }

    private void add(Matcher part) {
        if (part.group("open") != null) {
            groups.push(size + last);
            deepest = Math.max(deepest, groups.size());
            size = 1;
            last = 0;
        } else if (part.group("close") != null) {
            if (!groups.isEmpty()) close();
        } else if (part.group("least") != null) {
            last = Math.min(
                    MOST + 1, last * Math.max(1, Math.max(number(part.group("least")), number(part.group("most")))));
        } else {
            size = Math.min(MOST + 1, size + last);
            last = part.group("text") == null ? 1 : part.group("text").length();
        }
    }

    private void close() {
        last = Math.min(MOST + 1, size + last);
        size = groups.pop();
    }

    private static long number(@Nullable String digits) {
        if (digits == null || digits.isEmpty()) return 1;
        return digits.length() > 4 ? MOST : Long.parseLong(digits);
    }
}
