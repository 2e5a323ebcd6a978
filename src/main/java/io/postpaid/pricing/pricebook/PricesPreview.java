package io.postpaid.pricing.pricebook;

import static java.util.stream.Collectors.summingInt;

import java.time.LocalDate;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an import changes, one by one.
 *
 * @param unchanged how many products and prices are there already as the text has them
 * @param operations those whose being billable changes
 * @param ratedAgain the days of usage that the next nightly run rates again
 */
public record PricesPreview(
        int unchanged,
        List<ProductChange> products,
        List<PriceChange> prices,
        Map<String, Boolean> operations,
        List<RatedAgain> ratedAgain) {

    public PricesPreview {
        products = List.copyOf(products);
        prices = List.copyOf(prices);
        ratedAgain = List.copyOf(ratedAgain);
    }

    /** @param before null if it is added */
    public record ProductChange(@Nullable Product before, Product after) {}

    /** @param before null if it is added */
    public record PriceChange(@Nullable Price before, Price after) {}

    /** A day of a product that is rated again for some accounts. */
    public record RatedAgain(String product, LocalDate day, int accounts) {
        private record Key(String product, LocalDate day) {}

        /** What several prices have rated again, by product and day. */
        static List<RatedAgain> together(Collection<RatedAgain> some) {
            var order = Comparator.comparing(Key::product).thenComparing(Key::day);
            return some.stream()
                    .collect(Collectors.groupingBy(
                            again -> new Key(again.product(), again.day()),
                            () -> new TreeMap<>(order),
                            summingInt(RatedAgain::accounts)))
                    .entrySet()
                    .stream()
                    .map(sum ->
                            new RatedAgain(sum.getKey().product(), sum.getKey().day(), sum.getValue()))
                    .toList();
        }
    }

    public PricesImported counts() {
        var before = Stream.concat(
                        products.stream().map(change -> change.before() != null),
                        prices.stream().map(change -> change.before() != null))
                .toList();
        int updated = (int) before.stream().filter(there -> there).count();
        return new PricesImported(
                before.size() - updated,
                updated,
                unchanged,
                ratedAgain.stream().mapToInt(RatedAgain::accounts).sum());
    }
}
