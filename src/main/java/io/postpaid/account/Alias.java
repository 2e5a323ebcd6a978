package io.postpaid.account;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What logs call an account, written {@code source:name}, or {@code name} for every source.
 *
 * @param source of the usage that it holds for; empty for all of it
 */
record Alias(String source, String name) {
    /** Characters of all aliases of an account, as a file has them. */
    static final int TEXTS_MAX = 20_000;

    private static final int MOST = 500;
    private static final int SOURCE_MAX = 100;
    private static final int NAME_MAX = 500;
    private static final int SHOWN_MAX = 100;

    /** The gate, and what the keys of accounts report. */
    private static final Set<String> RESERVED = Set.of("gate", "account");

    static Alias of(String text) {
        int colon = text.indexOf(':');
        return new Alias(colon < 0 ? "" : text.substring(0, colon), text.substring(colon + 1));
    }

    /** What is wrong with the aliases of one account, each as it was written. */
    static List<String> problems(List<String> texts) {
        var problems = new ArrayList<String>();
        if (texts.size() > MOST) problems.add("are more than " + MOST + " aliases");
        var seen = new HashSet<Alias>();
        for (var text : texts) {
            var alias = of(text);
            var problem = seen.add(alias) ? alias.problem() : "stands twice in the line";
            if (problem != null) problems.add("'" + shown(text) + "' " + problem);
        }
        return problems;
    }

    private @Nullable String problem() {
        if (name.isEmpty()) return "has no name behind the colon";
        if (length(name) > NAME_MAX) return "has more than " + NAME_MAX + " characters";
        if (length(source) > SOURCE_MAX) return "has more than " + SOURCE_MAX + " characters before the colon";
        if ((source + name).codePoints().anyMatch(Character::isSpaceChar)) return "contains a blank of another kind";
        return RESERVED.contains(source)
                ? "is of no use: usage of the source '" + source + "' names accounts by their ids"
                : null;
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    private static String shown(String text) {
        return length(text) <= SHOWN_MAX ? text : text.substring(0, text.offsetByCodePoints(0, SHOWN_MAX)) + "…";
    }
}
