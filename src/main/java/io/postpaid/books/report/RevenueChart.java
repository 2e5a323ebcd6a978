package io.postpaid.books.report;

import io.postpaid.platform.money.Rounding;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A bar for the revenue of each day, as coordinates that the page's SVG prints. */
public record RevenueChart(String width, String height, String floor, String left, List<Bar> bars, List<Level> levels) {
    private static final int WIDTH = 720;
    private static final int HEIGHT = 190;
    private static final int LEFT = 56;
    private static final int TOP = 8;
    private static final int FLOOR = 166;

    public RevenueChart {
        bars = List.copyOf(bars);
        levels = List.copyOf(levels);
    }

    /** A day; {@code label} is printed under every fifth bar, {@code shown} appears when one points at it. */
    public record Bar(String x, String y, String width, String height, String middle, String label, String shown) {}

    /** A line of the scale. */
    public record Level(String y, String textY, String label) {}

    /** The revenue of the days of a period, from its first. A day below zero has no bar. */
    public static RevenueChart of(List<BigDecimal> days) {
        var highest = days.stream().reduce(BigDecimal.ZERO, BigDecimal::max);
        var end = highest.signum() > 0 ? Rounding.scaleEnd(highest, "1", "2", "4", "5", "8", "10") : BigDecimal.ONE;
        var step = BigDecimal.valueOf(WIDTH - LEFT)
                .divide(BigDecimal.valueOf(Math.max(1, days.size())), 3, RoundingMode.DOWN);
        var wide = step.multiply(new BigDecimal("0.7"));
        var bars = new ArrayList<Bar>();
        for (int day = 1; day <= days.size(); day++) {
            var value = days.get(day - 1);
            var tall = value.max(BigDecimal.ZERO)
                    .multiply(BigDecimal.valueOf(FLOOR - TOP))
                    .divide(end, 2, RoundingMode.HALF_UP);
            var x = step.multiply(BigDecimal.valueOf(day - 1))
                    .add(BigDecimal.valueOf(LEFT))
                    .add(step.multiply(new BigDecimal("0.15")));
            bars.add(new Bar(
                    number(x),
                    number(BigDecimal.valueOf(FLOOR).subtract(tall)),
                    number(wide),
                    number(tall),
                    number(x.add(wide.divide(BigDecimal.TWO))),
                    day == 1 || day % 5 == 0 ? Integer.toString(day) : "",
                    day + ": " + value.toPlainString()));
        }
        var levels = Stream.of("0", "0.5", "1")
                .map(BigDecimal::new)
                .map(part -> {
                    var y = BigDecimal.valueOf(FLOOR).subtract(part.multiply(BigDecimal.valueOf(FLOOR - TOP)));
                    return new Level(
                            number(y),
                            number(y.add(new BigDecimal(4))),
                            part.multiply(end).stripTrailingZeros().toPlainString());
                })
                .toList();
        return new RevenueChart(
                Integer.toString(WIDTH),
                Integer.toString(HEIGHT),
                Integer.toString(FLOOR),
                Integer.toString(LEFT),
                bars,
                levels);
    }

    private static String number(BigDecimal value) {
        return value.setScale(2, RoundingMode.HALF_UP).toPlainString();
    }
}
