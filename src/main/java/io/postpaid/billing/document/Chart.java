package io.postpaid.billing.document;

import static io.postpaid.billing.document.Pen.PT;

import io.postpaid.platform.money.Rounding;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;

/** A bar for the cost of each day. */
record Chart(List<BigDecimal> days, BigDecimal highest, BigDecimal scaleEnd) {
    private static final int FIRST_LABELLED = 1;
    private static final int LABEL_EVERY = 5;

    static Chart of(List<BigDecimal> days) {
        var highest = days.stream().reduce(BigDecimal.ZERO, BigDecimal::max);
        return new Chart(
                List.copyOf(days),
                highest,
                highest.signum() > 0
                        ? Rounding.scaleEnd(highest, "1", "2", "2.5", "4", "5", "8", "10")
                        : BigDecimal.ONE);
    }

    boolean isWorthDrawing() {
        return highest.signum() > 0;
    }

    String label(BigDecimal value, char separator) {
        var places = scaleEnd.compareTo(BigDecimal.TEN) < 0 ? Math.max(2, scaleEnd.scale()) : 0;
        return value.setScale(places, RoundingMode.HALF_UP).toPlainString().replace('.', separator);
    }

    /** Draws into a box of this size; the scale stands at the left, the days below. */
    void draw(Pen pen, Typeface typeface, Look.Colours colours, char separator, int x, int y, int width, int height) {
        int size = 6_800;
        int labels = typeface.width(label(scaleEnd, separator), size) + 6 * PT;
        int floor = y + height - 11 * PT;
        int left = x + labels;
        int inner = width - labels;
        int tall = floor - y - 3 * PT;
        for (int part = 0; part <= 2; part++) {
            var value = scaleEnd.multiply(BigDecimal.valueOf(part)).divide(BigDecimal.valueOf(2));
            int level = floor - tall * part / 2;
            pen.box(part == 0 ? colours.muted() : colours.rule(), left, level, inner, part == 0 ? 600 : 400);
            pen.textEndingAt(typeface, size, colours.muted(), left - 5 * PT, level + 2_400, label(value, separator));
        }
        int step = inner / days.size();
        int bar = step * 7 / 10;
        for (int day = 0; day < days.size(); day++) {
            int from = left + day * step + (step - bar) / 2;
            int up = days.get(day)
                    .max(BigDecimal.ZERO)
                    .multiply(BigDecimal.valueOf(tall))
                    .divide(scaleEnd, 0, RoundingMode.HALF_UP)
                    .intValueExact();
            if (up > 0) {
                pen.box(colours.accent(), from, floor - up, bar, up);
            }
            int number = day + 1;
            if (number == FIRST_LABELLED || number % LABEL_EVERY == 0) {
                var text = Integer.toString(number);
                int middle = from + bar / 2 - typeface.width(text, size) / 2;
                pen.text(typeface, size, colours.muted(), middle, floor + 9 * PT, text);
            }
        }
    }
}
