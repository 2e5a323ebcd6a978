package io.postpaid.web.portal;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import io.postpaid.account.Account;
import io.postpaid.mail.Wording;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.money.Amounts;
import io.postpaid.pricing.pricebook.PriceBooks;
import io.postpaid.pricing.rating.RunningCost;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.stereotype.Component;

/** What a month's usage costs, by day and product: from daily sums, never from single records. */
@Component
@ConditionalOnWebApplication
class MonthUsage {
    private final RunningCost costs;
    private final PriceBooks prices;
    private final ProductFigures products;

    MonthUsage(RunningCost costs, PriceBooks prices, ProductFigures products) {
        this.costs = costs;
        this.prices = prices;
        this.products = products;
    }

    /** What was used on the days of a month, by product and day. */
    List<RunningCost.Day> days(Account account, BillingPeriod month) {
        return costs.days(
                account.id(),
                account.currency(),
                month.firstDay(),
                month.issuedOn().minusDays(1),
                prices.current());
    }

    static BigDecimal cost(List<RunningCost.Day> days) {
        return days.stream().map(RunningCost.Day::cost).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    Map<String, @Nullable Object> view(Account account, BillingPeriod month, List<RunningCost.Day> days) {
        var rows = products.of(account, month, days, days(account, month.previous()));
        var shown = rows.stream().map(ProductFigures.Row::product).toList();
        var byDay = days.stream().collect(groupingBy(RunningCost.Day::day, TreeMap::new, toList()));
        var chart = new HashMap<LocalDate, Map<String, BigDecimal>>();
        byDay.forEach((day, of) -> chart.put(day, costs(of)));
        var view = new HashMap<String, @Nullable Object>();
        view.put("any", !rows.isEmpty());
        view.put(
                "chart",
                UsageChart.svg(month.firstDay().datesUntil(month.issuedOn()).toList(), shown, chart));
        view.put("total", Figures.cost(cost(days), account.currency()));
        view.put("exact", Amounts.exact(cost(days), account.currency()));
        view.put("before", Wording.month(month.previous()));
        view.put("products", rows.stream().map(ProductFigures.Row::view).toList());
        view.put(
                "days",
                byDay.entrySet().stream()
                        .map(day -> day(day.getKey(), day.getValue(), shown, account))
                        .toList());
        return view;
    }

    private static Map<String, BigDecimal> costs(List<RunningCost.Day> ofDay) {
        var costs = new HashMap<String, BigDecimal>();
        ofDay.forEach(product -> costs.merge(product.product(), product.cost(), BigDecimal::add));
        return costs;
    }

    private static Map<String, ?> day(LocalDate day, List<RunningCost.Day> of, List<String> products, Account account) {
        var costs = costs(of);
        return Map.of(
                "day",
                Wording.day(day),
                "date",
                day.toString(),
                "costs",
                products.stream()
                        .map(product -> Figures.cost(costs.getOrDefault(product, BigDecimal.ZERO), account.currency()))
                        .toList(),
                "total",
                Figures.cost(cost(of), account.currency()));
    }
}
