package io.postpaid.web.console;

import io.postpaid.platform.money.Amounts;
import io.postpaid.pricing.pricebook.Price;
import io.postpaid.pricing.pricebook.PricesPreview;
import io.postpaid.pricing.pricebook.Product;
import io.postpaid.web.console.PriceList.Listed;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Prices as pages show them. */
final class PriceRows {
    /** So many days are shown of those that are rated again. */
    private static final int DAYS_SHOWN = 100;

    private static final int CHANGES_SHOWN = 200;

    private PriceRows() {}

    static Map<String, ?> row(Listed listed, LocalDate today) {
        var price = listed.price();
        var next = listed.next();
        var row = new HashMap<String, @Nullable Object>();
        row.put("product", named(price.product()));
        row.put("account", price.account() == null ? null : named(price.account()));
        row.put("text", text(price, listed.unit()));
        row.put("from", price.effectiveFrom());
        row.put("to", next == null ? "" : next.minusDays(1));
        boolean coming = price.effectiveFrom().isAfter(today);
        boolean over = next != null && !next.isAfter(today);
        row.put("status", coming ? "coming" : over ? "over" : "in force");
        row.put("class", coming ? "run" : over ? "" : "good");
        return row;
    }

    /** As it is read, and as a part of an address. */
    private static Map<String, String> named(String id) {
        return Map.of("id", id, "in_url", Hrefs.parameter(id));
    }

    /** Such as {@code 0.0639 USD per 60 second}, or {@code graduated: 0.002 up to 1000, then 0.001 USD per call}. */
    static String text(Price price, String unit) {
        var tiers = price.tiers().stream()
                .map(tier -> {
                    var amount = Amounts.exact(tier.amount(), price.currency());
                    return tier.upTo() == null ? amount : amount + " up to " + plain(tier.upTo());
                })
                .collect(Collectors.joining(", then "));
        var model = switch (price.model()) {
            case PER_UNIT -> "";
            case PACKAGE -> "per begun package: ";
            case GRADUATED -> "graduated: ";
            case VOLUME -> "volume: ";
        };
        var per = price.per().compareTo(BigDecimal.ONE) == 0 ? "" : plain(price.per()) + " ";
        return model + tiers + " " + price.currency() + " per " + per + unit;
    }

    private static String plain(BigDecimal number) {
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }

    /** @param stored the units of products that the price book has */
    static Map<String, ?> preview(PricesPreview preview, Map<String, String> stored) {
        var units = new HashMap<>(stored);
        preview.products()
                .forEach(change -> units.put(change.after().id(), change.after().unit()));
        var counts = preview.counts();
        var days = preview.ratedAgain();
        var view = new HashMap<String, @Nullable Object>();
        view.put("added", counts.added());
        view.put("updated", counts.updated());
        view.put("unchanged", counts.unchanged());
        view.put("changes", changes(preview, units));
        view.put(
                "more_changes",
                positive(preview.products().size()
                        + preview.prices().size()
                        + preview.operations().size()
                        - CHANGES_SHOWN));
        view.put("days_to_rate", positive(counts.daysToRate()));
        view.put("days", days.stream().limit(DAYS_SHOWN).map(PriceRows::day).toList());
        view.put("more_days", positive(days.size() - DAYS_SHOWN));
        return view;
    }

    private static @Nullable Integer positive(int number) {
        return number > 0 ? number : null;
    }

    private static Map<String, ?> day(PricesPreview.RatedAgain again) {
        return Map.of("product", again.product(), "day", again.day(), "accounts", again.accounts());
    }

    private static List<Map<String, String>> changes(PricesPreview preview, Map<String, String> units) {
        var products = preview.products().stream().map(change -> {
            var before = change.before();
            return change("product " + change.after().id(), before == null ? "" : text(before), text(change.after()));
        });
        var prices = preview.prices().stream().map(change -> {
            var after = change.after();
            var before = change.before();
            var unit = units.getOrDefault(after.product(), "unit");
            var whose = after.account() == null ? "list price" : "price for " + after.account();
            return change(
                    whose + " of " + after.product() + " in " + after.currency() + " from " + after.effectiveFrom(),
                    before == null ? "" : text(before, unit),
                    text(after, unit));
        });
        var operations = preview.operations().entrySet().stream()
                .map(operation -> change(
                        "operation " + operation.getKey(), "", operation.getValue() ? "is billable" : "costs nothing"));
        return Stream.of(products, prices, operations)
                .flatMap(changes -> changes)
                .limit(CHANGES_SHOWN)
                .toList();
    }

    private static Map<String, String> change(String what, String before, String after) {
        return Map.of("what", what, "before", before, "after", after);
    }

    private static String text(Product product) {
        return "counted in " + product.unit() + ", listed per " + plain(product.listedPer()) + " as "
                + product.listedUnit() + (product.billable() ? "" : ", not billable")
                + (product.taxCategory().equals(Product.STANDARD) ? "" : ", tax category " + product.taxCategory());
    }
}
