package io.postpaid.usage.mapping;

import io.postpaid.usage.record.RecordDraft.Unfit;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What must hold of a line for it to be taken.
 *
 * @param in the values with which it holds; null for any
 * @param out the values with which it does not hold; with {@code in}, any other value is wrong
 * @param present whether there must be a value, or must be none; null for either
 */
record Condition(
        Rule rule,
        @Nullable Set<String> in,
        @Nullable Set<String> out,
        @Nullable Boolean present,
        @Nullable LinearPattern like,
        @Nullable LinearPattern unlike,
        int yamlLine) {

    /** @throws Unfit for a value of which the mapping does not say whether it is taken or left out */
    boolean holds(Row row) {
        String found = rule.text(row);
        String text = found == null ? "" : found;
        if (present != null && present == text.isEmpty()) return false;
        if (in != null && out != null && !in.contains(text) && !out.contains(text)) {
            throw new Unfit("'" + text + "' in " + rule.told() + " is neither among in nor among out");
        }
        return (in == null || in.contains(text))
                && (out == null || !out.contains(text))
                && (like == null || like.isIn(text))
                && (unlike == null || !unlike.isIn(text));
    }
}
