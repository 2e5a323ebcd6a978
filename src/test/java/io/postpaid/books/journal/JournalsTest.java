package io.postpaid.books.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.pricing.exchange.ExchangeTable;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class JournalsTest {
    private static final String OCTOBER = """
            2026-10-05 usage UNBILLED_RECEIVABLES REVENUE/audio 10.004 USD
            2026-10-06 usage UNBILLED_RECEIVABLES REVENUE/image 5.003 USD
            2026-10-06 credit-used PROMOTIONAL_CREDIT UNBILLED_RECEIVABLES 2.0049 USD
            """;
    private static final String NOVEMBER = """
            2026-11-01 invoice RECEIVABLES UNBILLED_RECEIVABLES 13.0021 USD
            2026-11-01 invoice ROUNDING RECEIVABLES 0.0021 USD
            2026-11-01 invoice RECEIVABLES TAX_PAYABLE/FI/25.5/VAT 3.32 USD
            2026-11-03 payment PROVIDER_CLEARING RECEIVABLES 16.32 USD
            """;

    @Test
    void aMonthIsWrittenInAmountsThatCanBeBooked() {
        var ledger = new PlantedLedger().with(OCTOBER + NOVEMBER);
        var october = ledger.write("2026-10");
        // 10.004 + 5.003 are 15.01, and 15.007 less 2.0049 are 13.00: what rounding leaves stands by itself.
        assertThat(ledger.lines(october))
                .containsExactly(
                        "1/credit-used PROMOTIONAL_CREDIT 2.00 USD",
                        "1/credit-used UNBILLED_RECEIVABLES -2.00 USD",
                        "2/rounding ROUNDING 0.01 USD",
                        "2/rounding UNBILLED_RECEIVABLES -0.01 USD",
                        "3/usage UNBILLED_RECEIVABLES 15.01 USD",
                        "3/usage REVENUE/audio -10.00 USD",
                        "3/usage REVENUE/image -5.00 USD",
                        "3/usage ROUNDING -0.01 USD");
        assertThat(october.sums()).isEqualTo(new TreeMap<>(Map.of("USD", new BigDecimal("17.02"))));
        assertThat(october.entries()).isEqualTo(3);
        assertThat(ledger.lines(ledger.write("2026-11")))
                .containsExactly(
                        "1/invoice RECEIVABLES 16.32 USD",
                        "1/invoice TAX_PAYABLE/FI/25.5 -3.32 USD",
                        "1/invoice UNBILLED_RECEIVABLES -13.00 USD",
                        "2/payment PROVIDER_CLEARING 16.32 USD",
                        "2/payment RECEIVABLES -16.32 USD");
    }

    @Test
    void closingAgainWritesWhatHasChanged() {
        var ledger = new PlantedLedger().with(OCTOBER);
        ledger.write("2026-10");
        var same = ledger.write("2026-10");
        assertThat(same.version()).isEqualTo(2);
        assertThat(ledger.lines(same)).isEmpty();
        ledger.with("2026-10-31 fee PROVIDER_FEES PROVIDER_CLEARING 0.30 USD")
                .with("2026-10-31 usage UNBILLED_RECEIVABLES REVENUE/audio 0.003 USD");
        assertThat(ledger.lines(ledger.write("2026-10")))
                .containsExactly(
                        "1/fee PROVIDER_FEES 0.30 USD",
                        "1/fee PROVIDER_CLEARING -0.30 USD",
                        "2/rounding UNBILLED_RECEIVABLES 0.01 USD",
                        "2/rounding ROUNDING -0.01 USD",
                        "3/usage ROUNDING 0.01 USD",
                        "3/usage REVENUE/audio -0.01 USD");
        assertThat(ledger.journals().of(BillingPeriod.parse("2026-10")))
                .extracting(Journal::version)
                .containsExactly(1, 2, 3);
    }

    @Test
    void severalMonthsMayBeOpenedAgain() {
        var ledger = new PlantedLedger().with(OCTOBER + NOVEMBER);
        ledger.write("2026-10");
        ledger.write("2026-11");
        ledger.with("2026-10-31 fee PROVIDER_FEES PROVIDER_CLEARING 0.30 USD")
                .with("2026-11-30 fee PROVIDER_FEES PROVIDER_CLEARING 0.70 USD");
        assertThat(ledger.lines(ledger.write("2026-10")))
                .containsExactly("1/fee PROVIDER_FEES 0.30 USD", "1/fee PROVIDER_CLEARING -0.30 USD");
        assertThat(ledger.lines(ledger.write("2026-11")))
                .containsExactly("1/fee PROVIDER_FEES 0.70 USD", "1/fee PROVIDER_CLEARING -0.70 USD");
        assertThat(ledger.lines(ledger.write("2026-12"))).isEmpty();
    }

    @Test
    void theCurrencyOfTheBooksStays() {
        var ledger = new PlantedLedger().with(OCTOBER);
        ledger.write("2026-11");
        ledger.inBooksOf("EUR");
        assertThatThrownBy(() -> ledger.write("2026-12"))
                .hasMessage(
                        "The books are kept in each currency by itself since their first journal: set POSTPAID_BOOK_CURRENCY to nothing, as it was for 2026-11");
        assertThatThrownBy(() -> new BookCurrency("EURO"))
                .hasMessage("POSTPAID_BOOK_CURRENCY is 'EURO': it must be a currency such as EUR, or empty");
    }

    @Test
    void currenciesRoundToTheirOwnDecimals() {
        var ledger = new PlantedLedger().with("""
                2026-10-05 usage UNBILLED_RECEIVABLES REVENUE/a 10.5 JPY
                2026-10-05 usage UNBILLED_RECEIVABLES REVENUE/a 1.2345 KWD
                """);
        assertThat(ledger.lines(ledger.write("2026-10")))
                .containsExactly(
                        "1/usage UNBILLED_RECEIVABLES 11 JPY",
                        "1/usage REVENUE/a -11 JPY",
                        "2/usage UNBILLED_RECEIVABLES 1.235 KWD",
                        "2/usage REVENUE/a -1.235 KWD");
    }

    /**
     * USD 100 are worth 80.00 EUR when used, at 1.25. At the month's end a dollar has 1.20 a euro: 83.33 EUR. The invoice of
     * November is of 1.20, and the payment of 50.00 at 1.10 is worth 45.45: what is owed, 50.00, is 50.00 EUR at 1.00.
     */
    @Test
    void foreignCurrencyIsTranslatedAndMeasuredAgain() {
        var ledger = new PlantedLedger().inBooksOf("EUR").rates("""
                        2026-10-02 USD 1.25
                        2026-10-30 USD 1.20
                        2026-11-13 USD 1.10
                        2026-11-27 USD 1.00
                        """).with("""
                        2026-10-05 usage UNBILLED_RECEIVABLES REVENUE/a 100 USD
                        2026-10-05 usage UNBILLED_RECEIVABLES REVENUE/a 7 EUR
                        2026-11-01 invoice RECEIVABLES UNBILLED_RECEIVABLES 100 USD
                        2026-11-14 payment BANK RECEIVABLES 50 USD
                        """);
        var october = ledger.write("2026-10");
        assertThat(ledger.lines(october))
                .containsExactly(
                        "1/exchange UNBILLED_RECEIVABLES 0 USD = 3.33",
                        "1/exchange FOREIGN_EXCHANGE 0 USD = -3.33",
                        "2/usage UNBILLED_RECEIVABLES 7.00 EUR",
                        "2/usage REVENUE/a -7.00 EUR",
                        "3/usage UNBILLED_RECEIVABLES 100.00 USD = 80.00",
                        "3/usage REVENUE/a -100.00 USD = -80.00");
        assertThat(october.sums().toString()).isEqualTo("{EUR=90.33}");
        // Unbilled: 80.00 + 3.33 - 83.33 = 0. Receivables: 83.33 - 45.45 + 12.12 = 50.00. Bank: 45.45 + 4.55 = 50.00.
        assertThat(ledger.lines(ledger.write("2026-11")))
                .containsExactly(
                        "1/exchange BANK 0 USD = 4.55",
                        "1/exchange RECEIVABLES 0 USD = 12.12",
                        "1/exchange FOREIGN_EXCHANGE 0 USD = -16.67",
                        "2/invoice RECEIVABLES 100.00 USD = 83.33",
                        "2/invoice UNBILLED_RECEIVABLES -100.00 USD = -83.33",
                        "3/payment BANK 50.00 USD = 45.45",
                        "3/payment RECEIVABLES -50.00 USD = -45.45");
    }

    /** Taxes are converted in Java, journals in SQL. */
    @Test
    void ratesAreThoseOfTaxes() {
        var ledger = new PlantedLedger();
        var random = new Random(35);
        var rates = new StringBuilder();
        var perEuro = new TreeMap<LocalDate, Map<String, BigDecimal>>();
        var first = LocalDate.parse("2026-01-01");
        for (int day = 0; day < 120; day++) {
            for (var currency : List.of("USD", "SEK")) {
                if (random.nextInt(3) > 0) continue;
                var rate = BigDecimal.valueOf(1 + random.nextInt(200_000), 4);
                rates.append(first.plusDays(day) + " " + currency + " " + rate + "\n");
                perEuro.computeIfAbsent(first.plusDays(day), unused -> new TreeMap<>())
                        .put(currency, rate);
            }
        }
        ledger.rates(rates.toString());
        var table = new ExchangeTable(perEuro);
        for (int day = 0; day < 130; day++) {
            for (var pair : List.of("USD EUR", "EUR SEK", "USD SEK")) {
                var on = first.plusDays(day);
                var currencies = pair.split(" ");
                var found = ledger.jdbc
                        .sql("select from_per_euro || '/' || to_per_euro from exchange_of(:from, :to, :on)")
                        .param("from", currencies[0])
                        .param("to", currencies[1])
                        .param("on", on)
                        .query(String.class)
                        .optional();
                assertThat(found)
                        .as(pair + " " + on)
                        .isEqualTo(table.between(currencies[0], currencies[1], on)
                                .map(rate -> rate.fromPerEuro() + "/" + rate.toPerEuro()));
            }
        }
    }

    @Test
    void missingRatesAreListed() {
        var ledger = new PlantedLedger().inBooksOf("SEK").rates("""
                        2026-10-02 USD 1.25
                        2026-10-02 SEK 11
                        2026-10-30 SEK 11
                        """).with("""
                        2026-10-09 usage UNBILLED_RECEIVABLES REVENUE/a 100 USD
                        2026-10-10 payment BANK CUSTOMER_BALANCES 100 USD
                        2026-10-12 payment BANK CUSTOMER_BALANCES 100 USD
                        2026-10-30 payment BANK CUSTOMER_BALANCES 5 EUR
                        """);
        assertThat(ledger.journals().missingRates(BillingPeriod.parse("2026-10")))
                .singleElement()
                .satisfies(missing -> {
                    assertThat(missing.days()).isEqualTo(3);
                    assertThat(missing.sentence())
                            .isEqualTo(
                                    "There is no rate from USD to SEK of the week up to any of 3 days from 2026-10-10 to 2026-10-31: ./postpaid rates import a file of the European Central Bank with USD and SEK");
                });
        assertThatThrownBy(() -> ledger.write("2026-10")).hasMessageStartingWith("There is no rate from USD to SEK");
        assertThat(ledger.journals().all()).isEmpty();
    }
}
