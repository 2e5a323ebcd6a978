package io.postpaid.web.usage;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import io.postpaid.account.Account;
import io.postpaid.gate.Refusals;
import io.postpaid.mail.Wording;
import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.money.Amounts;
import io.postpaid.pricing.rating.RunningCost;
import io.postpaid.usage.archive.AccountRecords;
import io.postpaid.usage.archive.AccountRecords.HourSum;
import io.postpaid.web.key.ApiKeys;
import io.postpaid.web.portal.Figures;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.stereotype.Component;

/** A day: what it costs by product, and its records added up by hour, by operation, and by the account's key that sent them. */
@Component
@ConditionalOnWebApplication
class DayUsage {
    private static final String SENT_BY = "api/";

    private final RunningCost costs;
    private final AccountRecords records;
    private final Refusals refusals;
    private final ApiKeys keys;
    private final ProductNames products;
    private final BillingClock clock;

    DayUsage(
            RunningCost costs,
            AccountRecords records,
            Refusals refusals,
            ApiKeys keys,
            ProductNames products,
            BillingClock clock) {
        this.costs = costs;
        this.records = records;
        this.refusals = refusals;
        this.keys = keys;
        this.products = products;
        this.clock = clock;
    }

    Map<String, @Nullable Object> view(Account account, LocalDate day) {
        var month = BillingPeriod.of(day);
        var names = products.now();
        boolean archived = records.isArchived(month);
        List<HourSum> sums = archived ? List.of() : records.hours(account.id(), day);
        var view = new HashMap<String, @Nullable Object>();
        view.put("at_month", true);
        view.put("day", Map.of("title", Wording.day(day), "date", day.toString()));
        view.put("month", Map.of("title", Wording.month(month), "name", month.toString()));
        view.put("before", day.minusDays(1).toString());
        view.put("after", day.isBefore(clock.today()) ? day.plusDays(1).toString() : null);
        view.put("currency", account.currency());
        view.put("archived", archived);
        view.put("aggregated", records.isAggregated(account.id(), day));
        var days = costs.days(account.id(), account.currency(), day, day, names.book());
        view.put("products", products(account, day, days, names));
        var total = days.stream().map(RunningCost.Day::cost).reduce(BigDecimal.ZERO, BigDecimal::add);
        view.put("total", Figures.cost(total, account.currency()));
        view.put("exact", Amounts.exact(total, account.currency()));
        view.put("hours", rows(sums, names, sum -> "%02d:00".formatted(sum.hour())));
        var operations = sums.stream().filter(sum -> sum.operation() != null).toList();
        view.put("operations", rows(operations, names, sum -> String.valueOf(sum.operation())));
        view.put("any_operations", !operations.isEmpty());
        var own = ownKeys(account);
        var sent = sums.stream()
                .filter(sum -> sum.file() != null && own.containsKey(sum.file()))
                .toList();
        view.put("keys", rows(sent, names, sum -> own.getOrDefault(String.valueOf(sum.file()), "")));
        view.put("any_keys", !sent.isEmpty());
        view.put("refused", refused(account, day));
        return view;
    }

    private List<Map<String, ?>> products(
            Account account, LocalDate day, List<RunningCost.Day> days, ProductNames.Names names) {
        var billable = new TreeMap<String, RunningCost.Day>();
        days.forEach(of -> billable.put(of.product(), of));
        var counted = new TreeMap<String, List<RunningCost.Counted>>(costs.counted(account.id(), day, day).stream()
                .collect(groupingBy(RunningCost.Counted::product, toList())));
        return counted.entrySet().stream()
                .<Map<String, ?>>map(product -> {
                    var id = product.getKey();
                    var of = billable.getOrDefault(id, new RunningCost.Day(id, day, BigDecimal.ZERO, BigDecimal.ZERO));
                    var free = product.getValue().stream()
                            .map(RunningCost.Counted::freeQuantity)
                            .reduce(BigDecimal.ZERO, BigDecimal::add);
                    return Map.of(
                            "id",
                            id,
                            "name",
                            names.name(id),
                            "quantity",
                            Figures.quantity(of.quantity()) + " " + names.unit(id),
                            "free",
                            free.signum() == 0 ? "" : Figures.quantity(free) + " " + names.unit(id),
                            "records",
                            product.getValue().stream()
                                    .mapToLong(one -> one.records() + one.freeRecords())
                                    .sum(),
                            "amount",
                            Figures.cost(of.cost(), account.currency()),
                            "exact",
                            Amounts.exact(of.cost(), account.currency()));
                })
                .toList();
    }

    /** Records with the same label and product in one row; what was taken back is counted apart. */
    private static List<Map<String, ?>> rows(
            List<HourSum> sums, ProductNames.Names names, Function<HourSum, String> label) {
        record Row(String label, String product) {}
        var rows = sums.stream()
                .collect(groupingBy(sum -> new Row(label.apply(sum), sum.product()), LinkedHashMap::new, toList()));
        return rows.entrySet().stream()
                .sorted(Comparator.comparing(row -> row.getKey().label()))
                .<Map<String, ?>>map(row -> Map.of(
                        "label", row.getKey().label(),
                        "product", names.name(row.getKey().product()),
                        "quantity",
                                quantity(row.getValue(), true) + " "
                                        + names.unit(row.getKey().product()),
                        "free", quantity(row.getValue(), false),
                        "records", count(row.getValue(), false),
                        "voided", count(row.getValue(), true)))
                .toList();
    }

    private static String quantity(List<HourSum> sums, boolean billable) {
        var quantity = sums.stream()
                .filter(sum -> !sum.voided() && sum.billable() == billable)
                .map(HourSum::quantity)
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        return !billable && quantity.signum() == 0 ? "" : Figures.quantity(quantity);
    }

    private static String count(List<HourSum> sums, boolean voided) {
        long records = sums.stream()
                .filter(sum -> sum.voided() == voided)
                .mapToLong(HourSum::records)
                .sum();
        return voided && records == 0 ? "" : Long.toString(records);
    }

    /** The names of the account's keys, by what a request with one is called. */
    private Map<String, String> ownKeys(Account account) {
        var own = new HashMap<String, String>();
        keys.each(account.id(), key -> own.put(SENT_BY + key.id(), key.name().isEmpty() ? key.id() : key.name()));
        return own;
    }

    private List<Map<String, ?>> refused(Account account, LocalDate day) {
        return refusals
                .of(
                        account.id(),
                        day.atStartOfDay(ZoneOffset.UTC).toInstant(),
                        day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant())
                .stream()
                .<Map<String, ?>>map(hour -> Map.of(
                        "hour", Figures.hour(hour.hour()),
                        "cause", hour.cause(),
                        "why", Exceptions.why(hour.cause()),
                        "calls", hour.calls()))
                .toList();
    }
}
