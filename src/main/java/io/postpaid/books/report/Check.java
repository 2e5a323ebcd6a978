package io.postpaid.books.report;

import java.util.List;

/**
 * One invariant of the books, as it was found.
 *
 * @param rule what must be true, in one sentence
 * @param figure the sums that were compared
 * @param broken how many rows break the rule
 * @param examples the first five of them, in words
 */
public record Check(String name, String rule, boolean holds, String figure, long broken, List<String> examples) {
    public Check {
        examples = List.copyOf(examples);
        if (holds != (broken == 0)) {
            throw new IllegalArgumentException(name + " holds: " + holds + ", with " + broken + " broken rows");
        }
    }

    static Check of(String name, String rule, String figure, long broken, List<String> examples) {
        return new Check(name, rule, broken == 0, figure, broken, examples);
    }

    /** The rule and what breaks it, for whoever must stop because of it. */
    String complaint() {
        return "%s (%s: %d broken, the first: %s)"
                .formatted(rule, name, broken, examples.isEmpty() ? figure : examples.getFirst());
    }
}
