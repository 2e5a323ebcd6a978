package io.postpaid.web.portal;

import io.postpaid.account.Account;
import io.postpaid.billing.document.LineWords;
import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.money.Amounts;
import io.postpaid.pricing.pricebook.PriceBook;
import io.postpaid.pricing.pricebook.PriceBooks;
import io.postpaid.pricing.pricebook.Product;
import io.postpaid.pricing.rating.RunningCost;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.stereotype.Component;

/** Per product of a month: quantity, what of it was free, the price in force, the tier reached, the amount, and the month before. */
@Component
@ConditionalOnWebApplication
class ProductFigures {
    private final RunningCost costs;
    private final PriceBooks prices;
    private final LineWords words;
    private final BillingClock clock;

    ProductFigures(RunningCost costs, PriceBooks prices, LineWords words, BillingClock clock) {
        this.costs = costs;
        this.prices = prices;
        this.words = words;
        this.clock = clock;
    }

    /** A row with the id of its product. */
    record Row(String product, Map<String, Object> view) {}

    /** By id; the same product has the same colour in the chart. */
    List<Row> of(Account account, BillingPeriod month, List<RunningCost.Day> days, List<RunningCost.Day> before) {
        var book = prices.current();
        var free = costs.free(account.id(), month.firstDay(), month.issuedOn().minusDays(1));
        var products = new TreeSet<>(free.keySet());
        days.forEach(day -> products.add(day.product()));
        var quantities = sums(days, RunningCost.Day::quantity);
        var amounts = sums(days, RunningCost.Day::cost);
        var amountsBefore = sums(before, RunningCost.Day::cost);
        var rows = new ArrayList<Row>();
        for (var id : products) {
            var billable = quantities.getOrDefault(id, BigDecimal.ZERO);
            var notBilled = free.getOrDefault(id, BigDecimal.ZERO);
            var product = book.product(id);
            var view = new HashMap<String, Object>(price(account, product, month, billable, book));
            view.put("colour", "p" + rows.size() % UsageChart.COLOURS);
            view.put("id", id);
            view.put("name", words.product(id));
            view.put("quantity", Figures.quantity(billable.add(notBilled)) + " " + product.unit());
            view.put("free", notBilled.signum() == 0 ? "" : Figures.quantity(notBilled));
            view.put("billable", Figures.quantity(billable) + " " + product.unit());
            var cost = amounts.getOrDefault(id, BigDecimal.ZERO);
            view.put("amount", Figures.cost(cost, account.currency()));
            view.put("exact", Amounts.exact(cost, account.currency()));
            view.put("before", Figures.cost(amountsBefore.getOrDefault(id, BigDecimal.ZERO), account.currency()));
            rows.add(new Row(id, view));
        }
        return rows;
    }

    /** The price in force at the end of the month, or today, as it is listed in the tier that is reached. */
    private Map<String, Object> price(
            Account account, Product product, BillingPeriod month, BigDecimal quantity, PriceBook book) {
        if (!product.billable()) return Map.of("price", "free of charge", "tier", "");
        var last = month.issuedOn().minusDays(1);
        var day = last.isBefore(clock.today()) ? last : clock.today();
        return book.priceInForce(account.id(), account.currency(), product.id(), day)
                .map(price -> {
                    int tier = price.tierReached(quantity).n();
                    return Map.<String, Object>of(
                            "price",
                            Figures.listed(price.listed(product, tier)),
                            "tier",
                            price.tiers().size() == 1
                                    ? ""
                                    : "tier " + tier + " of " + price.tiers().size());
                })
                .orElse(Map.of("price", "no price in force", "tier", ""));
    }

    private static Map<String, BigDecimal> sums(
            List<RunningCost.Day> days, Function<RunningCost.Day, BigDecimal> part) {
        var sums = new HashMap<String, BigDecimal>();
        days.forEach(day -> sums.merge(day.product(), part.apply(day), BigDecimal::add));
        return sums;
    }
}
