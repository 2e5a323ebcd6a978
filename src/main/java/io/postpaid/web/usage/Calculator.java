package io.postpaid.web.usage;

import io.postpaid.account.Account;
import io.postpaid.mail.Wording;
import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.money.Amounts;
import io.postpaid.platform.money.Rounding;
import io.postpaid.pricing.pricebook.PriceBook;
import io.postpaid.pricing.pricebook.Product;
import io.postpaid.pricing.rating.Rating;
import io.postpaid.pricing.rating.RunningCost;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.stereotype.Component;

/** Prices the quantities of a form as a month's usage, by the code that rates usage; it begins with those of last month. */
@Component
@ConditionalOnWebApplication
class Calculator {
    private static final String FIELD = "q_";

    private final RunningCost costs;
    private final ContractPrices contract;
    private final ProductNames products;
    private final BillingClock clock;

    Calculator(RunningCost costs, ContractPrices contract, ProductNames products, BillingClock clock) {
        this.costs = costs;
        this.contract = contract;
        this.products = products;
        this.clock = clock;
    }

    /** @param valid whether each quantity was a number */
    record Result(boolean valid, Map<String, ?> view) {}

    /**
     * Prices what was typed.
     *
     * @param typed the fields of the form; null where one was not sent
     * @param on the day whose prices count; today's where it is none of those that are offered
     */
    Result price(Account account, UnaryOperator<@Nullable String> typed, String on) {
        var names = products.now();
        var book = names.book();
        var today = clock.today();
        var changes = contract.daysOfChange(account);
        var day = changes.stream()
                .filter(change -> change.toString().equals(on))
                .findFirst()
                .orElse(today);
        var before = BillingPeriod.of(today).previous();
        var used = used(account, before, book);
        boolean asked = book.products().stream().anyMatch(product -> typed.apply(FIELD + product.id()) != null);
        var rows = new ArrayList<Map<String, ?>>();
        var total = BigDecimal.ZERO;
        boolean valid = true;
        for (var product : book.products()) {
            var price = book.priceInForce(account.id(), account.currency(), product.id(), day);
            if (!product.billable() || price.isEmpty()) continue;
            var sent = typed.apply(FIELD + product.id());
            var text = sent != null ? sent : asked ? "" : plain(used.getOrDefault(product.id(), BigDecimal.ZERO));
            var quantity = quantity(text);
            var amount = quantity.map(of -> Rating.rate(price.get(), BigDecimal.ZERO, of, of).stream()
                            .map(part -> Rounding.toMinorUnit(part.amount(), account.currency()))
                            .reduce(BigDecimal.ZERO, BigDecimal::add))
                    .orElse(BigDecimal.ZERO);
            valid &= quantity.isPresent();
            total = total.add(amount);
            rows.add(row(
                    product,
                    names.name(product.id()),
                    text,
                    quantity.isPresent(),
                    Amounts.plain(amount, account.currency())));
        }
        var view = new HashMap<String, Object>();
        view.put("calculated", rows);
        view.put("valid", valid);
        view.put("last_month", Wording.month(before));
        view.put("total", Amounts.plain(total, account.currency()));
        view.put("days", days(today, changes, day));
        return new Result(valid, view);
    }

    private Map<String, BigDecimal> used(Account account, BillingPeriod month, PriceBook book) {
        var used = new HashMap<String, BigDecimal>();
        costs.days(
                        account.id(),
                        account.currency(),
                        month.firstDay(),
                        month.issuedOn().minusDays(1),
                        book)
                .forEach(day -> used.merge(day.product(), day.quantity(), BigDecimal::add));
        return used;
    }

    private static Map<String, ?> row(Product product, String name, String text, boolean valid, String amount) {
        return Map.of(
                "field",
                FIELD + product.id(),
                "name",
                name,
                "unit",
                product.unit(),
                "text",
                text,
                "wrong",
                !valid,
                "amount",
                valid ? amount : "");
    }

    private static List<Map<String, ?>> days(LocalDate today, Iterable<LocalDate> changes, LocalDate chosen) {
        var days = new ArrayList<Map<String, ?>>();
        days.add(Map.of("value", "", "label", "of today", "chosen", chosen.equals(today)));
        changes.forEach(day -> days.add(
                Map.of("value", day.toString(), "label", "from " + Wording.day(day), "chosen", chosen.equals(day))));
        return days;
    }

    /** As people type it, with or without commas between thousands; nothing is zero. */
    private static Optional<BigDecimal> quantity(String text) {
        var digits = text.strip().replace(",", "");
        if (digits.isEmpty()) return Optional.of(BigDecimal.ZERO);
        return digits.matches("[0-9]{1,15}(\\.[0-9]{1,9})?") ? Optional.of(new BigDecimal(digits)) : Optional.empty();
    }

    private static String plain(BigDecimal quantity) {
        return quantity.signum() <= 0 ? "0" : quantity.stripTrailingZeros().toPlainString();
    }
}
