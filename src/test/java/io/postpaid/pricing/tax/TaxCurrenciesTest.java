package io.postpaid.pricing.tax;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.platform.money.Currencies;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaxCurrenciesTest {
    @ParameterizedTest
    @CsvSource({
        "FI, EUR", "DE, EUR", "FR, EUR", "BG, EUR", "HR, EUR", "GR, EUR", "SE, SEK", "PL, PLN", "DK, DKK", "CZ, CZK",
        "HU, HUF", "RO, RON", "GB, GBP", "CH, CHF", "NO, NOK", "US,", "CA,", "EL,", "'',"
    })
    void aCountryWantsItsTaxInItsCurrency(String country, String currency) {
        assertThat(TaxCurrencies.of(country)).isEqualTo(Optional.ofNullable(currency));
    }

    @Test
    void everyCountryOfTheUnionHasOne() {
        assertThat(ReverseCharge.EU)
                .hasSize(27)
                .allSatisfy(country -> assertThat(TaxCurrencies.of(country).flatMap(Currencies::find))
                        .isPresent());
    }
}
