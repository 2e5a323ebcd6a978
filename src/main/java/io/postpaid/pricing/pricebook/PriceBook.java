package io.postpaid.pricing.pricebook;

import java.time.LocalDate;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** All products and prices, as they stood when it was loaded. */
public final class PriceBook {
    private final Map<String, Product> products;
    private final List<Price> prices;
    private final Map<Long, Price> byId;
    private final Map<Key, NavigableMap<LocalDate, Price>> versions = new HashMap<>();
    private final Set<String> countedOverTheMonth;

    private record Key(
            String product, String currency, @Nullable String account) {}

    public PriceBook(Collection<Product> products, Collection<Price> prices) {
        this.products = products.stream().collect(Collectors.toUnmodifiableMap(Product::id, Function.identity()));
        this.prices = prices.stream()
                .sorted(Comparator.comparing(Price::product)
                        .thenComparing(Price::account, Comparator.nullsFirst(Comparator.naturalOrder()))
                        .thenComparing(Price::currency)
                        .thenComparing(Price::effectiveFrom))
                .toList();
        this.byId = prices.stream().collect(Collectors.toUnmodifiableMap(Price::id, Function.identity()));
        this.countedOverTheMonth = prices.stream()
                .filter(price -> price.model().countsOverTheMonth())
                .map(Price::product)
                .collect(Collectors.toUnmodifiableSet());
        for (var price : prices) {
            var twin = versions.computeIfAbsent(
                            new Key(price.product(), price.currency(), price.account()), key -> new TreeMap<>())
                    .put(price.effectiveFrom(), price);
            if (twin != null) throw new IllegalArgumentException("There is twice " + price.key());
        }
    }

    /** The account's own price if it has one on that day, otherwise the list price. */
    public Optional<Price> priceInForce(String account, String currency, String product, LocalDate day) {
        return version(new Key(product, currency, account), day)
                .or(() -> version(new Key(product, currency, null), day));
    }

    private Optional<Price> version(Key key, LocalDate day) {
        var ofKey = versions.get(key);
        return ofKey == null
                ? Optional.empty()
                : Optional.ofNullable(ofKey.floorEntry(day)).map(Map.Entry::getValue);
    }

    /** Whether what a day of the product costs may depend on other days of the month. */
    public boolean countsOverTheMonth(String product) {
        return countedOverTheMonth.contains(product);
    }

    /** @throws IllegalArgumentException if there is none */
    public Product product(String id) {
        var product = products.get(id);
        if (product == null) throw new IllegalArgumentException("There is no product '" + id + "' in the price book");
        return product;
    }

    /** @throws IllegalArgumentException if there is none */
    public Price price(long id) {
        var price = byId.get(id);
        if (price == null) throw new IllegalArgumentException("There is no price " + id + " in the price book");
        return price;
    }

    public Optional<Product> findProduct(String id) {
        return Optional.ofNullable(products.get(id));
    }

    /** By id. */
    public List<Product> products() {
        return products.values().stream()
                .sorted(Comparator.comparing(Product::id))
                .toList();
    }

    /** By product, list prices first, then by account and day. */
    public List<Price> prices() {
        return prices;
    }
}
