package io.postpaid.gate;

import io.postpaid.account.Accounts;
import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.platform.money.Amounts;
import io.postpaid.pricing.pricebook.PriceBooks;
import io.postpaid.pricing.rating.RunningCost;
import io.postpaid.pricing.rating.RunningCost.Counted;
import java.math.BigDecimal;
import java.util.List;
import java.util.function.Function;
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
    private final PriceBooks books;
    private final Accounts accounts;
    private final BillingClock clock;

    UsageSummaries(RunningCost costs, PriceBooks books, Accounts accounts, BillingClock clock) {
        this.costs = costs;
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
        var calls = costs.counted(id, from, today);
        var currency = account.currency();
        return new UsageSummary(
                id,
                currency,
                from,
                today,
                calls(calls, any -> true),
                cost(days, any -> true, currency),
                Stream.concat(
                                days.stream().map(RunningCost.Day::product),
                                calls.stream().map(Counted::product))
                        .distinct()
                        .sorted()
                        .map(product -> new UsageSummary.OfProduct(
                                product,
                                book.product(product).unit(),
                                plain(sum(days, day -> day.product().equals(product), RunningCost.Day::quantity)),
                                calls(calls, call -> call.product().equals(product)),
                                cost(days, day -> day.product().equals(product), currency)))
                        .toList(),
                today.minusDays(SERIES - 1)
                        .datesUntil(today.plusDays(1))
                        .map(date -> new UsageSummary.OfDay(
                                date,
                                calls(calls, call -> call.day().equals(date)),
                                cost(days, day -> day.day().equals(date), currency)))
                        .toList());
    }

    private static String cost(List<RunningCost.Day> days, Predicate<RunningCost.Day> which, String currency) {
        return Amounts.exact(sum(days, which, RunningCost.Day::cost), currency);
    }

    private static BigDecimal sum(
            List<RunningCost.Day> days, Predicate<RunningCost.Day> which, Function<RunningCost.Day, BigDecimal> part) {
        return days.stream().filter(which).map(part).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static String plain(BigDecimal quantity) {
        return quantity.signum() == 0 ? "0" : quantity.stripTrailingZeros().toPlainString();
    }

    private static long calls(List<Counted> calls, Predicate<Counted> which) {
        return calls.stream().filter(which).mapToLong(Counted::records).sum();
    }
}
