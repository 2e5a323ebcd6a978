package io.postpaid.bench;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What was measured, and what it is measured by.
 *
 * @param bare the same of the bare work, where there is any to compare with
 * @param ratio how many times as long as the bare work, or as the same with less, it took
 * @param cores what was at work meanwhile, where it was timed
 * @param goal bounds of the value and the ratio, such as {@code ratio <= 1.0, value >= 300}; empty if there is none
 */
public record Figure(
        String name,
        BigDecimal value,
        String unit,
        @Nullable BigDecimal bare,
        @Nullable BigDecimal ratio,
        @Nullable Cores cores,
        String goal) {

    static Figure of(String name, long value, String unit, String goal) {
        return new Figure(name, BigDecimal.valueOf(value), unit, null, null, null, goal);
    }

    public boolean holds() {
        return goal.isEmpty()
                || Arrays.stream(goal.split(", ")).allMatch(bound -> {
                    var words = bound.split(" ");
                    var measured = words[0].equals("ratio") ? Objects.requireNonNull(ratio) : value;
                    int compared = measured.compareTo(new BigDecimal(words[2]));
                    return words[1].equals("<=") ? compared <= 0 : compared >= 0;
                });
    }
}
