package io.postpaid.web.portal;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;

/** The cost of a month's days as bars, stacked by product; colours come from the style sheet's classes. */
final class UsageChart {
    private static final int WIDTH = 840;
    private static final int HEIGHT = 260;
    private static final int LEFT = 64;
    private static final int TOP = 10;
    private static final int BOTTOM = 28;
    private static final int LINES = 3;
    private static final int LABELLED = 5;
    /** So many products have a colour of their own. */
    static final int COLOURS = 8;

    private UsageChart() {}

    /**
     * Draws a month.
     *
     * @param products in the order in which they are stacked
     * @param costs what each day costs, by product; below zero nothing is drawn
     * @return SVG without any text of a customer
     */
    static String svg(List<LocalDate> days, List<String> products, Map<LocalDate, Map<String, BigDecimal>> costs) {
        var highest = days.stream()
                .map(day -> height(costs.getOrDefault(day, Map.of())))
                .reduce(BigDecimal.ZERO, BigDecimal::max);
        var top = scale(highest);
        double plot = HEIGHT - TOP - BOTTOM;
        double step = (double) (WIDTH - LEFT) / days.size();
        var svg = new StringBuilder("<svg class=\"chart\" viewBox=\"0 0 " + WIDTH + " " + HEIGHT
                + "\" role=\"img\" aria-label=\"Cost per day; the table below has the same figures\">");
        for (int line = 0; line <= LINES; line++) {
            double y = TOP + plot - plot * line / LINES;
            var value = top.multiply(BigDecimal.valueOf(line))
                    .divide(BigDecimal.valueOf(LINES), MathContext.DECIMAL64)
                    .stripTrailingZeros();
            svg.append("<line class=\"rule\" x1=\"")
                    .append(LEFT)
                    .append("\" x2=\"")
                    .append(WIDTH);
            svg.append("\" y1=\"")
                    .append(number(y))
                    .append("\" y2=\"")
                    .append(number(y))
                    .append("\"/>");
            svg.append("<text class=\"axis\" text-anchor=\"end\" x=\"")
                    .append(LEFT - 8)
                    .append("\" y=\"");
            svg.append(number(y + 4))
                    .append("\">")
                    .append(value.toPlainString())
                    .append("</text>");
        }
        for (int i = 0; i < days.size(); i++) {
            var day = days.get(i);
            double y = TOP + plot;
            for (int n = 0; n < products.size(); n++) {
                var cost = costs.getOrDefault(day, Map.of()).getOrDefault(products.get(n), BigDecimal.ZERO);
                if (cost.signum() <= 0) continue;
                double tall = cost.doubleValue() / top.doubleValue() * plot;
                y -= tall;
                svg.append("<rect class=\"p").append(n % COLOURS).append("\" x=\"");
                svg.append(number(LEFT + i * step + step * 0.1))
                        .append("\" y=\"")
                        .append(number(y));
                svg.append("\" width=\"")
                        .append(number(step * 0.8))
                        .append("\" height=\"")
                        .append(number(tall));
                svg.append("\"><title>").append(day).append("</title></rect>");
            }
            if (day.getDayOfMonth() == 1 || day.getDayOfMonth() % LABELLED == 0) {
                svg.append("<text class=\"axis\" text-anchor=\"middle\" x=\"").append(number(LEFT + (i + 0.5) * step));
                svg.append("\" y=\"")
                        .append(HEIGHT - 8)
                        .append("\">")
                        .append(day.getDayOfMonth())
                        .append("</text>");
            }
        }
        return svg.append("</svg>").toString();
    }

    private static BigDecimal height(Map<String, BigDecimal> costs) {
        return costs.values().stream().filter(cost -> cost.signum() > 0).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    /** Three lines at short numbers: so many tenths of a power of ten lie between two of them. */
    private static BigDecimal scale(BigDecimal highest) {
        if (highest.signum() <= 0) return BigDecimal.valueOf(LINES);
        var power = BigDecimal.ONE.scaleByPowerOfTen(highest.precision() - highest.scale() - 1);
        for (var tenths : new int[] {5, 10, 15, 20, 30}) {
            var top = power.multiply(BigDecimal.valueOf((long) LINES * tenths).movePointLeft(1));
            if (top.compareTo(highest) >= 0) return top;
        }
        return power.multiply(BigDecimal.valueOf(4L * LINES));
    }

    private static String number(double value) {
        return BigDecimal.valueOf(value).setScale(1, RoundingMode.HALF_UP).toPlainString();
    }
}
