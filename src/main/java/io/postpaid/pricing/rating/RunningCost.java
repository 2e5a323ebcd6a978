package io.postpaid.pricing.rating;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import io.postpaid.pricing.pricebook.PriceBook;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** What usage costs up to this moment: what is rated, and what has arrived since as the next night will rate it. */
@Component
public class RunningCost {
    private final RatingStore store;

    RunningCost(RatingStore store) {
        this.store = store;
    }

    /** What an account's day of a product costs; usage without a price in force costs nothing yet. */
    public record Day(String product, LocalDate day, BigDecimal quantity, BigDecimal cost) {}

    /**
     * How many records of an account's product a day has, and how much of it was free; below zero where a later period takes more
     * back than it adds.
     *
     * @param period the billing period (its first day) that they are invoiced in
     */
    public record Counted(
            String product, LocalDate day, LocalDate period, long records, BigDecimal freeQuantity, long freeRecords) {}

    /** What was counted on the days from one to another, both included, by product, day and period. */
    public List<Counted> counted(String account, LocalDate from, LocalDate to) {
        return store.counted(account, from, to);
    }

    /** What of the quantity on the days from one to another, both included, was free, by product; with a zero for what was billed in full. */
    public Map<String, BigDecimal> free(String account, LocalDate from, LocalDate to) {
        return store.free(account, from, to);
    }

    /** A day of which usage is on the invoice of a period, and what that part of it costs. */
    public record Billed(
            String product,
            LocalDate day,
            BigDecimal quantity,
            long records,
            BigDecimal freeQuantity,
            long freeRecords,
            BigDecimal cost) {}

    /** The metered days that an account's invoice of a period is made of, by product and day. */
    public List<Billed> billedIn(String account, LocalDate period) {
        return store.billedIn(account, period);
    }

    /** The days from one to another, both included, by product and day. */
    public List<Day> days(String account, String currency, LocalDate from, LocalDate to, PriceBook prices) {
        var days = new ArrayList<Day>();
        store.known(account, null, from, to).stream()
                .collect(groupingBy(DailyUsage::month, LinkedHashMap::new, toList()))
                .values()
                .forEach(month -> days.addAll(costs(month, prices, currency)));
        return days.stream()
                .filter(day -> !day.day().isBefore(from) && !day.day().isAfter(to))
                .toList();
    }

    /** What an account has used of a product in the month of a day. */
    public BigDecimal quantity(String account, String product, LocalDate day) {
        return store.known(account, product, day, day).stream()
                .map(DailyUsage::quantity)
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    /** What one more quantity on a day adds to the cost of its month, the days behind it included. */
    public BigDecimal added(
            String account, String currency, String product, LocalDate day, BigDecimal quantity, PriceBook prices) {
        var month = store.known(account, product, day, day);
        return total(with(month, account, product, day, quantity), prices, currency)
                .subtract(total(month, prices, currency));
    }

    private static List<DailyUsage> with(
            List<DailyUsage> month, String account, String product, LocalDate day, BigDecimal quantity) {
        var before = month.stream()
                .filter(usage -> usage.day().equals(day))
                .reduce((first, last) -> last)
                .orElse(new DailyUsage(
                        account, product, day, day.withDayOfMonth(1), BigDecimal.ZERO, false, List.of(), null));
        var days = new ArrayList<>(month);
        days.remove(before);
        days.add(new DailyUsage(
                account, product, day, before.period(), before.quantity().add(quantity), false, before.before(), null));
        days.sort(DailyUsage.ORDER);
        return days;
    }

    private static BigDecimal total(List<DailyUsage> month, PriceBook prices, String currency) {
        return costs(month, prices, currency).stream().map(Day::cost).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static List<Day> costs(List<DailyUsage> month, PriceBook prices, String currency) {
        var costs = new HashMap<DailyUsage, BigDecimal>();
        if (month.stream().anyMatch(day -> !day.rated())) {
            MonthRating.rate(month, prices, currency).forEach(day -> costs.put(day.usage(), day.cost()));
        }
        return month.stream()
                .map(day -> new Day(day.product(), day.day(), day.quantity(), costs.getOrDefault(day, day.cost())))
                .toList();
    }
}
