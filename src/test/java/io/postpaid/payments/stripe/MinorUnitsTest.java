package io.postpaid.payments.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MinorUnitsTest {

    @ParameterizedTest
    @CsvSource({
        "12.34,USD,1234",
        "12,USD,1200",
        "1200,JPY,1200",
        "500,ISK,50000",
        "500,UGX,50000",
        "1.230,KWD,1230",
        "175,HUF,17500",
        "1000,MGA,1000"
    })
    void amountsAreCountedAsStripeCountsThem(BigDecimal amount, String currency, long minor) {
        assertThat(MinorUnits.of(amount, currency)).isEqualTo(minor);
        assertThat(MinorUnits.toAmount(minor, currency)).isEqualByComparingTo(amount);
    }

    @ParameterizedTest
    @CsvSource({"12.345,USD", "0.5,JPY", "1.234,KWD"})
    void aFractionThatCannotBeChargedIsRefused(BigDecimal amount, String currency) {
        assertThatThrownBy(() -> MinorUnits.of(amount, currency)).isInstanceOf(ArithmeticException.class);
    }
}
