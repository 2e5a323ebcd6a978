package io.postpaid.gate;

import io.postpaid.account.Account;
import io.postpaid.account.Accounts;
import io.postpaid.pricing.pricebook.PriceBook;
import io.postpaid.pricing.pricebook.PriceBooks;
import io.postpaid.pricing.rating.PriceCeiling;
import io.postpaid.pricing.rating.RunningCost;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What a call costs, by a price book that is remembered until another version of it is there. */
@Component
class GatePrices {
    /** Bounds the memory for what never changes of an account. */
    private static final int CURRENCIES_REMEMBERED = 200_000;

    private final PriceBooks books;
    private final RunningCost costs;
    private final Accounts accounts;
    private final Turns turns;
    private final Map<String, String> currencies = new ConcurrentHashMap<>();
    private volatile @Nullable Versioned known;

    GatePrices(PriceBooks books, RunningCost costs, Accounts accounts, Turns turns) {
        this.books = books;
        this.costs = costs;
        this.accounts = accounts;
        this.turns = turns;
    }

    /** A price book with the version that it had. */
    record Versioned(long version, PriceBook book) {}

    /** The items of a call with the most that each can cost, up to the first that has no price. */
    List<Call.Item> items(String account, String currency, List<Asked> asked, LocalDate day, PriceBook book) {
        var items = new ArrayList<Call.Item>();
        for (var item : asked) {
            var product = Objects.requireNonNull(item.product());
            var ceiling = ceiling(account, currency, product, item.quantity(), day, book);
            if (ceiling == null) break;
            items.add(Call.Item.held(
                    product, item.quantity(), ceiling, book.product(product).billable()));
        }
        return items;
    }

    private @Nullable PriceCeiling ceiling(
            String account, String currency, String product, BigDecimal quantity, LocalDate day, PriceBook book) {
        var found = book.findProduct(product);
        if (found.isEmpty()) return null;
        if (!found.get().billable()) return PriceCeiling.NOTHING;
        var price = book.priceInForce(account, currency, product, day).orElse(null);
        if (price == null) return null;
        var used = PriceCeiling.dependsOnTheMonth(price)
                ? turns.take(() -> costs.quantity(account, product, day))
                : BigDecimal.ZERO;
        return PriceCeiling.of(price, used.max(BigDecimal.ZERO), quantity);
    }

    /** What an item of a call costs by the month's tiers or packages, while no other call can come between. */
    BigDecimal charge(String account, Authorization call, Call.Item used) {
        var day = LocalDate.ofInstant(call.authorizedAt(), ZoneOffset.UTC);
        var item = call.items().stream()
                .filter(one -> used.product() == null || one.product().equals(used.product()))
                .findFirst()
                .orElseThrow();
        var billed = Objects.requireNonNull(used.quantity()).min(item.quantity());
        forgetIfOutdated(known());
        return costs.added(account, call.currency(), item.product(), day, billed, known().book())
                .max(BigDecimal.ZERO);
    }

    /** Empty if there is no such account. */
    Optional<String> currency(String account) {
        if (currencies.size() > CURRENCIES_REMEMBERED) currencies.clear();
        return Optional.ofNullable(currencies.computeIfAbsent(
                account, id -> accounts.find(id).map(Account::currency).orElse(null)));
    }

    Versioned known() {
        var prices = known;
        if (prices == null) {
            prices = new Versioned(books.version(), books.load());
            known = prices;
        }
        return prices;
    }

    /** Whether there is another version by now. */
    boolean forgetIfOutdated(Versioned prices) {
        if (prices.version() == books.version()) return false;
        forget();
        return true;
    }

    void forget() {
        known = null;
    }
}
