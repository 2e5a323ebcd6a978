package io.postpaid.web.usage;

import io.postpaid.account.Account;
import io.postpaid.mail.Wording;
import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.pricing.pricebook.Price;
import io.postpaid.pricing.pricebook.PriceBook;
import io.postpaid.pricing.pricebook.PriceBooks;
import io.postpaid.pricing.pricebook.PriceModel;
import io.postpaid.pricing.pricebook.Product;
import io.postpaid.web.portal.Figures;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.stereotype.Component;

/** The prices that hold for an account, and those that will. */
@Component
@ConditionalOnWebApplication
class ContractPrices {
    private final PriceBooks books;
    private final ProductNames products;
    private final BillingClock clock;

    ContractPrices(PriceBooks books, ProductNames products, BillingClock clock) {
        this.books = books;
        this.products = products;
        this.clock = clock;
    }

    Map<String, @Nullable Object> view(Account account) {
        var names = products.now();
        var book = names.book();
        var today = clock.today();
        var inForce = new ArrayList<Map<String, ?>>();
        for (var product : book.products()) {
            if (!product.billable()) {
                inForce.add(free(product, names));
            } else {
                inForce(account, product, today, book).ifPresent(price -> inForce.add(row(product, price, names)));
            }
        }
        var view = new HashMap<String, @Nullable Object>();
        view.put("currency", account.currency());
        view.put("prices", inForce);
        view.put("changes", changes(account, names));
        return view;
    }

    private static Optional<Price> inForce(Account account, Product product, LocalDate day, PriceBook book) {
        return book.priceInForce(account.id(), account.currency(), product.id(), day);
    }

    private static Map<String, ?> free(Product product, ProductNames.Names names) {
        return Map.of(
                "product",
                names.name(product.id()),
                "tiers",
                List.of(Map.of("range", "", "price", "free of charge")),
                "since",
                "",
                "own",
                false);
    }

    private static Map<String, ?> row(Product product, Price price, ProductNames.Names names) {
        return Map.of(
                "product", names.name(product.id()),
                "tiers",
                        price.tiers().stream()
                                .map(tier -> Map.of(
                                        "range", range(price, tier.n(), product.unit()),
                                        "price", Figures.listed(price.listed(product, tier.n()))))
                                .toList(),
                "since", Wording.day(price.effectiveFrom()),
                "own", price.account() != null);
    }

    /** What a tier is for; of a volume price it is the whole quantity. */
    private static String range(Price price, int n, String unit) {
        if (price.tiers().size() == 1) return "";
        var upTo = price.tiers().get(n - 1).upTo();
        var before = n == 1 ? null : price.tiers().get(n - 2).upTo();
        return (price.model() == PriceModel.VOLUME ? "all of it, if the month has " : "")
                + (before == null || upTo != null ? "" : "above " + Figures.quantity(before))
                + (before == null || upTo == null ? "" : Figures.quantity(before) + " to ")
                + (upTo == null ? "" : (before == null ? "up to " : "") + Figures.quantity(upTo))
                + " " + unit + (price.model() == PriceModel.VOLUME ? "" : " in the month");
    }

    /** The days to come on which a price of the account changes. */
    SortedSet<LocalDate> daysOfChange(Account account) {
        return books.current().prices().stream()
                .filter(price -> price.currency().equals(account.currency()))
                .filter(price -> price.account() == null || price.account().equals(account.id()))
                .map(Price::effectiveFrom)
                .filter(day -> day.isAfter(clock.today()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private List<Map<String, ?>> changes(Account account, ProductNames.Names names) {
        var changes = new ArrayList<Map<String, ?>>();
        for (var day : daysOfChange(account)) {
            for (var product : names.book().products()) {
                var then = inForce(account, product, day, names.book());
                // A list price does not count where the account has its own.
                if (then.isEmpty() || !then.get().effectiveFrom().equals(day)) continue;
                changes.add(row(product, then.get(), names));
            }
        }
        return changes;
    }
}
