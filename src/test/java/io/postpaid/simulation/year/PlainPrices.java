package io.postpaid.simulation.year;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;

/** What is sold in the year, and what it costs: as a price file for the program, and once more as plain arithmetic. */
final class PlainPrices {
    private static final LocalDate CHANGE = LocalDate.of(2026, 5, 12);
    private static final BigDecimal TIER = new BigDecimal(2_000);

    /** In the price file from the day on which it is told; what was used of it before waits for a price until then. */
    static final String VIDEO = "video";

    static final String FILE = """
            currency: %s
            products: {audio: {unit: second, listed_per: 60, listed_unit: minute}, image: {unit: image}, text: {unit: word}, video: {unit: second}}
            prices:
              - {product: audio, effective_from: 2026-01-01, amount: "%s", per: 60}
              - {product: audio, effective_from: 2026-05-12, amount: "%s", per: 60}
              - {product: image, effective_from: 2026-01-01, amount: "%s"}
              - product: text
                effective_from: 2026-01-01
                model: graduated
                tiers: [{up_to: 2000, amount: "%s"}, {amount: "%s"}]
            """;

    static final String VIDEO_FILE = """
            currency: %s
            prices: [{product: video, effective_from: 2026-01-01, amount: "0.0725"}]
            """;

    private PlainPrices() {}

    static String file(String currency) {
        return FILE.formatted(
                currency,
                audio(currency, CHANGE.minusDays(1)),
                audio(currency, CHANGE),
                image(currency),
                text(currency, 1),
                text(currency, 2));
    }

    private static String audio(String currency, LocalDate day) {
        boolean dollars = currency.equals("USD");
        return day.isBefore(CHANGE) ? dollars ? "0.0639" : "0.0582" : dollars ? "0.0720" : "0.0660";
    }

    private static String image(String currency) {
        return currency.equals("USD") ? "0.0204" : "0.0187";
    }

    private static String text(String currency, int tier) {
        return currency.equals("USD") ? tier == 1 ? "0.0024" : "0.0018" : tier == 1 ? "0.0021" : "0.0016";
    }

    /** What is printed on one line of an invoice: usage of a month at one price. */
    record Line(String product, YearMonth month, String amount, int per) implements Comparable<Line> {
        @Override
        public int compareTo(Line other) {
            return sort().compareTo(other.sort());
        }

        private String sort() {
            return product + " " + month + " " + amount;
        }

        BigDecimal exact(BigDecimal quantity) {
            return quantity.multiply(new BigDecimal(amount)).divide(new BigDecimal(per), 12, RoundingMode.UNNECESSARY);
        }

        BigDecimal rounded(BigDecimal quantity) {
            return quantity.multiply(new BigDecimal(amount)).divide(new BigDecimal(per), 2, RoundingMode.HALF_UP);
        }
    }

    record Part(Line line, BigDecimal quantity) {}

    /**
     * The lines that some usage falls into.
     *
     * @param before what was used of the product in that month before
     * @param quantity below zero where it is taken back
     */
    static List<Part> parts(String currency, String product, LocalDate day, BigDecimal before, BigDecimal quantity) {
        var month = YearMonth.from(day);
        if (product.equals("text")) {
            var after = before.add(quantity);
            var first = after.min(TIER).subtract(before.min(TIER));
            var parts = new ArrayList<Part>();
            parts.add(new Part(new Line(product, month, text(currency, 1), 1), first));
            parts.add(new Part(new Line(product, month, text(currency, 2), 1), quantity.subtract(first)));
            parts.removeIf(part -> part.quantity().signum() == 0);
            return parts;
        }
        var line = switch (product) {
            case "audio" -> new Line(product, month, audio(currency, day), 60);
            case "image" -> new Line(product, month, image(currency), 1);
            default -> new Line(product, month, "0.0725", 1);
        };
        return List.of(new Part(line, quantity));
    }
}
