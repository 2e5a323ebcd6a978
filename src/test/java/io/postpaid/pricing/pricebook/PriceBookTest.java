package io.postpaid.pricing.pricebook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@NullUnmarked
class PriceBookTest {
    private static final PriceBook BOOK = new PriceBook(
            List.of(new Product("audio", "second", new BigDecimal("60"), "minute", true, "standard")),
            List.of(
                    price(1, null, "USD", "2026-01-01"),
                    price(2, null, "USD", "2026-10-15"),
                    price(3, null, "EUR", "2026-01-01"),
                    price(4, "acme", "USD", "2026-09-01"),
                    price(5, "acme", "USD", "2026-11-01")));

    private static Price price(long id, String account, String currency, String from) {
        return new Price(
                id,
                "audio",
                account,
                currency,
                LocalDate.parse(from),
                PriceModel.PER_UNIT,
                new BigDecimal("60"),
                List.of(new Tier(1, null, new BigDecimal("0.0639"))));
    }

    @ParameterizedTest(name = "{0} {1} {2} on {3}")
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            account | currency | product | day        | price
            other   | USD      | audio   | 2025-12-31 | none
            other   | USD      | audio   | 2026-01-01 | 1
            other   | USD      | audio   | 2026-10-14 | 1
            other   | USD      | audio   | 2026-10-15 | 2
            other   | USD      | audio   | 2030-01-01 | 2
            other   | EUR      | audio   | 2026-10-15 | 3
            other   | GBP      | audio   | 2026-10-15 | none
            other   | USD      | video   | 2026-10-15 | none
            acme    | USD      | audio   | 2026-08-31 | 1
            acme    | USD      | audio   | 2026-09-01 | 4
            acme    | USD      | audio   | 2026-10-15 | 4
            acme    | USD      | audio   | 2026-11-01 | 5
            acme    | EUR      | audio   | 2026-11-01 | 3
            """)
    void theAccountsOwnPriceWinsFromItsFirstDay(
            String account, String currency, String product, LocalDate day, String price) {
        assertThat(BOOK.priceInForce(account, currency, product, day)
                        .map(Price::id)
                        .map(String::valueOf)
                        .orElse("none"))
                .isEqualTo(price);
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', textBlock = """
            PER_UNIT  | 1:            | fine
            PER_UNIT  | 1:100 2:      | has tiers, which a price per_unit cannot have
            PACKAGE   | 1:100 2:      | has tiers, which a price package cannot have
            GRADUATED | 1:100 2:      | fine
            VOLUME    | 1:            | fine
            GRADUATED | ''            | has no tier
            GRADUATED | 2:            | has tier 2 in place 1
            GRADUATED | 1:100         | must be open in its last tier only
            GRADUATED | 1: 2:         | must be open in its last tier only
            GRADUATED | 1:5 2:5 3:    | has tiers that do not ascend
            """)
    void aPriceValidatesItself(PriceModel model, String tiers, String outcome) {
        var parsed = Arrays.stream(tiers.split(" "))
                .filter(tier -> !tier.isEmpty())
                .map(tier -> tier.split(":"))
                .map(tier -> new Tier(
                        Integer.parseInt(tier[0]), tier.length == 1 ? null : new BigDecimal(tier[1]), BigDecimal.ONE))
                .toList();
        try {
            new Price(1, "audio", null, "USD", LocalDate.EPOCH, model, BigDecimal.ONE, parsed);
            assertThat(outcome).isEqualTo("fine");
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessage("The price of audio " + outcome);
        }
    }

    @Test
    void twoVersionsOfOneDayAreRefused() {
        assertThatThrownBy(() -> new PriceBook(
                        List.of(), List.of(price(1, null, "USD", "2026-01-01"), price(2, null, "USD", "2026-01-01"))))
                .hasMessage("There is twice the price of audio in USD from 2026-01-01");
    }
}
