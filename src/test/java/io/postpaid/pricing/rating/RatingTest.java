package io.postpaid.pricing.rating;

import static io.postpaid.support.Seeds.forAll;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.pricing.pricebook.Price;
import io.postpaid.pricing.pricebook.PriceModel;
import io.postpaid.pricing.pricebook.Tier;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RatingTest {
    private static final Price AUDIO = price(PriceModel.PER_UNIT, "60", new Tier(1, null, new BigDecimal("0.0639")));
    private static final Price CALLS = price(
            PriceModel.GRADUATED,
            "1",
            new Tier(1, new BigDecimal("100"), new BigDecimal("0.10")),
            new Tier(2, new BigDecimal("1000"), new BigDecimal("0.05")),
            new Tier(3, null, new BigDecimal("0.005")));
    private static final Price VOLUME = price(
            PriceModel.VOLUME,
            "1",
            new Tier(1, new BigDecimal("100"), new BigDecimal("0.10")),
            new Tier(2, null, new BigDecimal("0.05")));
    private static final Price PACKAGE = price(PriceModel.PACKAGE, "1000", new Tier(1, null, new BigDecimal("2.50")));

    private static Price price(PriceModel model, String per, Tier... tiers) {
        return new Price(7, "p", null, "USD", LocalDate.of(2026, 1, 1), model, new BigDecimal(per), List.of(tiers));
    }

    private static String show(List<RatedPart> parts) {
        return parts.isEmpty()
                ? "nothing"
                : parts.stream()
                        .map(part ->
                                "tier " + part.tier() + ": " + plain(part.quantity()) + " = " + plain(part.amount()))
                        .collect(joining(", "));
    }

    private static String plain(BigDecimal number) {
        return number.stripTrailingZeros().toPlainString();
    }

    @ParameterizedTest(name = "{0} s")
    @CsvSource(delimiter = '|', textBlock = """
            0     | nothing
            61.5  | tier 1: 61.5 = 0.0654975
            60    | tier 1: 60 = 0.0639
            1     | tier 1: 1 = 0.001065
            0.001 | tier 1: 0.001 = 0.000001065
            -60   | tier 1: -60 = -0.0639
            """)
    void listedPerMinuteAndBilledPerSecond(BigDecimal used, String expected) {
        assertThat(show(Rating.rate(AUDIO, BigDecimal.ZERO, used, used))).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{1} after {0}")
    @CsvSource(delimiter = '|', textBlock = """
            0    |    0 | nothing
            0    |  100 | tier 1: 100 = 10
            0    |  101 | tier 1: 100 = 10, tier 2: 1 = 0.05
            0    | 1001 | tier 1: 100 = 10, tier 2: 900 = 45, tier 3: 1 = 0.005
            100  |    1 | tier 2: 1 = 0.05
            99.5 |    1 | tier 1: 0.5 = 0.05, tier 2: 0.5 = 0.025
            1000 |    2 | tier 3: 2 = 0.01
            101  |   -2 | tier 1: -1 = -0.1, tier 2: -1 = -0.05
            """)
    void eachTierPricesOnlyTheUnitsInsideIt(BigDecimal carried, BigDecimal used, String expected) {
        assertThat(show(Rating.rate(CALLS, carried, used, carried.add(used)))).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{1} of {2}")
    @CsvSource(delimiter = '|', textBlock = """
            0  | 100 | 100 | tier 1: 100 = 10
            0  | 100 | 101 | tier 2: 100 = 5
            99 |   2 | 101 | tier 2: 2 = 0.1
            """)
    void aVolumePriceHasOneTierForTheWholeMonth(
            BigDecimal carried, BigDecimal used, BigDecimal total, String expected) {
        assertThat(show(Rating.rate(VOLUME, carried, used, total))).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{1} after {0}")
    @CsvSource(delimiter = '|', textBlock = """
            0    |    1 | tier 1: 1 = 2.5
            0    | 1000 | tier 1: 1000 = 2.5
            0    | 1001 | tier 1: 1001 = 5
            1    |  999 | tier 1: 999 = 0
            1000 |    1 | tier 1: 1 = 2.5
            1001 |   -1 | tier 1: -1 = -2.5
            """)
    void aPackageThatIsBegunIsPaidWhole(BigDecimal carried, BigDecimal used, String expected) {
        assertThat(show(Rating.rate(PACKAGE, carried, used, carried.add(used)))).isEqualTo(expected);
    }

    @TestFactory
    Stream<DynamicTest> ratingInTwoHalvesEqualsRatingAtOnce() {
        return forAll(random -> {
            var price = Stream.of(AUDIO, CALLS, PACKAGE).toList().get(random.nextInt(3));
            var first = BigDecimal.valueOf(random.nextLong(0, 3_000_000), 3);
            var second = BigDecimal.valueOf(random.nextLong(0, 3_000_000), 3);
            var whole = first.add(second);
            var parts = Stream.concat(
                            Rating.rate(price, BigDecimal.ZERO, first, whole).stream(),
                            Rating.rate(price, first, second, whole).stream())
                    .toList();
            assertThat(sum(parts)).isEqualByComparingTo(sum(Rating.rate(price, BigDecimal.ZERO, whole, whole)));
            assertThat(parts.stream().map(RatedPart::quantity).reduce(BigDecimal.ZERO, BigDecimal::add))
                    .isEqualByComparingTo(whole);
        });
    }

    @TestFactory
    Stream<DynamicTest> takingBackCostsWhatItCost() {
        return forAll(random -> {
            var price = Stream.of(AUDIO, CALLS, PACKAGE).toList().get(random.nextInt(3));
            var before = BigDecimal.valueOf(random.nextLong(0, 3_000_000), 3);
            var used = BigDecimal.valueOf(random.nextLong(0, 3_000_000), 3);
            var after = before.add(used);
            assertThat(sum(Rating.rate(price, before, used, after))
                            .add(sum(Rating.rate(price, after, used.negate(), before))))
                    .isEqualByComparingTo(BigDecimal.ZERO);
        });
    }

    private static BigDecimal sum(List<RatedPart> parts) {
        return parts.stream().map(RatedPart::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
    }
}
