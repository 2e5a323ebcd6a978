package io.postpaid.simulation;

import java.time.YearMonth;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The taxes of invoices and credit notes by a plain calculation in whole numbers, which knows nothing of the program. */
final class PlainTaxes {
    static final YearMonth SEPTEMBER = YearMonth.of(2026, 9);
    static final YearMonth OCTOBER = YearMonth.of(2026, 10);
    static final YearMonth NOVEMBER = YearMonth.of(2026, 11);

    /** In ten thousandths, the same in each currency. */
    private static final Map<String, Integer> PRICES = Map.of("image", 7_777, "novel", 371, "text", 123);

    private PlainTaxes() {}

    /** @param free its allowance, in cents */
    record Customer(
            String id, String country, String state, boolean business, String taxId, String currency, long free) {
        boolean exempt() {
            return id.endsWith("9") && country.equals("SE");
        }

        /** The country of its card, empty where it has none. */
        String card() {
            return switch (id.charAt(id.length() - 1)) {
                case '1' -> "US";
                case '3' -> "FI";
                case '5' -> "DE";
                default -> "";
            };
        }
    }

    /** @param permille its rate */
    record Tax(String category, String name, int permille, String registration) {}

    /** What was used of a product in a month. */
    record Use(String product, YearMonth month) {}

    /** A tax with its amounts in cents. */
    record Taxed(Tax tax, long base, long amount) {
        long gross() {
            return base + amount;
        }
    }

    static Tax tax(Customer customer, String product, YearMonth month) {
        var none = new Tax("G", "", 0, "");
        if (customer.business()
                && !customer.taxId().isEmpty()
                && !customer.country().equals("SE")) {
            return customer.country().equals("CH") ? none : new Tax("AE", "", 0, "");
        }
        if (customer.exempt()) return new Tax("E", "", 0, "");
        boolean book = product.equals("novel");
        return switch (customer.country()) {
            case "SE" -> new Tax("S", "Moms", book ? 60 : 250, "");
            case "FI" -> new Tax("S", "ALV", book ? 135 : month.isBefore(OCTOBER) ? 255 : 240, "OSS");
            case "DE" -> new Tax("S", "USt", book ? 70 : 190, "OSS");
            case "FR" -> new Tax("S", "TVA", book ? 55 : 200, "OSS");
            case "GR" -> new Tax("S", "FPA", book ? 60 : 240, "OSS");
            default -> none;
        };
    }

    /** What an allowance has left, in ten thousandths. */
    static final class Allowance {
        private long left;

        Allowance(Customer customer) {
            left = customer.free() * 100;
        }

        /** @return what it covers of the lines, in cents */
        private long covers(long exact, long lines) {
            long covered = Math.max(0, Math.min(left, exact));
            left -= covered;
            if (covered == exact) return lines;
            return Math.min(rounded(covered, 100), lines);
        }
    }

    /** @param used in the order of product and month */
    static List<Taxed> invoice(Customer customer, Map<Use, Long> used, Allowance allowance) {
        var amounts = new LinkedHashMap<Tax, Long>();
        long exact = 0;
        for (var use : used.entrySet()) {
            var product = use.getKey().product();
            long cost = use.getValue() * PRICES.get(product);
            exact += cost;
            amounts.merge(tax(customer, product, use.getKey().month()), rounded(cost, 100), Long::sum);
        }
        long all = amounts.values().stream().mapToLong(amount -> amount).sum();
        long credits = customer.free() == 0 ? 0 : allowance.covers(exact, all);
        var taxed = new ArrayList<Taxed>();
        var covered = split(List.copyOf(amounts.values()), credits);
        for (var amount : amounts.entrySet()) {
            long base = amount.getValue() - covered.get(taxed.size());
            taxed.add(new Taxed(
                    amount.getKey(), base, rounded(base * amount.getKey().permille(), 1_000)));
        }
        return taxed;
    }

    /** What is returned of each tax once so much of an invoice is credited. */
    static List<Taxed> returned(List<Taxed> invoice, long credited) {
        var parts = split(invoice.stream().map(Taxed::gross).toList(), credited);
        var returned = new ArrayList<Taxed>();
        for (var taxed : invoice) {
            long part = parts.get(returned.size());
            long tax = taxed.amount() == 0 ? 0 : rounded(part * taxed.amount(), taxed.gross());
            returned.add(new Taxed(taxed.tax(), part - tax, tax));
        }
        return returned;
    }

    /** In proportion, each part as far as the rounded share of it and all before it. */
    private static List<Long> split(List<Long> weights, long amount) {
        long all = weights.stream().mapToLong(weight -> weight).sum();
        var parts = new ArrayList<Long>();
        long reached = 0;
        long given = 0;
        for (long weight : weights) {
            reached += weight;
            long until = all == 0 ? amount : rounded(amount * reached, all);
            parts.add(until - given);
            given = until;
        }
        return parts;
    }

    /** Half of a unit away from zero. */
    static long rounded(long of, long by) {
        boolean below = (of < 0) != (by < 0);
        long half = (2 * Math.abs(of) + Math.abs(by)) / (2 * Math.abs(by));
        return below ? -half : half;
    }
}
