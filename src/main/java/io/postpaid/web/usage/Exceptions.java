package io.postpaid.web.usage;

import io.postpaid.account.Account;
import io.postpaid.gate.Refusals;
import io.postpaid.mail.Wording;
import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.money.Amounts;
import io.postpaid.pricing.rating.RunningCost;
import io.postpaid.usage.intake.Quarantine;
import io.postpaid.web.portal.Figures;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.stereotype.Component;

/** What a month has beside its ordinary usage: late usage with its cost, what could not be billed, and refused calls. */
@Component
@ConditionalOnWebApplication
class Exceptions {
    private static final int QUARANTINED = 100;

    private final RunningCost costs;
    private final Quarantine quarantine;
    private final Refusals refusals;
    private final ProductNames products;
    private final BillingClock clock;

    Exceptions(RunningCost costs, Quarantine quarantine, Refusals refusals, ProductNames products, BillingClock clock) {
        this.costs = costs;
        this.quarantine = quarantine;
        this.refusals = refusals;
        this.products = products;
        this.clock = clock;
    }

    Map<String, @Nullable Object> view(Account account, BillingPeriod month) {
        var now = BillingPeriod.of(clock.today());
        var lines = quarantine.open(account.id(), month.from(), month.to(), Long.MAX_VALUE, QUARANTINED + 1);
        var view = new HashMap<String, @Nullable Object>();
        view.put("at_month", true);
        view.put("month", Map.of("title", Wording.month(month), "name", month.toString()));
        view.put("before", month.previous().toString());
        view.put("after", month.compareTo(now) < 0 ? month.next().toString() : null);
        view.put("currency", account.currency());
        view.put("late", late(account, month));
        view.put(
                "quarantined",
                lines.stream()
                        .limit(QUARANTINED)
                        .map(line -> Map.of(
                                "received", Figures.moment(line.receivedAt()),
                                "why", "Not billed: " + line.reason().sentence(),
                                "reason", line.reason().name()))
                        .toList());
        view.put("more_quarantined", lines.size() > QUARANTINED);
        view.put("refused", refused(account, month));
        return view;
    }

    /** Usage of earlier months that is on this month's invoice; below zero where it was taken back. */
    private List<Map<String, ?>> late(Account account, BillingPeriod month) {
        var names = products.now();
        return costs.billedIn(account.id(), month.firstDay()).stream()
                .filter(of -> of.day().isBefore(month.firstDay()))
                .<Map<String, ?>>map(of -> Map.of(
                        "day", Wording.day(of.day()),
                        "date", of.day().toString(),
                        "product", names.name(of.product()),
                        "id", of.product(),
                        "quantity", Figures.quantity(of.quantity()) + " " + names.unit(of.product()),
                        "why",
                                of.quantity().signum() < 0
                                        ? "Taken back after its month was invoiced"
                                        : "Came after its month was invoiced",
                        "amount", Figures.cost(of.cost(), account.currency()),
                        "exact", Amounts.exact(of.cost(), account.currency())))
                .toList();
    }

    /** By day; a day's page has the hours. */
    private List<Map<String, ?>> refused(Account account, BillingPeriod month) {
        record OfDay(LocalDate day, String cause) {}
        var days = refusals.of(account.id(), month.from(), month.to()).stream()
                .collect(Collectors.groupingBy(
                        hour -> new OfDay(LocalDate.ofInstant(hour.hour(), ZoneOffset.UTC), hour.cause()),
                        () -> new TreeMap<>(Comparator.comparing(OfDay::day).thenComparing(OfDay::cause)),
                        Collectors.summingLong(Refusals.OfHour::calls)));
        return days.entrySet().stream()
                .<Map<String, ?>>map(day -> Map.of(
                        "day", Wording.day(day.getKey().day()),
                        "date", day.getKey().day().toString(),
                        "cause", day.getKey().cause(),
                        "why", why(day.getKey().cause()),
                        "calls", day.getValue()))
                .toList();
    }

    static String why(String cause) {
        return switch (cause) {
            case "ACCOUNT_SUSPENDED" -> "Access was paused";
            case "PAYMENT_METHOD_REQUIRED" -> "Credit was used up, and there was no card on file";
            case "MONTHLY_LIMIT_REACHED" -> "The monthly limit was reached";
            case "PAYMENT_REQUIRED" -> "The call cost more than was left";
            default -> "";
        };
    }
}
