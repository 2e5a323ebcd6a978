package io.postpaid.bench;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What was measured, and what it is measured by.
 *
 * @param bare the same of the bare work, where there is any to compare with
 * @param ratio what the goal is about
 */
public record Figure(
        String name,
        BigDecimal value,
        String unit,
        @Nullable BigDecimal bare,
        @Nullable BigDecimal ratio,
        String goal,
        boolean holds) {}
