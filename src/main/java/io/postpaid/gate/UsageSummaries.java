package io.postpaid.gate;

import io.postpaid.account.Accounts;
import io.postpaid.gate.GateStore.Calls;
import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.pricing.pricebook.PriceBooks;
import io.postpaid.pricing.rating.RunningCost;
import java.math.BigDecimal;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Isolation;
import org.springframework.transaction.annotation.Transactional;

/** Adds up what an account has used, by the numbers that are billed. */
@Component
public class UsageSummaries {
    private static final int DAYS = 30;
    private static final int SERIES = 7;

    private final RunningCost costs;
    private final GateStore store;
    private final PriceBooks books;
    private final Accounts accounts;
    private final BillingClock clock;

    UsageSummaries(RunningCost costs, GateStore store, PriceBooks books, Accounts accounts, BillingClock clock) {
        this.costs = costs;
        this.store = store;
        this.books = books;
        this.accounts = accounts;
        this.clock = clock;
    }

    /** @throws io.postpaid.account.UnknownAccountException if there is no such account */
    @Transactional(readOnly = true, isolation = Isolation.REPEATABLE_READ)
    public UsageSummary of(String id) {
        var account = accounts.get(id);
        var today = clock.today();
        var from = today.minusDays(DAYS - 1);
        var book = books.load();
        var days = costs.days(id, account.currency(), from, today, book);
        var calls = store.calls(id, from, today);
        return new UsageSummary(
                id,
                account.currency(),
                from,
                today,
                calls(calls, any -> true),
                cost(days, any -> true),
                Stream.concat(
                                days.stream().map(RunningCost.Day::product),
                                calls.stream().map(Calls::product))
                        .distinct()
                        .sorted()
                        .map(product -> new UsageSummary.OfProduct(
                                product,
                                book.product(product).unit(),
                                days.stream()
                                        .filter(day -> day.product().equals(product))
                                        .map(RunningCost.Day::quantity)
                                        .reduce(BigDecimal.ZERO, BigDecimal::add),
                                calls(calls, call -> call.product().equals(product)),
                                cost(days, day -> day.product().equals(product))))
                        .toList(),
                today.minusDays(SERIES - 1)
                        .datesUntil(today.plusDays(1))
                        .map(date -> new UsageSummary.OfDay(
                                date,
                                calls(calls, call -> call.day().equals(date)),
                                cost(days, day -> day.day().equals(date))))
                        .toList());
    }

    private static BigDecimal cost(List<RunningCost.Day> days, Predicate<RunningCost.Day> which) {
        return days.stream().filter(which).map(RunningCost.Day::cost).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static long calls(List<Calls> calls, Predicate<Calls> which) {
        return calls.stream().filter(which).mapToLong(Calls::calls).sum();
    }
}
